// A server with a web configuration file that can change while it runs.
import { mkdtempSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { startServer } from '../../src/http/server.js'
import { get, type Asked, type Reply } from '../support/https.js'
import { temporaryFolder } from '../support/tree.js'

export interface Logged {
  readonly level: string
  readonly message: string
  readonly reason: string | undefined
}

export interface Secured {
  readonly url: string
  readonly logged: readonly Logged[]
  /** Number of reloads that failed. */
  readonly failures: () => number
  /** `get` from this server. */
  readonly ask: (path: string, asked?: Asked) => Promise<Reply>
  /** Replaces a file atomically. */
  readonly replace: (name: string, text: string) => void
  readonly close: () => Promise<void>
}

/** For the top of a test file: starts servers, each with its files in a folder of its own and configured by `web.yml`. */
export function securedServers(): (files: Readonly<Record<string, string>>) => Promise<Secured> {
  const folder = temporaryFolder()
  return async (files) => {
    const dir = mkdtempSync(join(folder, 'web-'))
    const replace = (name: string, text: string): void => {
      writeFileSync(join(dir, `${name}.new`), text)
      renameSync(join(dir, `${name}.new`), join(dir, name))
    }
    for (const [name, text] of Object.entries(files)) replace(name, text)
    const logged: Logged[] = []
    const write =
      (level: string) =>
      ({ reason }: { reason?: string }, message: string) =>
        void logged.push({ level, message, reason })
    let failures = 0
    const server = await startServer({
      listen: [{ host: '127.0.0.1', port: 0 }],
      telemetryPath: '/metrics',
      pages: {
        scrape: () => Promise.resolve({ contentType: 'text/plain', body: Buffer.from('a 1\n'), sent: () => undefined }),
        ready: () => true,
        landing: () => Promise.resolve('<!doctype html>'),
        summary: () => Promise.resolve('{}'),
      },
      log: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
      webConfig: { file: join(dir, 'web.yml'), failed: () => (failures += 1) },
    })
    onTestFinished(() => server.close())
    const url = server.addresses[0]!
    const ask = (path: string, asked?: Asked): Promise<Reply> => get(url + path, asked)
    return { url, logged, failures: () => failures, ask, replace, close: () => server.close() }
  }
}

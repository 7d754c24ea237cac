// The real program in this process: real files, the real store, the compiled worker, a server on a free port. Unless flags
// say otherwise, it runs a pass only when a test asks for one. It is stopped at the end of the test that started it.
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import type { AppOptions } from '../../src/app/app-options.js'
import { createApp, type App } from '../../src/app/app.js'
import { loadConfig, type Config } from '../../src/config/config.js'
import type { StoreMachine } from '../../src/app/persistence.js'
import { samples, sumOf, type Sample } from '../support/exposition.js'
import { line, lines } from '../support/line.js'
import { poolOf } from '../support/pool.js'
import { plant, temporaryFolder, type Files } from '../support/tree.js'

export const NOW_MS = Date.parse('2026-11-22T12:00:00Z')

export interface Home {
  readonly dir: string
  /** Contains `projects/`. */
  readonly configDir: string
  /** Created by the program. */
  readonly stateDir: string
}

/** For the top of a test file: creates homes with these files as logs. */
export function homes(): (files?: Files) => Home {
  const folder = temporaryFolder()
  return (files = {}) => {
    const dir = mkdtempSync(join(folder, 'home-'))
    return { dir, configDir: plant(join(dir, 'config'), files), stateDir: join(dir, 'state') }
  }
}

export interface Complaint {
  readonly level: 'warn' | 'error'
  readonly message: string
  readonly fields: Readonly<Record<string, unknown>>
}

export interface Running {
  readonly app: App
  /** For example `http://127.0.0.1:40123`. */
  readonly url: string
  /** Logged warnings and errors, in order. */
  readonly complaints: readonly Complaint[]
  /** Our samples from `/metrics`, without those of the process. */
  readonly scrape: () => Promise<readonly Sample[]>
  /** Sends a request to `/metrics`. */
  readonly request: (init: RequestInit) => Promise<Response>
}

export interface RunningOptions {
  readonly now?: () => number
  readonly monotonic?: () => number
  readonly workerFile?: string
  readonly version?: string
  readonly env?: NodeJS.ProcessEnv
  readonly storeMachine?: StoreMachine
  readonly sources?: AppOptions['sources']
}

/** Starts the program and waits for its first pass. */
export async function running(
  home: Home,
  flags: readonly string[] = [],
  { workerFile, sources, env, ...options }: RunningOptions = {},
): Promise<Running> {
  const own = [
    '--web.listen-address=127.0.0.1:0',
    '--watch.mode=off',
    '--watch.sweep-interval=24h',
    '--parser.workers=0',
  ]
  const directories = [`--claude.config-dir=${home.configDir}`, `--state.dir=${home.stateDir}`]
  const load = (): Config => loadConfig([...directories, ...own, ...flags], { HOME: home.dir, ...env })
  const complaints: Complaint[] = []
  const complain = (level: Complaint['level']) => (fields: object, message: string) =>
    void complaints.push({ level, message, fields: fields as Complaint['fields'] })
  let url = ''
  const log = {
    debug: () => undefined,
    info: (fields: { url?: string }) => void (url = fields.url ?? url),
    warn: complain('warn'),
    error: complain('error'),
  }
  const config = load()
  const pool = poolOf(config.workers, workerFile)
  const app = await createApp(config, {
    version: '0',
    log,
    loadConfig: load,
    now: () => NOW_MS,
    pool,
    ...(sources && { sources }),
    ...options,
  })
  onTestFinished(() => app.stop())
  await app.serve()
  const request = (init: RequestInit): Promise<Response> => fetch(`${url}/metrics`, init)
  return {
    app,
    url,
    complaints,
    request,
    async scrape() {
      const response = await request({})
      expect(response.status).toBe(200)
      const text = await response.text()
      return samples(
        text
          .split('\n')
          .filter((one) => one.startsWith('agent_usage_'))
          .join('\n'),
      )
    },
  }
}

/** A transcript of responses of Opus 4.8 with 1,170 tokens each, in the directory `cwd`. */
export function transcript(cwd: string, ...ids: readonly string[]): string {
  return lines(...ids.map((id) => line(`msg_${id}/r${id} o48 10/160/0/0/1000`, { line: { cwd } })))
}

/** Cost of one response of `transcript` in dollars. */
export const COST_OF_ONE = 0.00455

export const requests = (all: readonly Sample[], labels: Readonly<Record<string, string>> = {}): number =>
  sumOf(all, 'agent_usage_requests_total', labels)

/** Usage counters by series, without the exporter's own counters. */
export function usageCounters(all: readonly Sample[]): Record<string, number> {
  const counters = all.filter(({ name }) => /^agent_usage_(?!exporter_).*_total$/.test(name))
  return Object.fromEntries(
    counters.map(({ name, labels, value }) => [`${name}${JSON.stringify(labels)}`, value] as const),
  )
}

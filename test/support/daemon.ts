// A third-party server on a port chosen by the system, for the duration of a test. If it is missing, the test is skipped with a
// message, as for a missing tool; in CI it fails.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { onTestFinished, type TestContext } from 'vitest'
import { found } from './tool.js'

/** Log lines with the address, of Prometheus, Alertmanager, the Collector's OTLP receiver and VictoriaMetrics. */
const LISTENS =
  /(?:msg="Listening on".* address=|Starting HTTP server\t.*"endpoint": "|started server at http:\/\/)(127\.0\.0\.1:\d+)/

/**
 * Starts the first of `names` that is installed, for the duration of the test.
 * @param args must make it listen on 127.0.0.1:0
 * @param env added to the environment
 * @returns its URL from the log, without a trailing slash
 */
export async function daemon(
  context: TestContext,
  names: readonly [string, ...string[]],
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const child = spawn(found(context, names), args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...env },
  })
  const gone = once(child, 'close')
  onTestFinished(async () => {
    child.kill()
    await gone
  })
  const said: string[] = []
  for await (const line of createInterface({ input: child.stderr })) {
    said.push(line)
    const address = LISTENS.exec(line)?.[1]
    if (address === undefined) continue
    // Later output is ignored, but has to be read.
    child.stderr.resume()
    return `http://${address}`
  }
  throw new Error(`${names[0]} ended before it listened:\n${said.join('\n')}`)
}

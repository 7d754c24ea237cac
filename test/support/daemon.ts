// A server of somebody else on a port that the system chose, for as long as a test runs. Without CI a missing one is
// said aloud and the test is skipped, like a missing tool.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { onTestFinished, type TestContext } from 'vitest'
import { found } from './tool.js'

/** As Prometheus and Alertmanager say it, the Collector of its OTLP receiver, and VictoriaMetrics. */
const LISTENS =
  /(?:msg="Listening on".* address=|Starting HTTP server\t.*"endpoint": "|started server at http:\/\/)(127\.0\.0\.1:\d+)/

/**
 * Starts the first of `names` that is there, and stops it when the test is done.
 * @param args must make it listen on 127.0.0.1:0
 * @param env added to the environment
 * @returns its URL without a slash at the end, as its log tells it
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
    // What it says from now on is for nobody, but must go somewhere.
    child.stderr.resume()
    return `http://${address}`
  }
  throw new Error(`${names[0]} ended before it listened:\n${said.join('\n')}`)
}

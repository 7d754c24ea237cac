// Shared by commands that only read: reads the state beside the exporter that writes it, reads the logs to their end,
// and writes nothing.
import type { Config } from '../config/config.js'
import type { App } from './app.js'
import { launch } from './launch.js'
import { stopOnSignal } from './signals.js'

/**
 * Hands over the app once it knows all that there is to know, and stops it when `use` is done, or aborts it when a signal comes.
 * Answers the exit code: that of `use`, or 1 where a signal came first. Its log keeps to what went wrong, unless another level was asked for.
 * @throws StateError
 */
export async function look(
  config: Config,
  loadConfig: () => Config,
  use: (app: App, signal: AbortSignal) => Promise<number>,
): Promise<number> {
  const quiet = (read: Config): Config => ({ ...read, logLevel: read.logLevel === 'info' ? 'warn' : read.logLevel })
  const { app } = await launch(quiet(config), () => quiet(loadConfig()), true)
  const abort = new AbortController()
  const stopped = (): void => {
    abort.abort()
  }
  // The rejection is not lost: `app.stop` below rejects with the same error.
  stopOnSignal(app, ['SIGTERM', 'SIGINT', 'SIGHUP']).then(stopped, stopped)
  try {
    const { aborted } = await app.pass()
    return aborted ? 1 : await use(app, abort.signal)
  } finally {
    await app.stop()
  }
}

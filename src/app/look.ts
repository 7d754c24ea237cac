// Runs a command that only reads: loads the state, also while an exporter uses it, reads the logs to their end, and
// writes nothing.
import type { Config } from '../config/config.js'
import type { App } from './app.js'
import { launch } from './launch.js'
import { stopOnSignal } from './signals.js'

/**
 * Calls `use` with the app after a complete pass, and stops the app afterwards. A signal aborts it. Resolves with the
 * exit code of `use`, or with 1 if a signal arrived before. Logs at level `warn` unless the user chose another level
 * than `info`.
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

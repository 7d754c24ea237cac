// The commands `serve` and `demo`: run until a signal comes.
import type { Config } from '../config/config.js'
import { keepHeapSmall } from '../process/v8-flags.js'
import { launch } from './launch.js'
import { reloadOnHangUp, stopOnSignal } from './signals.js'

/** Resolves with the exit code. @param loadConfig reloads the configuration */
export async function serve(config: Config, loadConfig: () => Config): Promise<number> {
  keepHeapSmall()
  const { app, demo } = await launch(config, loadConfig)
  const stopped = stopOnSignal(app, ['SIGTERM', 'SIGINT'])
  // Awaited below; until then nothing observes a rejection.
  stopped.catch(() => undefined)
  reloadOnHangUp(app)
  const served = async (): Promise<void> => {
    // Nothing is made up for a port that is taken.
    await app.serve(() => demo?.plant() ?? Promise.resolve())
    demo?.keepGrowing()
  }
  try {
    await Promise.race([served(), stopped])
  } catch (error) {
    await app.stop()
    throw error
  }
  await stopped
  return 0
}

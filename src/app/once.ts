// The command `once`: makes one pass, pushes the metrics if configured, prints them or writes them to a file, and ends.
import type { Config } from '../config/config.js'
import { launch } from './launch.js'
import { stopOnSignal } from './signals.js'

/** Resolves with the exit code. */
export async function once(config: Config, loadConfig: () => Config): Promise<number> {
  const { output } = config
  if (output !== undefined) await (await import('./output-file.js')).checkOutput(output)
  const { app } = await launch(config, loadConfig)
  // The rejection is not lost: `app.stop` below rejects with the same error.
  stopOnSignal(app, ['SIGTERM', 'SIGINT', 'SIGHUP']).catch(() => undefined)
  try {
    // Loaded while logs are read.
    const [{ aborted }, { print, writeOutput }] = await Promise.all([app.pass(), import('./output-file.js')])
    if (aborted) return 1
    const accepted = await app.push()
    const scrape = await app.scrape('text')
    if (output === undefined) await print(scrape.body)
    else {
      await writeOutput(output, scrape.body)
      scrape.sent()
    }
    return accepted ? 0 : 1
  } finally {
    await app.stop()
  }
}

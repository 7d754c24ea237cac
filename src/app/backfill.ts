// The command `backfill`: computes earlier values of the counters, and writes them to files for a database or pushes
// them.
import type { Config } from '../config/config.js'
import { writeBackfill } from './backfill-files.js'
import { look } from './look.js'

/** Resolves with the exit code. */
export function backfill(config: Config, loadConfig: () => Config): Promise<number> {
  return look(config, loadConfig, async (app, signal) => {
    const nowMs = Date.now()
    if (config.backfillPush) {
      const { pushBackfill } = await import('./backfill-push.js')
      return pushBackfill(app, { config, nowMs, signal })
    }
    return writeBackfill(app, { config, nowMs, signal })
  })
}

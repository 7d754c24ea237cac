// Schedules passes: full ones and those over changed paths run independently, so that an appended line does not wait
// until 20,000 files have been checked. Both write to one state, a batch and its cursors at a time; what both read
// counts once.
import { createSingleFlight } from './single-flight.js'
import type { PassReport, RunPass } from './pass-report.js'

export interface PassLoop {
  /** Requests a full pass. Resolves when one that began after this call has ended. */
  requestAll(): Promise<PassReport>
  /**
   * Requests a pass over a changed path. Before the end of the first full pass it requests a full one, so that no
   * partial history is shown.
   */
  request(path: string): Promise<PassReport>
  /** Resolves when no pass is running; none runs after this. */
  stop(): Promise<void>
}

export function createLoop(runPass: RunPass, failed: (error: unknown) => void): PassLoop {
  let paths = new Set<string>()
  let looked = false
  const everything = createSingleFlight(async () => {
    const report = await runPass('everything')
    looked = true
    return report
  }, failed)
  const changes = createSingleFlight(() => {
    const scope = paths
    paths = new Set()
    return runPass(scope)
  }, failed)
  return {
    requestAll: () => everything.ask(),
    request(path) {
      if (!looked) return everything.ask()
      paths.add(path)
      return changes.ask()
    },
    async stop() {
      await Promise.all([everything.stop(), changes.stop()])
    },
  }
}

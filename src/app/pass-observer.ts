// Turns what passes do into telemetry, log lines and the progress bar.
import type { State } from '../core/state.js'
import type { PassEvents, PassReport, RunPass } from '../ingest/pass-report.js'
import type { Telemetry } from '../metrics/telemetry.js'
import { moment, type Clock } from '../process/clock.js'
import type { Log } from '../process/log.js'
import type { Progress } from '../process/progress.js'
import { isUp } from './access.js'
import type { Condition } from './condition.js'
import type { PassLog } from './pass-log.js'

/** A file written within this time may soon be written again. */
const ACTIVE_MS = 60_000

export interface PassObserver {
  readonly events: PassEvents
  /** The same passes, each reported when it ends. */
  observe(runPass: RunPass): RunPass
}

export interface PassObserverOptions {
  readonly backend: string
  readonly clock: Clock
  readonly condition: Condition
  readonly state: State
  /** Whether a pass was complete, so that there is something to show. */
  readonly complete: () => boolean
  readonly telemetry: Telemetry
  readonly log: Log
  readonly passLog: PassLog
  readonly progress: Progress | undefined
  /** Scrapes are to be expected after a long read. */
  readonly expectScrapes: () => void
  /** A file was written a moment ago. */
  readonly written: (path: string) => void
}

export function createPassObserver(options: PassObserverOptions): PassObserver {
  const { state, backend, clock, condition, complete, telemetry, log, passLog, progress } = options
  let progressing = false
  /** When the last full pass began, by the monotonic clock. Lags are not observed before one has ended. */
  let lookedMs: number | undefined

  function ended(report: PassReport, startMs: number): void {
    telemetry.pass({
      seconds: report.milliseconds / 1000,
      full: report.full,
      lookups: report.files,
      hits: report.unchanged,
      oldestMtimeMs: report.oldestMtimeMs,
      ended: moment(clock),
    })
    condition.passed(report)
    if (report.full) {
      lookedMs = startMs
      const roots = condition.roots()
      const unread = [...report.unread.files.values()]
      for (const agent of condition.agents())
        telemetry.access(agent, isUp(agent, roots), unread.filter((each) => each === agent).length)
      passLog.accessed(roots, condition.counted)
    }
    passLog.passed(report, state.ledger.count)
  }

  return {
    events: {
      rootsResolved: passLog.rooted,
      workPlanned(plan, workers) {
        if (complete() || plan.bytes === 0) return
        options.expectScrapes()
        passLog.first(plan, { decoder: backend, workers })
        progressing = true
        progress?.start(plan.bytes, plan.found - plan.unchanged)
      },
      read(files, bytes) {
        telemetry.read(files)
        if (!complete()) progress?.advance(bytes)
      },
      duplicates: (count) => telemetry.duplicates(count),
      replaced: (path) => log.debug({ path }, 'file was replaced: rereading it from the start'),
      scanFailed(path, message) {
        telemetry.failed('scan')
        passLog.denied('scan', path, message)
      },
      readFailed(path, message) {
        // Counted as one failure for as long as it lasts; a gauge shows it.
        if (condition.unread(path)) telemetry.failed('parse')
        passLog.denied('read', path, message)
      },
      workerFailed(error) {
        telemetry.failed('worker')
        passLog.workerFailed(error)
      },
      joinFailed(paths, error) {
        telemetry.failed('parse')
        log.error({ error, paths }, 'cannot count these files: skipped until they change')
      },
      usageVisible(path, mtimeMs) {
        if (!complete() || lookedMs === undefined) return
        const ageMs = clock.now() - mtimeMs
        // A change that the last full pass did not see is no older than that pass, whatever the file's modification
        // time.
        telemetry.lag(Math.min(Math.max(0, ageMs), clock.monotonic() - lookedMs) / 1000)
        if (ageMs < ACTIVE_MS) options.written(path)
      },
    },
    observe: (runPass) => async (scope) => {
      const startMs = clock.monotonic()
      const report = await runPass(scope)
      if (progressing) progress?.stop()
      progressing = false
      if (!report.aborted) ended(report, startMs)
      return report
    },
  }
}

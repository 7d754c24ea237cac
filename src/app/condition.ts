// The condition of the exporter: what the last full pass found and could read, and what is wrong now.
import type { State } from '../core/state.js'
import type { PassReport } from '../ingest/pass-report.js'
import type { PushFailure } from '../metrics/push-telemetry.js'
import { accessTo, type RootAccess } from './access.js'
import type { LiveConfig } from './live-config.js'
import { troublesOf, type Trouble } from './troubles.js'

export interface Condition {
  /** Known log files. */
  readonly files: () => number
  /** Empty before the end of the first full pass. */
  readonly roots: () => readonly RootAccess[]
  /**
   * Agents that were asked for or once had a directory. An agent whose logs disappeared is down; one that was never
   * used is neither up nor down.
   */
  readonly agents: () => Iterable<string>
  readonly troubles: () => readonly Trouble[]
  /** A pass has ended. */
  passed(report: PassReport): void
  /** Whether any response of the agent has ever been counted. */
  readonly counted: (agent: string) => boolean
  /** A file cannot be read. Returns whether that is new: each pass tries again. */
  unread(path: string): boolean
}

export interface ConditionOptions {
  readonly state: State
  /** False while the state directory cannot be written. */
  readonly stored: () => boolean
  readonly liveConfig: Pick<LiveConfig, 'valid'>
  /** Why the last push was not accepted in full; undefined if it was, or if nothing is pushed. */
  readonly pushFailure?: (() => PushFailure | undefined) | undefined
}

export function createCondition({ state, liveConfig, stored, pushFailure }: ConditionOptions): Condition {
  let files = 0
  let roots: readonly RootAccess[] = []
  const agents = new Set<string>()
  /** Files that the last full pass could not read, and files that failed since. */
  let unread = new Set<string>()
  /** Agents that have series, of those looked at so far. */
  const counting = new Set<string>()
  let looked = 0
  function counted(agent: string): boolean {
    const { series } = state.totals
    for (; looked < series.count; looked += 1) counting.add(series.labels(looked).agent)
    return counting.has(agent)
  }
  return {
    counted,
    files: () => files,
    roots: () => roots,
    agents: () => agents,
    troubles: () =>
      troublesOf({
        roots,
        counted,
        stored: stored(),
        configured: liveConfig.valid,
        pushFailure: pushFailure?.(),
      }),
    passed(report) {
      files = report.full ? report.files : state.cursors.count
      if (!report.full) return
      roots = accessTo(report, () => state.cursors.paths())
      for (const { agent, named, access } of roots) if (named || access !== 'missing') agents.add(agent)
      unread = new Set(report.unread.files.keys())
    },
    unread(path) {
      if (unread.has(path)) return false
      unread.add(path)
      return true
    },
  }
}

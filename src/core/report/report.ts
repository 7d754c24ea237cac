// The ledger as a report: selected responses in groups, beside what the counters hold of the same series.
import { costOrigin } from '../pricing/cost-origin.js'
import type { Pricer } from '../pricing/pricing.js'
import type { State } from '../state.js'
import { matchesLabels, type Match } from '../totals/budget.js'
import { CORRECTION_REASONS, type CorrectionReason } from '../totals/corrections.js'
import { visitResponses, type CountedResponse } from '../totals/responses.js'
import type { Series } from '../totals/series.js'
import { countersOf, surplus, type Counted } from './counters.js'
import { addToGroups, createGroup, type Group, type GroupName } from './groups.js'
import { addResponse, noSums, type Sums } from './sums.js'

export interface Selection {
  readonly match: Match
  /** Responses without a time are selected only where both ends are open. Milliseconds since the epoch. */
  readonly fromMs: number
  /** Excluded. */
  readonly toMs: number
}

export interface ReportOptions {
  readonly selection: Selection
  /** What the groups of each level are called, from the outermost on. */
  readonly names: readonly ((response: Readonly<CountedResponse>) => GroupName)[]
  readonly pricer: Pricer
  /** Milliseconds since the epoch. */
  readonly nowMs: number
}

export interface Report {
  readonly all: Group
  /** Responses of the selected series that have no time. */
  readonly withoutTime: Sums
  /** What the counters hold of the selected series over all their responses, of whatever time. */
  readonly surplus: Counted
  /** How many responses were corrected since the state began, in whatever series. */
  readonly corrections: ReadonlyMap<CorrectionReason, number>
}

export function makeReport(state: State, { selection, names, pricer, nowMs }: ReportOptions): Report {
  const { totals, ledger } = state
  const chosen = chosenSeries(totals.series, selection.match)
  const all = createGroup('')
  const [withoutTime, ofAllTimes] = [noSums(), noSums()]
  const isSelected = inTime(selection)
  visitResponses(state, nowMs, (response) => {
    if (chosen[response.series] === 0) return
    const { model, modifiers, loggedNanos, timeMs } = response
    const origin = costOrigin(pricer, ledger.strings.get(model), modifiers, loggedNanos)
    addResponse(ofAllTimes, response, origin)
    if (Number.isNaN(timeMs)) addResponse(withoutTime, response, origin)
    if (isSelected(timeMs)) addToGroups(all, response, origin, names)
  })
  const corrections = CORRECTION_REASONS.map((reason) => [reason, totals.corrections.count(reason)] as const)
  return {
    all,
    withoutTime,
    surplus: surplus(countersOf(totals, chosen), ofAllTimes),
    corrections: new Map(corrections.filter(([, count]) => count > 0)),
  }
}

/**
 * How many responses are selected, and when the first and the last of those were that match at any time: milliseconds since
 * the epoch, NaN if none has a time. @param nowMs milliseconds since the epoch
 */
export function spanOf(
  state: State,
  selection: Selection,
  nowMs: number,
): { readonly selected: number; readonly firstMs: number; readonly lastMs: number } {
  const chosen = chosenSeries(state.totals.series, selection.match)
  const isSelected = inTime(selection)
  let [selected, firstMs, lastMs] = [0, Number.NaN, Number.NaN]
  visitResponses(state, nowMs, ({ series, timeMs }) => {
    if (chosen[series] === 0) return
    if (isSelected(timeMs)) selected += 1
    if (Number.isNaN(timeMs)) return
    if (!(firstMs <= timeMs)) firstMs = timeMs
    if (!(lastMs >= timeMs)) lastMs = timeMs
  })
  return { selected, firstMs, lastMs }
}

/** Of each series whether it is selected: 1 or 0. */
export function chosenSeries(series: Series, match: Match): Uint8Array {
  return Uint8Array.from({ length: series.count }, (_, row) => (matchesLabels(match, series.labels(row)) ? 1 : 0))
}

export function inTime({ fromMs, toMs }: Selection): (timeMs: number) => boolean {
  const open = fromMs === -Infinity && toMs === Infinity
  return (timeMs) => open || (timeMs >= fromMs && timeMs < toMs)
}

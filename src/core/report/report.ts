// Makes a report of the ledger: selected responses in groups, and their difference from the counters.
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
  /** Milliseconds since the epoch. Responses without a time are selected only if both ends are infinite. */
  readonly fromMs: number
  /** Exclusive. */
  readonly toMs: number
}

export interface ReportOptions {
  readonly selection: Selection
  /** By level, from the outermost: the name of a response's group. */
  readonly names: readonly ((response: Readonly<CountedResponse>) => GroupName)[]
  readonly pricer: Pricer
  /** Milliseconds since the epoch. */
  readonly nowMs: number
}

export interface Report {
  readonly all: Group
  /** Sums of the selected series' responses without a time. */
  readonly withoutTime: Sums
  /** Counters of the selected series minus all their responses, of any time. */
  readonly surplus: Counted
  /** Number of corrected responses since the state was created, in all series. Reasons with none are left out. */
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
 * The number of selected responses, and the times of the first and the last response that match at any time, in
 * milliseconds since the epoch; NaN if none has a time.
 * @param nowMs milliseconds since the epoch
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

/** By series: 1 if it is selected, otherwise 0. */
export function chosenSeries(series: Series, match: Match): Uint8Array {
  return Uint8Array.from({ length: series.count }, (_, row) => (matchesLabels(match, series.labels(row)) ? 1 : 0))
}

export function inTime({ fromMs, toMs }: Selection): (timeMs: number) => boolean {
  const open = fromMs === -Infinity && toMs === Infinity
  return (timeMs) => open || (timeMs >= fromMs && timeMs < toMs)
}

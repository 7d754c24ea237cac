// The cost of the current day, week and month, by the time of the responses: computed from the ledger, and kept until a
// booking, the clock or other periods change it.
import { PERIODS, type Period } from '../core/totals/period.js'
import type { Totals } from '../core/totals/totals.js'
import type { Span } from './calendar.js'

/** Nano-dollars by series; a series created since then is missing and has cost nothing. */
export type PeriodCosts = Readonly<Record<Period, Float64Array>>

/**
 * @param periods the same object as long as they are unchanged
 * @param now milliseconds since the epoch
 */
export function createPeriodCosts(
  totals: Totals,
  periods: () => readonly Span[],
  now: () => number,
): () => PeriodCosts {
  let spans: readonly Span[] = []
  let version = -1
  let costs: PeriodCosts | undefined
  return () => {
    const nowMs = now()
    const current = periods()
    if (costs !== undefined && spans === current && version === totals.version(nowMs)) return costs
    spans = current
    version = totals.version(nowMs)
    const sums = totals.costsOf(spans, nowMs)
    costs = Object.fromEntries(PERIODS.map((period, index) => [period, sums[index]!])) as Record<Period, Float64Array>
    return costs
  }
}

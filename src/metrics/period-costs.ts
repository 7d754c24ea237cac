// What the current day, week and month have cost, by the time of the responses: worked out from the ledger, kept until a
// booking or other periods change it.
import { PERIODS, type Period } from '../core/period.js'
import type { Totals } from '../core/totals.js'
import type { Span } from './calendar.js'

/** Nano-dollars by series; a series made since they were worked out is not in it and has cost nothing. */
export type PeriodCosts = Readonly<Record<Period, Float64Array>>

/** @param periods the same object as long as they are the same */
export function createPeriodCosts(totals: Totals, periods: () => readonly Span[]): () => PeriodCosts {
  let spans: readonly Span[] = []
  let bookings = -1
  let costs: PeriodCosts | undefined
  return () => {
    const current = periods()
    if (costs !== undefined && spans === current && bookings === totals.bookings) return costs
    spans = current
    bookings = totals.bookings
    const sums = totals.costsOf(spans)
    costs = Object.fromEntries(PERIODS.map((period, index) => [period, sums[index]!])) as Record<Period, Float64Array>
    return costs
  }
}

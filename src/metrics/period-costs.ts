// What the current day, week and month have cost, by the time of the responses: worked out from the ledger, kept until a
// booking, the clock or another calendar changes it.
import { PERIODS, type Period } from '../core/period.js'
import type { Totals } from '../core/totals.js'
import { currentPeriods, type Calendar, type Span } from './calendar.js'

/** Nano-dollars by series; a series made since they were worked out is not in it and has cost nothing. */
export type PeriodCosts = Readonly<Record<Period, Float64Array>>

export interface PeriodCostsView {
  readonly totals: Totals
  readonly calendar: () => Calendar
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

export function createPeriodCosts({ totals, calendar, now }: PeriodCostsView): () => PeriodCosts {
  let spans: readonly Span[] = []
  let inForce: Calendar | undefined
  let version = -1
  let costs: PeriodCosts | undefined
  return () => {
    const nowMs = now()
    const { timeZone, weekStart } = calendar()
    const sameDay = spans[0] !== undefined && nowMs >= spans[0].fromMs && nowMs < spans[0].toMs
    const sameCalendar = inForce?.timeZone === timeZone && inForce.weekStart === weekStart
    if (costs !== undefined && sameDay && sameCalendar && version === totals.version(nowMs)) return costs
    if (!sameDay || !sameCalendar) spans = currentPeriods(nowMs, { timeZone, weekStart })
    inForce = { timeZone, weekStart }
    version = totals.version(nowMs)
    const sums = totals.costsOf(spans, nowMs)
    costs = Object.fromEntries(PERIODS.map((period, index) => [period, sums[index]!])) as Record<Period, Float64Array>
    return costs
  }
}

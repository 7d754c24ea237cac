// Costs by day: what a person asks of the last weeks. Which times make a day is the caller's to say.
import { DAY_MS } from './period.js'
import type { Totals } from './totals.js'

/** Milliseconds since the epoch; `toMs` is excluded. */
export interface Day {
  readonly fromMs: number
  readonly toMs: number
}

/**
 * Cost of the responses of each day, by series, in nano-dollars; of those that are ahead of the clock, nothing.
 * @param days at least one, each beginning where the one before it ended
 */
export function dailyCosts(totals: Totals, days: readonly Day[], nowMs: number): readonly Float64Array[] {
  const costs = days.map(() => new Float64Array(totals.series.count))
  const first = days[0]!.fromMs
  totals.visitCosts(first, nowMs, (time, series, nanos) => {
    // Right but for the hours by which clocks were changed; half a million responses need no search.
    let day = Math.min(Math.floor((time - first) / DAY_MS), days.length - 1)
    while (time < days[day]!.fromMs) day -= 1
    while (day < days.length && time >= days[day]!.toMs) day += 1
    const sums = costs[day]
    if (sums !== undefined) sums[series] = sums[series]! + nanos
  })
  return costs
}

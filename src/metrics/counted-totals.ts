// What the counters of usage are read from: the totals, or whatever else can answer the same questions.
import type { SeriesLabels } from '../core/schema.js'

/** Series only become more, and their numbers never fall; money is in nano-dollars. */
export interface CountedSeries {
  readonly count: number
  labels(series: number): SeriesLabels
  total(series: number, measure: number): number
  unpriced(series: number): number
  loggedCost(series: number): number
}

export interface CountedTotals {
  readonly series: CountedSeries
  readonly sessions: { count(series: number): number }
}

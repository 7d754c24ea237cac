// The interface from which usage counters are read: the current totals, or those of an earlier time.
import type { SeriesLabels } from '../core/schema.js'

/** The number of series only grows, and their values never fall; money is in nano-dollars. */
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

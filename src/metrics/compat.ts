// Usage metrics of one agent under the names of its own telemetry. They are read from the same rows as the usage metrics,
// so their sums and births are the same.
import { NANOS_PER_USD } from '../core/pricing/nano-dollars.js'
import { MEASURE } from '../core/schema.js'
import type { CompatView } from '../core/totals/compat.js'
import type { CountedSeries } from './counted-totals.js'
import { byRow } from './made-once.js'
import type { Metric, Sample } from './metric.js'

/** @param rows number of series shown */
export function compatMetrics(
  { agent, counters }: CompatView,
  series: CountedSeries,
  rows: () => number,
): readonly Metric[] {
  return counters.map(({ samplesOf, ...named }) => {
    const samplesAt = byRow((row) => {
      const labels = series.labels(row)
      return labels.agent === agent ? samplesOf(labels) : []
    })
    function* read(first = 0, end = rows()): Generator<Sample> {
      for (let row = first; row < end; row += 1) {
        for (const { labels, measures } of samplesAt(row)) {
          const value = measures.reduce((sum, measure) => sum + valueOf(series, row, measure), 0)
          yield { labels, value, series: row }
        }
      }
    }
    return { definition: { ...named, type: 'counter', durable: true }, read }
  })
}

function valueOf(series: CountedSeries, row: number, measure: keyof typeof MEASURE): number {
  const total = series.total(row, MEASURE[measure])
  return measure === 'cost' ? total / NANOS_PER_USD : total
}

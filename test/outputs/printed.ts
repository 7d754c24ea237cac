// Prints an exposition of some metrics with every series at its value.
import { StringTable } from '../../src/core/tables/strings.js'
import { Series } from '../../src/core/totals/series.js'
import type { Metric } from '../../src/metrics/metric.js'
import { createBirths } from '../../src/outputs/births.js'
import { createPrometheus, type Format, type Prometheus } from '../../src/outputs/prometheus.js'

export function prometheusOf(metrics: readonly Metric[], ofProcess = false): Promise<Prometheus> {
  const births = createBirths({
    series: new Series(new StringTable()),
    commits: () => 0,
    monotonic: () => 0,
    holdMs: () => 0,
  })
  return createPrometheus({ metrics, births, store: () => undefined, ofProcess })
}

export async function printed(metrics: readonly Metric[], format: Format = 'text'): Promise<string> {
  const { body } = await (await prometheusOf(metrics)).print(format)
  return body.toString()
}

// Reads the samples of metrics directly, without an output format.
import { isHistogram, type Metric, type Sample as MetricSample } from '../../src/metrics/metric.js'
import type { Sample } from '../support/exposition.js'

export function samplesOf(metric: Metric): MetricSample[] {
  const value = metric.read()
  if (isHistogram(value)) throw new Error(`${metric.definition.name} is a histogram`)
  return [...value]
}

export const readAll = (metrics: readonly Metric[]): Sample[] =>
  metrics.flatMap((metric) =>
    samplesOf(metric).map(({ labels, value }) => ({ name: metric.definition.name, labels, value })),
  )

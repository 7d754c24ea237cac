// Produces the metrics for OpenTelemetry's SDK: cumulative, under the names that a scrape shows. Instruments of the SDK
// would start every counter anew with each process.
import type { HrTime } from '@opentelemetry/api'
import type { Resource } from '@opentelemetry/resources'
import type { CollectionResult, Histogram, MetricData, MetricProducer } from '@opentelemetry/sdk-metrics'
import { DataPointType } from '@opentelemetry/sdk-metrics'
import { bornSamples, isHistogram, type HistogramValue, type Metric } from '../../metrics/metric.js'
import { commonOf, countedSince, hrTime, SCOPE } from './metric-data.js'

export interface ProducerOptions {
  /** If empty, nothing is sent. */
  readonly metrics: () => readonly Metric[]
  readonly resource: Resource
  /** A push begins; returns which series are not born yet. */
  readonly begin: () => (series: number) => boolean
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/**
 * If the clock is at most this far behind the last push, it stands still or is being slowed down; if further, it was
 * set back.
 */
const SAME_MS = 1_000

export function createProducer({ metrics, resource, begin, now }: ProducerOptions): MetricProducer {
  const processStart = hrTime(now())
  let lastMs = 0
  return {
    collect(): Promise<CollectionResult> {
      const nowMs = now()
      // Receivers reject another value with the same timestamp. A clock that was set back is believed.
      lastMs = nowMs <= lastMs && nowMs > lastMs - SAME_MS ? lastMs + 1 : nowMs
      const endTime = hrTime(lastMs)
      const times = { durable: countedSince(lastMs), process: processStart, endTime }
      const isUnborn = begin()
      // All are read at one moment.
      const data = metrics().map((metric) => dataOf(metric, times, isUnborn))
      const scopeMetrics = data.length === 0 ? [] : [{ scope: SCOPE, metrics: data }]
      return Promise.resolve({ errors: [], resourceMetrics: { resource, scopeMetrics } })
    },
  }
}

interface Times {
  readonly durable: HrTime
  readonly process: HrTime
  readonly endTime: HrTime
}

function dataOf(metric: Metric, times: Times, isUnborn: (series: number) => boolean): MetricData {
  const { type, durable } = metric.definition
  const time = { startTime: durable ? times.durable : times.process, endTime: times.endTime }
  const common = commonOf(metric.definition)
  const value = metric.read()
  if (isHistogram(value)) {
    const dataPoints = [{ attributes: {}, ...time, value: histogramOf(value, metric.definition.buckets ?? []) }]
    return { ...common, dataPointType: DataPointType.HISTOGRAM, dataPoints }
  }
  const dataPoints = Array.from(bornSamples(value, metric, isUnborn), ({ labels, value }) => ({
    attributes: labels,
    ...time,
    value,
  }))
  return type === 'counter'
    ? { ...common, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints }
    : { ...common, dataPointType: DataPointType.GAUGE, dataPoints }
}

/** A copy, because the counts go on while it is sent. */
function histogramOf({ counts, sum }: HistogramValue, buckets: readonly number[]): Histogram {
  const copied = Array.from(counts)
  const count = copied.reduce((all, one) => all + one, 0)
  return { buckets: { boundaries: [...buckets], counts: copied }, sum, count }
}

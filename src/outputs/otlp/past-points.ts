// Converts past values to data points, in requests of bounded size, step by step: receivers prefer samples in order of
// time.
import { resourceFromAttributes, type Resource } from '@opentelemetry/resources'
import { DataPointType, type MetricData, type ResourceMetrics } from '@opentelemetry/sdk-metrics'
import type { Definition } from '../../metrics/catalogue.js'
import type { PastCounters, PastSeries } from '../../metrics/past-counters.js'
import { slicesOf } from './body.js'
import { commonOf, countedSince, hrTime, SCOPE } from './metric-data.js'

/** About 1.5 MB before compression, below the limits of receivers. */
const POINTS_OF_REQUEST = 10_000

export interface PastPointsOptions {
  /** The last step. */
  readonly last: number
  /** Milliseconds. */
  readonly stepMs: number
  readonly identity: Readonly<Record<string, string>>
  /** Maximum number of points in a request; if absent, 10,000. */
  readonly most?: number
}

export interface PastPoints {
  readonly data: ResourceMetrics
  readonly points: number
  /** The step up to which this request completes the past; undefined if more requests for the same steps follow. */
  readonly done: number | undefined
}

/** Yields requests for the rest of the past. */
export function* pastPoints(
  past: PastCounters,
  { last, stepMs, identity, most = POINTS_OF_REQUEST }: PastPointsOptions,
): Generator<PastPoints> {
  const resource = resourceFromAttributes(identity)
  const births = past.series.map(({ birth }) => birth).sort((a, b) => a - b)
  for (let from = past.first; from <= last;) {
    // Series born in these steps count, too.
    let until = from + 1
    while (until <= last && pointsOf(births, from, until + 1) <= most) until += 1
    past.window(until)
    const requests = [...slicesOf(dataOf(past.series, resource, stepMs), most)]
    for (const [index, data] of requests.entries()) {
      const points = data.scopeMetrics
        .flatMap(({ metrics }) => metrics)
        .reduce((sum, one) => sum + one.dataPoints.length, 0)
      yield { data, points, done: index === requests.length - 1 ? until - 1 : undefined }
    }
    from = until
  }
}

/** Number of points from `from` to `until`, which is exclusive. @param births sorted */
function pointsOf(births: readonly number[], from: number, until: number): number {
  let points = 0
  for (const birth of births) {
    if (birth >= until) break
    points += until - Math.max(birth, from)
  }
  return points
}

function dataOf(series: readonly PastSeries[], resource: Resource, stepMs: number): ResourceMetrics {
  const metrics = new Map<Definition, MetricData & { readonly dataPoints: unknown[] }>()
  for (const one of series) {
    const { definition, labels: attributes } = one
    let metric = metrics.get(definition)
    if (metric === undefined) {
      metric = { ...commonOf(definition), dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints: [] }
      metrics.set(definition, metric)
    }
    const { dataPoints } = metric
    one.runs((value, from, until) => {
      for (let step = from; step < until; step += 1) {
        const endTime = hrTime(step * stepMs)
        dataPoints.push({ attributes, startTime: countedSince(step * stepMs), endTime, value })
      }
    })
  }
  const held = [...metrics.values()].filter(({ dataPoints }) => dataPoints.length > 0)
  return { resource, scopeMetrics: held.length === 0 ? [] : [{ scope: SCOPE, metrics: held }] }
}

// The body of a push is serialized in slices, and is one message with every point for the receiver.
import { gunzipSync } from 'node:zlib'
import { ValueType } from '@opentelemetry/api'
import { ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  AggregationTemporality,
  DataPointType,
  type MetricData,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bodyOf, slicesOf } from '../../../src/outputs/otlp/body.js'
import { decodeRequest } from '../../support/otlp-receiver.js'

/** Metrics with the given numbers of points. */
function dataOf(sizes: readonly number[]): ResourceMetrics {
  const metrics = sizes.map((size, number): MetricData => ({
    descriptor: { name: `metric_${number}_total`, description: 'Points.', unit: '', valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    dataPointType: DataPointType.SUM,
    isMonotonic: true,
    dataPoints: Array.from({ length: size }, (_, at) => ({
      ...{ attributes: { at: String(at) }, startTime: [1, 0], endTime: [2, 0] },
      value: at,
    })),
  }))
  return { resource: resourceFromAttributes({ id: 'a' }), scopeMetrics: [{ scope: { name: 'scope' }, metrics }] }
}

const pointsOf = (data: ResourceMetrics): number =>
  data.scopeMetrics.reduce((all, { metrics }) => metrics.reduce((sum, one) => sum + one.dataPoints.length, all), 0)

describe('the slices of a push', () => {
  it('contain every point once, in order, and never more than the limit', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9), { maxLength: 8 }), fc.integer({ min: 1, max: 7 }), (sizes, most) => {
        const data = dataOf(sizes)
        const slices = [...slicesOf(data, most)]
        const whole = decodeRequest(Buffer.from(ProtobufMetricsSerializer.serializeRequest(data)!))
        const parts = slices.map((slice) => ProtobufMetricsSerializer.serializeRequest(slice)!)
        expect(decodeRequest(Buffer.concat(parts)).points).toEqual(whole.points)
        for (const slice of slices.slice(0, -1)) expect(pointsOf(slice)).toBe(most)
        for (const slice of slices.slice(-1)) expect(pointsOf(slice)).toBeGreaterThan(0)
      }),
    )
  })
})

describe('the body of a push', () => {
  it.each([true, false])('is one message, with gzip: %s', async (gzip) => {
    const data = dataOf([3_000, 1, 2_500])
    const body = Buffer.from(await bodyOf(data, gzip))
    const { points, resource, scope } = decodeRequest(gzip ? gunzipSync(body) : body)
    expect(points).toHaveLength(5_501)
    expect([resource, scope.name]).toEqual([{ id: 'a' }, 'scope'])
  })

  it('yields to the event loop between its slices', async () => {
    let turns = 0
    let ended = false
    const turn = (): void => {
      turns += 1
      if (!ended) setImmediate(turn)
    }
    setImmediate(turn)
    await bodyOf(dataOf([20_000]), false)
    ended = true
    expect(turns).toBeGreaterThanOrEqual(10)
  })
})

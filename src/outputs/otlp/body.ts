// The body of a push, serialised in slices, so that the event loop is free in between, and compressed as it grows. It
// is still one request: concatenated protobuf messages are one message.
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { setImmediate as othersFirst } from 'node:timers/promises'
import { createGzip } from 'node:zlib'
import { ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer'
import type { MetricData, ResourceMetrics } from '@opentelemetry/sdk-metrics'

/** Takes some 4 ms to serialise. */
const POINTS_OF_SLICE = 2_000

export async function bodyOf(data: ResourceMetrics, gzip: boolean): Promise<Uint8Array> {
  return gzip ? pipeline(serialised(data), createGzip(), buffer) : pipeline(serialised(data), buffer)
}

async function* serialised(data: ResourceMetrics): AsyncGenerator<Uint8Array> {
  for (const slice of slicesOf(data, POINTS_OF_SLICE)) {
    yield ProtobufMetricsSerializer.serializeRequest(slice) ?? new Uint8Array()
    await othersFirst()
  }
}

/** The same points in the same order, at most `most` in each. */
export function* slicesOf({ resource, scopeMetrics }: ResourceMetrics, most: number): Generator<ResourceMetrics> {
  for (const { scope, metrics } of scopeMetrics) {
    let slice: MetricData[] = []
    let room = most
    for (const metric of metrics) {
      for (let from = 0; from < metric.dataPoints.length;) {
        const dataPoints = metric.dataPoints.slice(from, from + room)
        slice.push({ ...metric, dataPoints } as MetricData)
        from += dataPoints.length
        room -= dataPoints.length
        if (room > 0) continue
        yield { resource, scopeMetrics: [{ scope, metrics: slice }] }
        slice = []
        room = most
      }
    }
    if (slice.length > 0) yield { resource, scopeMetrics: [{ scope, metrics: slice }] }
  }
}

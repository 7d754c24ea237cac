// Sends what the SDK collected. Not the SDK's own exporter, because that hides the status of a failure, treats a
// partial success as a full one, and sends chunks, which some receivers reject.
import { ExportResultCode } from '@opentelemetry/core'
import { ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer'
import { AggregationTemporality, type PushMetricExporter, type ResourceMetrics } from '@opentelemetry/sdk-metrics'
import type { PushFailure } from '../../metrics/push-telemetry.js'
import { bodyOf } from './body.js'
import type { Credentials } from './credentials.js'
import { deliver } from './delivery.js'
import type { PushTarget } from './target.js'

/** The outcome of a push. */
export interface Outcome {
  readonly seconds: number
  /** If undefined, accepted in full. */
  readonly failure?: PushFailure
  readonly status?: number
  /** The message of the receiver or the network. */
  readonly detail?: string
  readonly rejectedPoints: number
}

export interface ExporterOptions {
  readonly target: Pick<PushTarget, 'url' | 'gzip' | 'timeoutMs'>
  readonly credentials: () => Credentials
  readonly ended: (outcome: Outcome) => void
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Milliseconds of a clock that never goes back. */
  readonly monotonic: () => number
}

export interface Exporter extends PushMetricExporter {
  /** The program stops: limits the current push, and each following one, to this time. */
  hurry(ms: number): void
}

export function createExporter({ target, credentials, ended, now, monotonic }: ExporterOptions): Exporter {
  let limitMs = target.timeoutMs
  let current: AbortController | undefined

  async function send(data: ResourceMetrics): Promise<Omit<Outcome, 'seconds'>> {
    const body = await bodyOf(data, target.gzip)
    const headers = {
      'content-type': 'application/x-protobuf',
      'user-agent': 'agent-usage-exporter',
      ...(target.gzip && { 'content-encoding': 'gzip' }),
    }
    const abort = (current = new AbortController())
    const endMs = monotonic() + limitMs
    const timer = setTimeout(() => {
      abort.abort()
    }, limitMs)
    try {
      const delivery = await deliver({
        ...{ url: target.url, body, headers, credentials: credentials(), now },
        signal: abort.signal,
        left: () => endMs - monotonic(),
      })
      return 'answer' in delivery ? acceptance(delivery.answer.body) : { ...delivery, rejectedPoints: 0 }
    } finally {
      clearTimeout(timer)
      current = undefined
    }
  }

  return {
    export(data, done) {
      const startMs = monotonic()
      send(data)
        .catch((error: unknown) => ({ failure: 'rejected' as const, detail: String(error), rejectedPoints: 0 }))
        .then((outcome) => {
          ended({ ...outcome, seconds: (monotonic() - startMs) / 1000 })
          // The reader does not need to know of a failure: the next push carries everything.
          done({ code: ExportResultCode.SUCCESS })
        }, done)
    },
    selectAggregationTemporality: () => AggregationTemporality.CUMULATIVE,
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
    hurry(ms) {
      limitMs = ms
      const running = current
      const abort = (): void => running?.abort()
      setTimeout(abort, ms).unref()
    },
  }
}

/** A response that cannot be parsed says nothing about a rejection; its status did. */
function acceptance(body: Uint8Array): Omit<Outcome, 'seconds'> {
  try {
    const { partialSuccess } = ProtobufMetricsSerializer.deserializeResponse(body)
    const rejectedPoints = partialSuccess?.rejectedDataPoints ?? 0
    if (rejectedPoints === 0) return { rejectedPoints }
    return { failure: 'partial', detail: (partialSuccess?.errorMessage ?? '').slice(0, 200), rejectedPoints }
  } catch {
    return { rejectedPoints: 0 }
  }
}

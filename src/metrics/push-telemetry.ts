// Counts the exporter's pushes. These metrics exist only if the exporter pushes.
import { PUSH } from './catalogue.js'
import { counter, histogram, labelledCounter, reading } from './instruments.js'
import type { Metric } from './metric.js'

/** Why a push was not accepted in full. */
export const PUSH_FAILURES = ['connect', 'timeout', 'auth', 'rejected', 'partial', 'server'] as const
export type PushFailure = (typeof PUSH_FAILURES)[number]

export interface PushTelemetry {
  ended(seconds: number, failure: PushFailure | undefined, rejectedPoints: number): void
  /** When a push was last accepted in full, in milliseconds since the epoch; undefined before the first. */
  lastAcceptedMs(): number | undefined
  /** Why the latest push was not accepted in full; undefined if it was, and before the first. */
  readonly failure: () => PushFailure | undefined
  /** The metrics of PUSH in the catalogue, in its order. */
  readonly metrics: readonly Metric[]
}

/** @param moment records the present moment; the returned function gives it in milliseconds since the epoch */
export function createPushTelemetry(moment: () => () => number): PushTelemetry {
  let lastAccepted: (() => number) | undefined
  let lastFailure: PushFailure | undefined
  const own = {
    exports: counter(PUSH.exports),
    failures: labelledCounter(PUSH.failures, PUSH_FAILURES),
    rejectedPoints: counter(PUSH.rejectedPoints),
    lastSuccess: reading(PUSH.lastSuccess, () => (lastAccepted?.() ?? 0) / 1000),
    duration: histogram(PUSH.duration),
  } satisfies Record<keyof typeof PUSH, Metric>
  return {
    metrics: Object.values(own),
    lastAcceptedMs: () => lastAccepted?.(),
    failure: () => lastFailure,
    ended(seconds, failure, rejectedPoints) {
      own.exports.inc()
      own.rejectedPoints.inc(rejectedPoints)
      own.duration.observe(seconds)
      lastFailure = failure
      if (failure === undefined) lastAccepted = moment()
      else own.failures.inc(failure)
    },
  }
}

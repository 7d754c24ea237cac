// What all that is sent has in common, be it of now or of the past: to receivers, another name, scope or start is another series.
import { ValueType, type HrTime } from '@opentelemetry/api'
import { AggregationTemporality } from '@opentelemetry/sdk-metrics'
import type { Definition } from '../../metrics/catalogue.js'

/** Without a version: receivers make labels of a scope, and an upgrade would start new series. */
export const SCOPE = { name: 'agent-usage-exporter' }

/**
 * Where the durable counters start, on every machine and for ever: at 0, before any agent wrote a log. A receiver that was there at
 * the start takes the first value for spend: a Collector that makes deltas, if it runs for longer, and a Prometheus with zeros at
 * start times, if it still takes samples of then. None was there at this one, so history is no spend, wherever it is pushed.
 */
const COUNTED_SINCE_MS = Date.UTC(2020, 0, 1)

/** @param timeMs of the value; milliseconds since the epoch */
export const countedSince = (timeMs: number): HrTime => hrTime(Math.min(COUNTED_SINCE_MS, timeMs))

export function commonOf({ name, help, unit, otlp }: Definition) {
  return {
    descriptor: { ...(otlp ?? { name, unit: unit ?? '' }), description: help, valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
  } as const
}

/** Seconds and nanoseconds of milliseconds. */
export function hrTime(ms: number): HrTime {
  const seconds = Math.floor(ms / 1000)
  return [seconds, Math.round((ms - seconds * 1000) * 1e6)]
}

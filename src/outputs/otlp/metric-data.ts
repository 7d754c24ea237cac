// The parts that pushes of current and of past values share: to receivers, another name, scope or start time is another
// series.
import { ValueType, type HrTime } from '@opentelemetry/api'
import { AggregationTemporality } from '@opentelemetry/sdk-metrics'
import type { Definition } from '../../metrics/catalogue.js'

/** Without a version: receivers turn the scope into labels, so an upgrade would start new series. */
export const SCOPE = { name: 'agent-usage-exporter' }

/**
 * Start time of the durable counters, on every machine: before any agent wrote a log. A receiver that was already
 * running at the start time takes the first value for new spend: a Collector that converts to deltas, and a Prometheus
 * that inserts zeros at start times, if it accepts samples that old. No receiver has been running since this time, so
 * history never looks like spend.
 */
const COUNTED_SINCE_MS = Date.UTC(2020, 0, 1)

/** The start time of a value. @param timeMs time of the value, in milliseconds since the epoch */
export const countedSince = (timeMs: number): HrTime => hrTime(Math.min(COUNTED_SINCE_MS, timeMs))

export function commonOf({ name, help, unit, otlp }: Definition) {
  return {
    descriptor: { ...(otlp ?? { name, unit: unit ?? '' }), description: help, valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
  } as const
}

/** Converts milliseconds to seconds and nanoseconds. */
export function hrTime(ms: number): HrTime {
  const seconds = Math.floor(ms / 1000)
  return [seconds, Math.round((ms - seconds * 1000) * 1e6)]
}

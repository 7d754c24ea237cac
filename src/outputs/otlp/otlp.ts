// Pushes the metrics to an OpenTelemetry receiver: at intervals, on request, and a last time before the end. Loaded
// only if a setting asks for it.
import { diag, DiagLogLevel } from '@opentelemetry/api'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import type { Metric } from '../../metrics/metric.js'
import type { PushTelemetry } from '../../metrics/push-telemetry.js'
import type { Log } from '../../process/log.js'
import { followCredentials } from './credentials.js'
import { createExporter } from './exporter.js'
import { createProducer } from './producer.js'
import type { PushBirths } from './push-births.js'
import { createPushLog } from './push-log.js'
import type { PushTarget } from './target.js'

export interface PushOptions {
  readonly target: PushTarget
  readonly metrics: readonly Metric[]
  readonly births: PushBirths
  readonly telemetry: PushTelemetry
  /** The identity of the pusher; to receivers, another identity means another set of series. */
  readonly identity: Readonly<Record<string, string>>
  readonly now: () => number
  readonly monotonic: () => number
  readonly log: Log
}

export interface Push {
  /** Pushes now. Returns whether the push was accepted in full. */
  now(): Promise<boolean>
  /** Pushes a last time, and ends within twice this time. */
  stop(limitMs: number): Promise<void>
  /** Ends without a last push. */
  close(): Promise<void>
}

/** Starts the intervals. @throws Error if a file of the target cannot be used */
export function createPush(options: PushOptions): Push {
  const { target, metrics, births, telemetry, identity, now, monotonic, log } = options
  // Complaints of the SDK itself.
  const warn = (message: string, ...details: readonly unknown[]): void =>
    log.warn({ details: details.map(String) }, message)
  const logger = { error: warn, warn, info: warn, debug: warn, verbose: warn }
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true })

  const logOutcome = createPushLog(log, target.url)
  let acknowledged = (): void => undefined
  let accepted = false
  let closed = false
  const resource = resourceFromAttributes(identity)
  // Less than the reader's timeout, after which it would go on while a request is still under way.
  const timeoutMs = Math.min(target.timeoutMs, 0.9 * target.intervalMs)
  const exporter = createExporter({
    target: { ...target, timeoutMs },
    credentials: followCredentials(target, (error) => {
      log.error({ reason: String(error) }, 'headers or certificates not reloaded: keeping the previous ones')
    }),
    ended(outcome) {
      accepted = outcome.failure === undefined
      telemetry.ended(outcome.seconds, outcome.failure, outcome.rejectedPoints)
      logOutcome(outcome)
      if (accepted) acknowledged()
    },
    now,
    monotonic,
  })
  const producer = createProducer({
    ...{ resource, now },
    metrics: () => (closed ? [] : metrics),
    begin() {
      const push = births.begin()
      acknowledged = push.acknowledged
      return push.isUnborn
    },
  })
  const reader = new PeriodicExportingMetricReader({
    exporter,
    exportIntervalMillis: target.intervalMs,
    exportTimeoutMillis: target.intervalMs,
    metricProducers: [producer],
  })
  const provider = new MeterProvider({ resource, readers: [reader] })
  return {
    async now() {
      accepted = false
      await reader.forceFlush()
      return accepted
    },
    async stop(limitMs) {
      exporter.hurry(limitMs)
      await provider.shutdown()
    },
    async close() {
      closed = true
      await provider.shutdown()
    },
  }
}

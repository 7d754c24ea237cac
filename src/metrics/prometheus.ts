// The exposition: our metrics in Prometheus' text format, and in OpenMetrics for who asks for it.
import type { Metric, OpenMetricsContentType } from 'prom-client'
import { NEVER_MS, addEventLoopLag } from './event-loop.js'
import { Registry } from './prom-client.js'

export type Format = 'text' | 'openmetrics'

export interface Exposition {
  /** Where metrics are registered. */
  readonly registry: Registry
  /** Registers the metrics of the process itself. Not for a textfile, where they would clash with the collector's. */
  addProcess(): Promise<void>
  print(format: Format): Promise<{ readonly contentType: string; readonly body: string }>
}

/** Gauges of the library that end in `_total`, which promtool refuses. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total']

export function createExposition(): Exposition {
  const registry = new Registry()
  const openMetrics = new Registry<OpenMetricsContentType>()
  openMetrics.setContentType(Registry.OPENMETRICS_CONTENT_TYPE)
  let shared = 0

  /** The library strips `_total` from a counter's own name when it prints OpenMetrics; so each is shown it by a stand-in. */
  function share(name: string): void {
    openMetrics.registerMetric(Object.assign(Object.create(registry.getSingleMetric(name)!) as Metric, { name }))
  }

  return {
    registry,
    async addProcess() {
      const { default: collectDefaultMetrics } = await import('prom-client/lib/defaultMetrics.js')
      collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: NEVER_MS })
      for (const name of MISNAMED) registry.removeSingleMetric(name)
      addEventLoopLag(registry)
    },
    async print(format) {
      if (format === 'text') return { contentType: registry.contentType, body: spelled(await registry.metrics()) }
      const metrics = registry.getMetricsAsArray()
      for (const { name } of metrics.slice(shared)) share(name)
      shared = metrics.length
      return { contentType: openMetrics.contentType, body: spelled(await openMetrics.metrics()) }
    },
  }
}

/** The library writes `Nan`, which parsers take, but which both formats spell otherwise. */
function spelled(body: string): string {
  return body.replaceAll(' Nan\n', ' NaN\n')
}

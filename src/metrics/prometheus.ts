// The exposition: our metrics in Prometheus' text format, and in OpenMetrics for who asks for it.
import { Registry, collectDefaultMetrics, type Metric, type OpenMetricsContentType } from 'prom-client'

export type Format = 'text' | 'openmetrics'

export interface Exposition {
  /** Where metrics are registered. */
  readonly registry: Registry
  print(format: Format): Promise<{ readonly contentType: string; readonly body: string }>
}

/** How often the event loop's delay is sampled, in milliseconds. The library's 10 would keep an idle process awake. */
const LOOP_SAMPLE_MS = 200

/** Gauges of the library that end in `_total`, which promtool refuses. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total']

/** @param processMetrics whether the process' own metrics are shown; in a textfile they would clash with the collector's. */
export function createExposition({ processMetrics }: { readonly processMetrics: boolean }): Exposition {
  const registry = new Registry()
  const openMetrics = new Registry<OpenMetricsContentType>()
  openMetrics.setContentType(Registry.OPENMETRICS_CONTENT_TYPE)
  if (processMetrics) {
    collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LOOP_SAMPLE_MS })
    for (const name of MISNAMED) registry.removeSingleMetric(name)
  }
  let shared = 0

  /** The library strips `_total` from a counter's own name when it prints OpenMetrics; so each is shown it by a stand-in. */
  function share(name: string): void {
    openMetrics.registerMetric(Object.assign(Object.create(registry.getSingleMetric(name)!) as Metric, { name }))
  }

  return {
    registry,
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

// The exposition: our metrics in Prometheus' text format, and in OpenMetrics for who asks for it.
import { Registry, collectDefaultMetrics, type OpenMetricsContentType } from 'prom-client'

export type Format = 'text' | 'openmetrics'

export interface Exposition {
  /** Where metrics are registered. */
  readonly registry: Registry
  print(format: Format): Promise<{ readonly contentType: string; readonly body: string }>
}

/** How often the event loop's delay is sampled, in milliseconds. The library's 10 would keep an idle process awake. */
const LOOP_SAMPLE_MS = 200

/** @param processMetrics whether the process' own metrics are shown; in a textfile they would clash with the collector's. */
export function createExposition({ processMetrics }: { readonly processMetrics: boolean }): Exposition {
  const registry = new Registry()
  const openMetrics = new Registry<OpenMetricsContentType>()
  openMetrics.setContentType(Registry.OPENMETRICS_CONTENT_TYPE)
  if (processMetrics) collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LOOP_SAMPLE_MS })
  let shared = 0

  return {
    registry,
    async print(format) {
      if (format === 'text') return { contentType: registry.contentType, body: await registry.metrics() }
      const metrics = registry.getMetricsAsArray()
      for (const metric of metrics.slice(shared)) openMetrics.registerMetric(registry.getSingleMetric(metric.name)!)
      shared = metrics.length
      return { contentType: openMetrics.contentType, body: await openMetrics.metrics() }
    },
  }
}

// The metrics of the process itself, under the names that all Node programs use; the library keeps and reads them.
import type { MetricValueWithName } from 'prom-client'
import collectDefaultMetrics from 'prom-client/lib/defaultMetrics.js'
import Registry from 'prom-client/lib/registry.js'
import { NEVER_MS, addEventLoopLag } from './event-loop.js'
import { seriesText, type Family } from './text-format.js'

/** Gauges of the library that end in `_total`, which promtool rejects. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total']

export function createProcessMetrics(): () => Promise<Family[]> {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: NEVER_MS })
  for (const name of MISNAMED) registry.removeSingleMetric(name)
  addEventLoopLag(registry)
  return async () => {
    const metrics = await registry.getMetricsAsJSON()
    return metrics.map(({ name, help, type, values }): Family => {
      // Samples of a histogram have their own names, which the library's types leave out.
      const named = values as readonly MetricValueWithName<string>[]
      return {
        name,
        help,
        // The library's types declare a number here; the library itself uses a string.
        type: String(type),
        values: named.map(({ value }) => value),
        seriesAt(index) {
          const { metricName = name, labels } = named[index]!
          return seriesText(metricName, labels as Record<string, string | number>)
        },
      }
    })
  }
}

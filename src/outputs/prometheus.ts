// The exposition: our metrics in Prometheus' text format, and in OpenMetrics for who asks for it. Promises that all
// of usage is read in one moment, and that printing it gives the event loop back every few milliseconds.
import { setImmediate } from 'node:timers/promises'
import type { MetricObject, MetricObjectWithValues, MetricValue, OpenMetricsContentType } from 'prom-client'
import { NEVER_MS, addEventLoopLag } from '../metrics/event-loop.js'
import { Registry } from '../metrics/prom-client.js'

export type Format = 'text' | 'openmetrics'

export interface Print {
  readonly contentType: string
  readonly body: Buffer
}

export interface Exposition {
  /** Where metrics are registered. */
  readonly registry: Registry
  /** Registers the metrics of the process itself. Not for a textfile, where they would clash with the collector's. */
  addProcess(): Promise<void>
  /** All numbers are read before this returns its promise. */
  print(format: Format): Promise<Print>
}

/** Gauges of the library that end in `_total`, which promtool refuses. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total']

/** Samples that are printed in one go: less than a millisecond. */
const SLICE = 500
/** After so many milliseconds of printing others have their turn. */
const TURN_MS = 4

export function createExposition(): Exposition {
  const registry = new Registry()
  const openMetrics = new Registry<OpenMetricsContentType>()
  openMetrics.setContentType(Registry.OPENMETRICS_CONTENT_TYPE)

  return {
    registry,
    async addProcess() {
      const { default: collectDefaultMetrics } = await import('prom-client/lib/defaultMetrics.js')
      collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: NEVER_MS })
      for (const name of MISNAMED) registry.removeSingleMetric(name)
      addEventLoopLag(registry)
    },
    async print(format) {
      const metrics = await Promise.all(registry.getMetricsAsArray().map(read))
      if (format === 'text')
        return { contentType: registry.contentType, body: await printed(registry, metrics, '\n\n', '\n') }
      // A counter's own name is without `_total` there; the library appends that to its samples.
      const named = metrics.map((metric) =>
        metric.type === COUNTER ? { ...metric, name: metric.name.replace(/_total$/, '') } : metric,
      )
      return { contentType: openMetrics.contentType, body: await printed(openMetrics, named, '\n', '\n# EOF\n') }
    },
  }
}

type Values = MetricObjectWithValues<MetricValue<string>>
type Printable = MetricObject & { get(): Promise<Values>; getForPromString?(): Promise<Values> }
const COUNTER = 'counter' as unknown as MetricObject['type']

/** Reads at once, whatever the promise suggests: no metric here has an asynchronous `collect`. */
function read(metric: MetricObject): Promise<Values> {
  const printable = metric as Printable
  return printable.getForPromString?.() ?? printable.get()
}

/** The library prints a metric at a time, with its two lines of HELP and TYPE before the samples. */
interface Printer {
  getMetricsAsString(metric: { get(): Values }): Promise<string>
}

async function printed(printer: object, metrics: readonly Values[], between: string, end: string): Promise<Buffer> {
  const pieces: Buffer[] = []
  let began = performance.now()
  for (const metric of metrics) {
    if (pieces.length > 0) pieces.push(Buffer.from(between))
    for (let from = 0; from === 0 || from < metric.values.length; from += SLICE) {
      const slice = { ...metric, values: metric.values.slice(from, from + SLICE) }
      const text = spelled(await (printer as Printer).getMetricsAsString({ get: () => slice }))
      pieces.push(Buffer.from(from === 0 ? text : text.slice(endOfHead(text))))
      if (performance.now() - began < TURN_MS) continue
      await setImmediate()
      began = performance.now()
    }
  }
  return Buffer.concat([...pieces, Buffer.from(end)])
}

/** The newline after HELP and TYPE. */
const endOfHead = (text: string): number => text.indexOf('\n', text.indexOf('\n') + 1)

/** The library writes `Nan`, which parsers take, but which both formats spell otherwise. */
const spelled = (text: string): string => text.replace(/ Nan$/gm, ' NaN')

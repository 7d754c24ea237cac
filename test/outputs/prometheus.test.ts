// Printing an exposition in slices: the result equals that of prom-client, and the event loop is not blocked.
import { describe, expect, it } from 'vitest'
import {
  Counter,
  Gauge,
  Histogram,
  Registry,
  type Metric as LibraryMetric,
  type OpenMetricsContentType,
} from 'prom-client'
import type { Definition } from '../../src/metrics/catalogue.js'
import { histogram } from '../../src/metrics/instruments.js'
import type { Metric } from '../../src/metrics/metric.js'
import type { Format } from '../../src/outputs/prometheus.js'
import { printed, prometheusOf } from './printed.js'

const MANY = 50_000
const LABELS = Array.from({ length: MANY }, (_, row) => ({ row: `"${row}"\\`, note: 'é\n' }))
const ODD = [Number.NaN, Infinity, -Infinity, 0, -0, 1e21, 1e-7, 0.1 + 0.2, 2 ** 53]

const definition = (name: string, type: Definition['type'], help: string, labels: readonly string[]): Definition => ({
  name,
  type,
  help,
  labels,
})

/** Metrics of each type; `read` gives the value of all samples of the largest one. */
function metricsOf(read: () => number): readonly Metric[] {
  const seconds = histogram({ name: 'some_seconds', type: 'histogram', help: 'B.', labels: [], buckets: [0.5, 1, 2] })
  for (const value of [0, 1.5, 7]) seconds.observe(value)
  return [
    {
      definition: definition('many_total', 'counter', 'Two\nlines, "\\".', ['row', 'note']),
      *read() {
        for (const labels of LABELS) yield { labels, value: read() }
      },
    },
    { definition: definition('none_total', 'counter', 'No samples.', ['a']), read: () => [] },
    {
      definition: definition('odd', 'gauge', 'Odd numbers.', ['at']),
      read: () => ODD.map((value, at) => ({ labels: { at: String(at) }, value })),
    },
    { definition: definition('plain_total', 'counter', 'No labels.', []), read: () => [{ labels: {}, value: 7 }] },
    seconds,
  ]
}

/** The same metrics in prom-client. */
function libraryOf(value: number, registry: Registry<OpenMetricsContentType> | Registry): LibraryMetric[] {
  const registers = [registry as Registry]
  const many = new Counter({ name: 'many_total', help: 'Two\nlines, "\\".', labelNames: ['row', 'note'], registers })
  for (const labels of LABELS) many.inc(labels, value)
  new Counter({ name: 'none_total', help: 'No samples.', labelNames: ['a'], registers })
  const odd = new Gauge({ name: 'odd', help: 'Odd numbers.', labelNames: ['at'], registers })
  for (const [at, each] of ODD.entries()) odd.set({ at: String(at) }, each)
  new Counter({ name: 'plain_total', help: 'No labels.', registers }).inc(7)
  const seconds = new Histogram({ name: 'some_seconds', help: 'B.', buckets: [0.5, 1, 2], registers })
  for (const each of [0, 1.5, 7]) seconds.observe(each)
  return registry.getMetricsAsArray() as unknown as LibraryMetric[]
}

/** prom-client writes `Nan`, which parsers accept; both formats specify `NaN`. */
async function library(registry: Registry<OpenMetricsContentType> | Registry): Promise<string> {
  libraryOf(1, registry)
  return (await registry.metrics()).replaceAll(' Nan\n', ' NaN\n')
}

describe('an exposition', () => {
  it('in text format equals that of prom-client', async () => {
    const { contentType, body } = await (await prometheusOf(metricsOf(() => 1))).print('text')
    expect(contentType).toBe(Registry.PROMETHEUS_CONTENT_TYPE)
    expect(body.toString() === (await library(new Registry()))).toBe(true)
  })

  it('in OpenMetrics format equals that of prom-client, also after printing the other format', async () => {
    const prometheus = await prometheusOf(metricsOf(() => 1))
    const registry = new Registry<OpenMetricsContentType>()
    registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE)
    const wanted = await library(registry)
    for (let time = 0; time < 2; time += 1) {
      const { contentType, body } = await prometheus.print('openmetrics')
      expect(contentType).toBe(Registry.OPENMETRICS_CONTENT_TYPE)
      expect(body.toString() === wanted).toBe(true)
      expect((await prometheus.print('text')).body.toString()).toContain('# TYPE many_total counter\n')
    }
  })

  it('holds the values at the time of the request, and yields to the event loop', async () => {
    let value = 1
    const times = 4
    const prometheus = await prometheusOf(Array.from({ length: times }, () => metricsOf(() => value)[0]!))
    const print = prometheus.print('text')
    value = 2
    let turns = 0
    const turn = (): Promise<undefined> => new Promise((resolve) => setImmediate(() => resolve(undefined)))
    while ((await Promise.race([print, turn()])) === undefined) turns += 1
    expect(turns).toBeGreaterThan(0)
    const { body } = await print
    expect(body.toString().match(/^many_total\{.* 1$/gm)).toHaveLength(times * MANY)
  })

  it('prints the current labels when series change their order or disappear', async () => {
    const [a, b, c] = ['a', 'b', 'c'].map((at) => ({ at }))
    let order = [a!, b!, c!]
    const metric: Metric = {
      definition: definition('g', 'gauge', 'G.', ['at']),
      read: () => order.map((labels) => ({ labels, value: labels.at.charCodeAt(0) })),
    }
    const prometheus = await prometheusOf([metric])
    const series = async (): Promise<string[]> =>
      (await prometheus.print('text')).body.toString().match(/^g\{.*$/gm) ?? []
    expect(await series()).toEqual(['g{at="a"} 97', 'g{at="b"} 98', 'g{at="c"} 99'])
    order = [c!, a!]
    expect(await series()).toEqual(['g{at="c"} 99', 'g{at="a"} 97'])
    order = [a!, b!, c!]
    expect(await series()).toEqual(['g{at="a"} 97', 'g{at="b"} 98', 'g{at="c"} 99'])
  })

  it.each<[Format, string]>([
    ['text', '\n'],
    ['openmetrics', '# EOF\n'],
  ])('without metrics is valid in the %s format', async (format, text) => {
    const nothing = await printed([], format)
    expect(nothing).toBe(format === 'text' ? '' : text)
  })
})

describe('the metrics of the process', () => {
  it("follow the exporter's own, as prom-client prints them in each format", async () => {
    const prometheus = await prometheusOf(
      metricsOf(() => 1),
      true,
    )
    const [text, open] = await Promise.all(
      (['text', 'openmetrics'] as const).map(async (format) => (await prometheus.print(format)).body.toString()),
    )
    expect(text).toMatch(/\nsome_seconds_count 3\n\n# HELP process_cpu_user_seconds_total .+\n# TYPE process_cpu_user_/)
    expect(text).toMatch(/^# TYPE process_cpu_seconds_total counter\nprocess_cpu_seconds_total [\d.]+$/m)
    expect(open).toMatch(/^# TYPE process_cpu_seconds counter\nprocess_cpu_seconds_total [\d.]+$/m)
    expect(open).toMatch(/^nodejs_version_info\{version="v\d+\.\d+\.\d+",major="\d+",minor="\d+",patch="\d+"\} 1$/m)
    for (const body of [text!, open!]) expect(body).not.toMatch(/^nodejs_active_\w+_total/m)
  })
})

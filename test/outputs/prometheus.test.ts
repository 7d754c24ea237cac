// Printing in slices: what comes out is what the library prints at once, and others have their turn meanwhile.
import { describe, expect, test } from 'vitest'
import { Counter, Gauge, Histogram, Registry, type Metric, type OpenMetricsContentType } from 'prom-client'
import { createExposition, type Exposition } from '../../src/outputs/prometheus.js'
import { registerRead, sample } from '../../src/metrics/samples.js'

const MANY = 50_000

/** With metrics of each kind; `read` is the value of all samples of one with many. */
function filled(read: () => number): Exposition {
  const exposition = createExposition()
  const registers = [exposition.registry]
  const many = Array.from({ length: MANY }, (_, row) => ({ row: `"${row}"\\` }))
  registerRead(
    exposition.registry,
    { name: 'many_total', type: 'counter', help: 'Two\nlines.', labels: ['row'] },
    function* () {
      for (const labels of many) yield sample(labels, read())
    },
  )
  new Counter({ name: 'none_total', help: 'No samples.', labelNames: ['a'], registers })
  new Gauge({ name: 'nothing', help: 'Not a number.', registers }).set(Number.NaN)
  const histogram = new Histogram({
    name: 'some_seconds',
    help: 'Buckets.',
    labelNames: ['a'],
    buckets: [1, 2],
    registers,
  })
  for (const value of [0, 1.5, 7]) histogram.observe({ a: 'Nan ' }, value)
  return exposition
}

const spelled = (text: string): string => text.replaceAll(' Nan\n', ' NaN\n')

describe('an exposition', () => {
  test('is in text what the library prints', async () => {
    const exposition = filled(() => 1)
    const { contentType, body } = await exposition.print('text')
    expect(contentType).toBe(Registry.PROMETHEUS_CONTENT_TYPE)
    expect(body.toString() === spelled(await exposition.registry.metrics())).toBe(true)
  })

  test('and in OpenMetrics, again and again', async () => {
    const exposition = filled(() => 1)
    const theirs = new Registry<OpenMetricsContentType>()
    theirs.setContentType(Registry.OPENMETRICS_CONTENT_TYPE)
    for (const metric of exposition.registry.getMetricsAsArray()) {
      theirs.registerMetric(Object.assign(Object.create(metric) as Metric, { name: metric.name }))
    }
    const wanted = spelled(await theirs.metrics())
    for (let time = 0; time < 2; time += 1) {
      const { contentType, body } = await exposition.print('openmetrics')
      expect(contentType).toBe(Registry.OPENMETRICS_CONTENT_TYPE)
      expect(body.toString() === wanted).toBe(true)
    }
    expect((await exposition.print('text')).body.toString()).toContain('# TYPE many_total counter\n')
  })

  test('holds the numbers of the moment at which it was asked for, and lets others have their turn', async () => {
    let value = 1
    const printed = filled(() => value).print('text')
    value = 2
    let turns = 0
    const turn = (): Promise<undefined> => new Promise((resolve) => setImmediate(() => resolve(undefined)))
    while ((await Promise.race([printed, turn()])) === undefined) turns += 1
    expect(turns).toBeGreaterThan(2)
    const { body } = await printed
    expect(body.toString().match(/^many_total\{.*\} 1$/gm)).toHaveLength(MANY)
  })
})

// The receivers of pushes, and checks of what they hold: Prometheus 3 by default, Prometheus 3 with zeros at start times, and a
// backend behind a Collector that makes deltas.
import type { TestContext } from 'vitest'
import { USAGE } from '../../../src/metrics/catalogue.js'
import type { Sample } from '../../support/exposition.js'
import { startReceiver, type Receiver } from '../../support/otlp-receiver.js'
import { PROMETHEUSES, startPrometheus, type Prometheus, type Series } from '../../support/prometheus.js'
import { startCollector } from '../../support/receivers.js'
import { amountOf, keyOf } from '../sets.js'
import type { Held } from './oracle.js'

export interface Receivers {
  /** URLs to push to, including paths. */
  readonly urls: readonly string[]
  /** Last value of each series of one exporter, for each Prometheus. @param atSeconds see `wrong` */
  last(uuid: string, atSeconds: number): Promise<Readonly<Record<string, ReadonlyMap<string, number>>>>
  /** Returns what is wrong in a receiver. @param atSeconds a time after the last push, less than two hours after the first */
  wrong(held: Held, atSeconds: number): Promise<string | undefined>
}

/** The counters that the state keeps, which continue in the next process. */
export const COUNTERS: ReadonlySet<string> = new Set(
  Object.values(USAGE).flatMap(({ name, type }) => (type === 'counter' ? [name] : [])),
)
const TOKENS = USAGE.tokens.name
const SELECTOR = `__name__=~"${[...COUNTERS].join('|')}"`

/** The Collector accepts a push once the backend has it. */
const NOTHING_QUEUED = { 'retry_on_failure:': 'sending_queue: { enabled: false }\n    retry_on_failure:' }

export async function startReceivers(context: TestContext, folder: string): Promise<Receivers> {
  const backend = await startReceiver()
  const receiving = (...flags: readonly string[]): Promise<Prometheus> =>
    startPrometheus(context, {
      folder,
      program: PROMETHEUSES[1],
      flags: ['--web.enable-otlp-receiver', ...flags],
    })
  const [plain, zeros, collector] = await Promise.all([
    receiving(),
    receiving('--enable-feature=created-timestamp-zero-ingestion'),
    startCollector(
      context,
      folder,
      'collector-delta.yaml',
      { 'https://otlp.example.org': backend.url, 'max_elapsed_time: 0': 'enabled: false', ...NOTHING_QUEUED },
      { OTLP_TOKEN: 'none' },
    ),
  ])
  const prometheuses = { Prometheus: plain, 'Prometheus with zeros at start times': zeros }
  return {
    urls: [...[plain, zeros].map(({ url }) => `${url}/api/v1/otlp/v1/metrics`), `${collector}/v1/metrics`],
    async last(uuid, atSeconds) {
      const expr = `last_over_time({${SELECTOR},instance="${uuid}"}[2h])`
      const each = Object.entries(prometheuses).map(async ([name, prometheus]) => {
        const all = await prometheus.query(expr, atSeconds)
        return [name, new Map(all.map(({ labels, points }) => [keyOf(sampleOf(labels)), points[0]!.value]))] as const
      })
      return Object.fromEntries(await Promise.all(each))
    },
    async wrong(held, atSeconds) {
      const wrong: string[] = []
      for (const [name, prometheus] of Object.entries(prometheuses)) {
        const selected = `{${SELECTOR},instance="${held.uuid}"}[2h]`
        const all = await prometheus.query(selected, atSeconds)
        wrong.push(`${name}: ${wrongSamples(all, held) ?? ''}`)
        const increases = await prometheus.query(`increase(${TOKENS}{instance="${held.uuid}"}[2h])`, atSeconds)
        wrong.push(`${name}: ${wrongIncreases(increases, all) ?? ''}`)
        if (prometheus === plain) wrong.push(`Collector: ${wrongDeltas(backend, all, held) ?? ''}`)
      }
      const said = wrong.filter((one) => !one.endsWith(': '))
      return said.length === 0 ? undefined : said.join('\n  ')
    },
  }
}

function wrongSamples(all: readonly Series[], held: Held): string | undefined {
  const found = new Set<string>()
  for (const { labels, points } of all) {
    const key = keyOf(sampleOf(labels))
    if (found.has(key)) return `${key} is there twice`
    found.add(key)
    const values = points.map(({ value }) => value)
    const story = `${key} is ${values.join(', ')}`
    if (values.some((value, index) => value < values[index - 1]!)) return `${story}: it falls`
    const wrong = wrongValues(values, sampleOf(labels), held)
    if (wrong !== undefined) return `${story}: ${wrong}`
  }
  const amounts = new Set(all.map(({ labels }) => amountOf(sampleOf(labels))))
  const missing = [...held.series.keys()].find((key) => !amounts.has(key))
  return missing && `${missing} is missing`
}

function wrongValues(
  values: readonly number[],
  sample: Sample,
  { series, settled, fromZero }: Held,
): string | undefined {
  const [first, last] = [values[0]!, values.at(-1)!]
  const amount = amountOf(sample)
  if (amount === undefined)
    return fromZero.has(keyOf(sample)) && first !== 0 ? 'it is new, and does not begin at 0' : undefined
  const expected = series.get(amount)
  if (expected === undefined) return 'it was never pushed'
  if (first !== expected.first) return `it should begin at ${expected.first}`
  if (settled ? last !== expected.last : last > expected.last) return `it should come to ${expected.last}`
  return undefined
}

/** Checks increase(), which extrapolates by about half of the interval between samples on each side. */
function wrongIncreases(increases: readonly Series[], all: readonly Series[]): string | undefined {
  const said = new Map(
    increases.map(({ labels, points }) => [amountOf({ ...sampleOf(labels), name: TOKENS }), points[0]!.value]),
  )
  for (const { labels, points } of all) {
    const key = amountOf(sampleOf(labels))
    const is = said.get(key)
    // increase() returns nothing for a single sample.
    if (key === undefined || is === undefined) continue
    const grown = growthOf(points)
    if (is < grown * 0.999_999 || is > grown * (1.000_001 + 1.6 / (points.length - 1)))
      return `increase() of ${key} is ${is}, and it grew by ${grown} in ${points.length} samples`
  }
  return undefined
}

/** @param all samples in Prometheus */
function wrongDeltas({ accepted }: Receiver, all: readonly Series[], { uuid }: Held): string | undefined {
  const sums = new Map<string, number>()
  for (const { resource, points } of accepted) {
    if (resource['service.instance.id'] !== uuid) continue
    for (const point of points.filter(({ name }) => COUNTERS.has(name))) {
      const key = keyOf(point)
      if (point.temporality !== DELTA) return `${key} is no delta`
      sums.set(key, (sums.get(key) ?? 0) + point.value)
    }
  }
  const grown = new Map(all.map(({ labels, points }) => [keyOf(sampleOf(labels)), growthOf(points)]))
  for (const key of new Set([...grown.keys(), ...sums.keys()])) {
    const [sum, should] = [sums.get(key) ?? 0, grown.get(key) ?? 0]
    // Costs are not integers.
    if (Math.abs(sum - should) > 1e-9 * should) return `deltas of ${key} come to ${sum}, and should to ${should}`
  }
  return undefined
}

const DELTA = 1

const growthOf = (points: Series['points']): number => points.at(-1)!.value - points[0]!.value

/** A series without the labels of its target. */
function sampleOf({ __name__: name = '', ...labels }: Series['labels']): Sample {
  const own = Object.entries(labels).filter(([label]) => label !== 'job' && label !== 'instance')
  return { name, labels: Object.fromEntries(own), value: 0 }
}

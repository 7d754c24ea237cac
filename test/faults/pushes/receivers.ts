// The receivers that hold what was pushed, and what is wrong with it: Prometheus 3 as it is, the same with zeros at start times,
// and a backend behind a Collector that makes deltas.
import type { TestContext } from 'vitest'
import { startReceiver, type Receiver } from '../../support/otlp-receiver.js'
import { PROMETHEUSES, startPrometheus, type Prometheus, type Series } from '../../support/prometheus.js'
import { startCollector } from '../../support/receivers.js'
import { amountOf } from '../sets.js'
import type { Held } from './oracle.js'

export interface Receivers {
  /** URLs to push to, with their paths. */
  readonly urls: readonly string[]
  readonly prometheuses: Readonly<Record<string, Prometheus>>
  /** What is wrong with what they hold. @param atSeconds a time after the last push, and less than two hours after the first */
  wrong(held: Held, atSeconds: number): Promise<string | undefined>
}

const COUNTERS = '{__name__=~"agent_usage_requests_total|agent_usage_tokens_total"'

/** It accepts what the backend has. */
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
    prometheuses,
    async wrong(held, atSeconds) {
      const wrong = [`Collector: ${wrongDeltas(backend, held) ?? ''}`]
      for (const [name, prometheus] of Object.entries(prometheuses)) {
        const all = await prometheus.query(`${COUNTERS},instance="${held.uuid}"}[2h]`, atSeconds)
        wrong.push(`${name}: ${wrongSamples(all, held) ?? ''}`)
        const increases = await prometheus.query(`increase(${COUNTERS},instance="${held.uuid}"}[2h])`, atSeconds)
        wrong.push(`${name}: ${wrongIncreases(increases, all) ?? ''}`)
      }
      const said = wrong.filter((one) => !one.endsWith(': '))
      return said.length === 0 ? undefined : said.join('\n  ')
    },
  }
}

function wrongSamples(all: readonly Series[], { series, settled }: Held): string | undefined {
  const found = new Set<string>()
  for (const { labels, points } of all) {
    const key = amountOf(sampleOf(labels))!
    if (found.has(key)) return `${key} is there twice`
    found.add(key)
    const values = points.map(({ value }) => value)
    const expected = series.get(key)
    if (expected === undefined) return `${key} is there, and was never pushed`
    const story = `${key} is ${values.join(', ')}, and should go from ${expected.first} to ${expected.last}`
    if (values[0] !== expected.first) return story
    if (values.some((value, index) => value < values[index - 1]!)) return `${story} without a fall`
    if (settled ? values.at(-1) !== expected.last : values.at(-1)! > expected.last) return story
  }
  const missing = [...series.keys()].find((key) => !found.has(key))
  return missing && `${missing} is missing`
}

/** What PromQL says, which extrapolates beyond the first sample and the last, by about half of the time between two on each side. */
function wrongIncreases(increases: readonly Series[], all: readonly Series[]): string | undefined {
  const said = new Map(increases.map(({ labels, points }) => [amountOf(sampleOf(labels))!, points[0]!.value]))
  for (const { labels, points } of all) {
    const key = amountOf(sampleOf(labels))!
    const is = said.get(key)
    // Of one sample it says nothing.
    if (is === undefined) continue
    const grown = points.at(-1)!.value - points[0]!.value
    if (is < grown * 0.999_999 || is > grown * (1.000_001 + 1.6 / (points.length - 1)))
      return `increase() of ${key} is ${is}, and it grew by ${grown} in ${points.length} samples`
  }
  return undefined
}

const sampleOf = ({ __name__: name = '', ...labels }: Series['labels']) => ({ name, labels, value: 0 })

function wrongDeltas({ accepted }: Receiver, { uuid, series, settled }: Held): string | undefined {
  const sums = new Map<string, number>()
  for (const { resource, points } of accepted) {
    if (resource['service.instance.id'] !== uuid) continue
    for (const point of points) {
      const key = amountOf(point)
      if (key === undefined) continue
      if (point.temporality !== DELTA) return `${key} is no delta`
      sums.set(key, (sums.get(key) ?? 0) + point.value)
    }
  }
  for (const key of new Set([...series.keys(), ...sums.keys()])) {
    const { first, last } = series.get(key) ?? { first: 0, last: 0 }
    const sum = sums.get(key) ?? 0
    if (settled ? sum !== last - first : sum > last - first)
      return `deltas of ${key} come to ${sum}, and should to ${last - first}`
  }
  return undefined
}

const DELTA = 1

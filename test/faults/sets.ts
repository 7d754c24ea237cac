// Sets of responses: their sums by series, and the same sums in a scrape.
import type { Sample } from '../support/exposition.js'
import type { Response } from './logs.js'

/** Usage counters. The exporter's own counters start again with each process. */
const USAGE_COUNTER = /^agent_usage_(?!exporter_).*_total$/

export function isUsage({ name }: Sample): boolean {
  return USAGE_COUNTER.test(name)
}

/** Key of a series, independent of the order of its labels. */
export function keyOf({ name, labels }: Pick<Sample, 'name' | 'labels'>): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))
  return `${name}${JSON.stringify(Object.fromEntries(sorted))}`
}

export function labelsOf({ labels }: Sample): string {
  return `${labels.project ?? ''} ${labels.model ?? ''}`
}

export function seriesOf({ project, model }: Response): string {
  return `${project} ${model}`
}

/** Key of a sample in `sums`, if it counts requests or tokens. */
export function amountOf(sample: Sample): string | undefined {
  const counts = sample.name === 'agent_usage_requests_total' || sample.name === 'agent_usage_tokens_total'
  return counts ? `${labelsOf(sample)} ${sample.labels.token_type ?? 'requests'}` : undefined
}

/** Scraped requests and tokens of each series. */
export function actual(all: readonly Sample[]): ReadonlyMap<string, number> {
  return new Map(all.flatMap((sample) => (amountOf(sample) === undefined ? [] : [[amountOf(sample)!, sample.value]])))
}

/** Written requests and tokens of each series. */
export function sums(responses: Iterable<Response>): ReadonlyMap<string, number> {
  const sums = new Map<string, number>()
  for (const response of responses) {
    for (const [what, value] of Object.entries({ ...response.tokens, requests: 1 })) {
      const key = `${seriesOf(response)} ${what}`
      sums.set(key, (sums.get(key) ?? 0) + value)
    }
  }
  return sums
}

export function union(a: ReadonlySet<Response>, b: ReadonlySet<Response>): ReadonlySet<Response> {
  return new Set([...a, ...b])
}

export function both(a: ReadonlySet<Response>, b: ReadonlySet<Response>): ReadonlySet<Response> {
  return new Set([...a].filter((one) => b.has(one)))
}

// Sets of responses, what they come to in each series, and what a scrape says of the same.
import type { Sample } from '../support/exposition.js'
import type { Response } from './logs.js'

/** Counters of the exporter itself begin anew with each process. */
const USAGE_COUNTER = /^agent_usage_(?!exporter_).*_total$/

export function isUsage({ name }: Sample): boolean {
  return USAGE_COUNTER.test(name)
}

/** In whatever order the labels come. */
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

/** The key in `sums` of what a sample counts, if that is requests or tokens. */
export function amountOf(sample: Sample): string | undefined {
  const counts = sample.name === 'agent_usage_requests_total' || sample.name === 'agent_usage_tokens_total'
  return counts ? `${labelsOf(sample)} ${sample.labels.token_type ?? 'requests'}` : undefined
}

/** Requests and tokens of each series, as scraped. */
export function actual(all: readonly Sample[]): ReadonlyMap<string, number> {
  return new Map(all.flatMap((sample) => (amountOf(sample) === undefined ? [] : [[amountOf(sample)!, sample.value]])))
}

/** The same, as written. */
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

// The usage in an exposition, in the form of the reference, so that both can be compared.
import { projectModel, type Totals } from '../reference/reference.js'
import { samples, type Sample } from './exposition.js'

export interface Shown {
  readonly perModel: ReadonlyMap<string, Totals>
  readonly perProjectModel: ReadonlyMap<string, Totals>
  readonly unpricedTokens: ReadonlyMap<string, number>
  readonly projects: readonly string[]
  readonly samples: readonly Sample[]
}

type Draft = { -readonly [K in keyof Totals]: Totals[K] }

const FIELD: Readonly<Record<string, keyof Totals>> = {
  agent_usage_requests_total: 'requests',
  agent_usage_cost_usd_total: 'costUsd',
  agent_usage_web_search_requests_total: 'webSearches',
}

export function shown(text: string): Shown {
  const all = samples(text)
  const used = all.flatMap((sample) => {
    const field =
      sample.name === 'agent_usage_tokens_total'
        ? (sample.labels.token_type as keyof Totals | undefined)
        : FIELD[sample.name]
    return field ? [{ ...sample, field }] : []
  })
  const unpriced = all.filter(({ name, value }) => name === 'agent_usage_unpriced_tokens_total' && value > 0)
  return {
    perModel: totals(used, ({ model = '' }) => model),
    perProjectModel: totals(used, ({ project = '', model = '' }) => projectModel(project, model)),
    unpricedTokens: new Map(unpriced.map(({ labels, value }) => [labels.model ?? '', value])),
    projects: [...new Set(used.map(({ labels }) => labels.project ?? ''))].sort(),
    samples: all,
  }
}

/** Totals as text. Costs are rounded to whole nano-dollars, the unit in which they are counted. */
export function comparable(totals: ReadonlyMap<string, Totals>): Record<string, string> {
  const text = (one: Totals) => {
    const counts = [one.input, one.output, one.cache_write_5m, one.cache_write_1h, one.cache_read].join('/')
    const nanos = Math.round(one.costUsd * 1e9)
    return `${one.requests}; ${counts}; ${nanos / 1e9}; ${one.webSearches} searches`
  }
  return Object.fromEntries([...totals].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => [key, text(one)]))
}

function totals(
  used: readonly (Sample & { readonly field: keyof Totals })[],
  series: (labels: Sample['labels']) => string,
): Map<string, Totals> {
  const sums = new Map<string, Draft>()
  for (const { labels, field, value } of used) {
    const name = series(labels)
    const sum = sums.get(name) ?? {
      requests: 0,
      input: 0,
      output: 0,
      cache_write_5m: 0,
      cache_write_1h: 0,
      cache_read: 0,
      webSearches: 0,
      costUsd: 0,
    }
    sum[field] += value
    sums.set(name, sum)
  }
  return sums
}

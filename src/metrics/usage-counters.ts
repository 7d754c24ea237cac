// The usage counters. Each is read on request, from the current totals or from those of an earlier time.
import { NANOS_PER_USD } from '../core/pricing/nano-dollars.js'
import { MEASURE, TOKENS, type SeriesLabels } from '../core/schema.js'
import type { CompatView } from '../core/totals/compat.js'
import { USAGE } from './catalogue.js'
import { compatMetrics } from './compat.js'
import type { CountedSeries, CountedTotals } from './counted-totals.js'
import { byRow, byValue } from './made-once.js'
import type { Labels, Metric, Sample } from './metric.js'

export interface UsageLabels {
  readonly ofRow: (row: number) => SeriesLabels
  readonly ofAgent: (agent: string) => (project: string) => Labels
}

export function createUsageLabels(series: CountedSeries): UsageLabels {
  return {
    ofRow: byRow((row) => series.labels(row)),
    ofAgent: byValue((agent) => byValue((project) => ({ agent, project }))),
  }
}

export type CounterKey = 'tokens' | 'cost' | 'loggedCost' | 'requests' | 'webSearches' | 'sessions' | 'unpriced'

/** @param shown number of series to show, from the first on */
export function usageCounters(
  { series, sessions: counts }: CountedTotals,
  shown: () => number,
  { ofRow, ofAgent } = createUsageLabels(series),
): Readonly<Record<CounterKey, Metric>> {
  const ofModel = byValue((model) => ({ model }))
  const ofAgentModel = byValue((agent) => byValue((model) => ({ agent, model })))
  const byToken = byRow((row) => TOKENS.map(({ type }) => ({ ...ofRow(row), token_type: type })))

  function* tokens(first = 0, end = shown()): Generator<Sample> {
    for (let row = first; row < end; row += 1) {
      const labels = byToken(row)
      for (let token = 0; token < labels.length; token += 1)
        yield { labels: labels[token]!, value: series.total(row, MEASURE[TOKENS[token]!.name]), series: row }
    }
  }

  function measured(measure: number, unit: number): Metric['read'] {
    return function* (first = 0, end = shown()): Generator<Sample> {
      for (let row = first; row < end; row += 1)
        yield { labels: ofRow(row), value: series.total(row, measure) / unit, series: row }
    }
  }

  function* loggedCost(first = 0, end = shown()): Generator<Sample> {
    for (let row = first; row < end; row += 1) {
      const value = series.loggedCost(row)
      if (value <= 0) continue
      const { agent, model } = ofRow(row)
      yield { labels: ofAgentModel(agent)(model), value: value / NANOS_PER_USD, series: row }
    }
  }

  function* sessions(first = 0, end = shown()): Generator<Sample> {
    for (let row = first; row < end; row += 1) {
      const { agent, project } = ofRow(row)
      yield { labels: ofAgent(agent)(project), value: counts.count(row), series: row }
    }
  }

  function* unpriced(first = 0, end = shown()): Generator<Sample> {
    for (let row = first; row < end; row += 1) {
      const value = series.unpriced(row)
      if (value > 0) yield { labels: ofModel(ofRow(row).model), value, series: row }
    }
  }

  return {
    tokens: { definition: USAGE.tokens, read: tokens },
    cost: { definition: USAGE.cost, read: measured(MEASURE.cost, NANOS_PER_USD) },
    loggedCost: { definition: USAGE.loggedCost, read: loggedCost, shares: true },
    requests: { definition: USAGE.requests, read: measured(MEASURE.requests, 1) },
    webSearches: { definition: USAGE.webSearches, read: measured(MEASURE.searches, 1) },
    sessions: { definition: USAGE.sessions, read: sessions, shares: true },
    unpriced: { definition: USAGE.unpriced, read: unpriced, shares: true },
  }
}

/** All usage counters, including those of the views. */
export function allCounters(totals: CountedTotals, compat: readonly CompatView[]): readonly Metric[] {
  const shown = (): number => totals.series.count
  return [
    ...Object.values(usageCounters(totals, shown)),
    ...compat.flatMap((view) => compatMetrics(view, totals.series, shown)),
  ]
}

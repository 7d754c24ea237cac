// The usage metrics. They keep no numbers of their own: each is read from the totals on request.
import { NANOS_PER_USD } from '../core/pricing/nano-dollars.js'
import type { Budget } from '../core/totals/budget.js'
import { PERIODS } from '../core/totals/period.js'
import type { Pricer } from '../core/pricing/pricing.js'
import { TOKENS } from '../core/schema.js'
import { CORRECTION_REASONS } from '../core/totals/corrections.js'
import type { CompatView } from '../core/totals/compat.js'
import type { Totals } from '../core/totals/totals.js'
import { budgetMetrics } from './budgets.js'
import { createPeriods, type Calendar } from './calendar.js'
import { USAGE } from './catalogue.js'
import { compatMetrics } from './compat.js'
import { byRow, byValue } from './made-once.js'
import type { Labels, Metric, Sample } from './metric.js'
import { createPeriodCosts } from './period-costs.js'
import { createUsageLabels, usageCounters } from './usage-counters.js'

export interface UsageView {
  readonly totals: Totals
  /** Asked on each read, because the configuration can be reloaded. */
  readonly liveConfig: { readonly config: UsageSettings; readonly pricer: Pricer }
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** False until the first pass is complete: a half-read history is not shown. */
  readonly complete: () => boolean
  /** Agents whose usage is also shown under the metric names of their own telemetry. */
  readonly compat?: readonly CompatView[]
}

export interface UsageSettings extends Calendar {
  readonly budgets: readonly Budget[]
}

/** The metrics of USAGE in the catalogue, in its order, then those of `compat`. */
export function usageMetrics({ totals, liveConfig, now, complete, compat = [] }: UsageView): readonly Metric[] {
  const { series } = totals
  const periodsNow = createPeriods(now, () => liveConfig.config)
  // The first look at a time zone takes some milliseconds: now, while logs are read, and not while a scrape waits.
  periodsNow()
  const costsNow = createPeriodCosts(totals, periodsNow, now)
  const ofRates = byValue((model) => TOKENS.map(({ name, type }) => ({ name, labels: { model, token_type: type } })))
  const ofReason = byValue((reason) => ({ reason }))
  const ofPeriod = byValue((period) => ({ period }))
  const byPeriod = byRow((row) => PERIODS.map((period) => ({ period, ...labelsOf(row) })))
  const rows = (): number => (complete() ? series.count : 0)
  const labels = createUsageLabels(series)
  const { ofRow: labelsOf, ofAgent } = labels
  const counters = usageCounters(totals, rows, labels)

  function* corrections(): Generator<Sample> {
    if (!complete()) return
    for (const reason of CORRECTION_REASONS) yield { labels: ofReason(reason), value: totals.corrections.count(reason) }
  }

  function* periodCost(): Generator<Sample> {
    if (!complete()) return
    const costs = costsNow()
    for (let row = 0, end = rows(); row < end; row += 1) {
      for (const labels of byPeriod(row)) yield { labels, value: (costs[labels.period][row] ?? 0) / NANOS_PER_USD }
    }
  }

  function* periodStart(): Generator<Sample> {
    if (!complete()) return
    const spans = periodsNow()
    for (const [index, period] of PERIODS.entries())
      yield { labels: ofPeriod(period), value: spans[index]!.fromMs / 1000 }
  }

  function* lastActivity(): Generator<Sample> {
    const nowMs = now()
    const latest = new Map<Labels, number>()
    for (let row = 0, end = rows(); row < end; row += 1) {
      const time = totals.lastActivity(row, nowMs)
      const { agent, project } = labelsOf(row)
      const labels = ofAgent(agent)(project)
      if (!Number.isNaN(time) && !((latest.get(labels) ?? Number.NaN) >= time)) latest.set(labels, time)
    }
    for (const [labels, time] of latest) yield { labels, value: time / 1000 }
  }

  function* prices(): Generator<Sample> {
    const models = new Set<string>()
    for (let row = 0, end = rows(); row < end; row += 1) models.add(labelsOf(row).model)
    for (const model of models) {
      const rates = liveConfig.pricer.ratesNow(model, now())
      if (rates === undefined) continue
      for (const { name, labels } of ofRates(model)) yield { labels, value: rates[name] / NANOS_PER_USD }
    }
  }

  const metrics: Readonly<Record<keyof typeof USAGE, Metric>> = {
    // In the order of the catalogue.
    tokens: counters.tokens,
    cost: counters.cost,
    loggedCost: counters.loggedCost,
    requests: counters.requests,
    webSearches: counters.webSearches,
    sessions: counters.sessions,
    corrections: { definition: USAGE.corrections, read: corrections },
    unpriced: counters.unpriced,
    periodCost: { definition: USAGE.periodCost, read: periodCost },
    periodStart: { definition: USAGE.periodStart, read: periodStart },
    ...budgetMetrics({ budgets: () => liveConfig.config.budgets, series, costs: costsNow, complete }),
    lastActivity: { definition: USAGE.lastActivity, read: lastActivity },
    price: { definition: USAGE.price, read: prices },
  }
  return [...Object.values(metrics), ...compat.flatMap((each) => compatMetrics(each, series, rows))]
}

// The usage metrics. They keep no numbers of their own: each is read from the totals on request.
import { NANOS_PER_USD } from '../core/pricing/nano-dollars.js'
import type { Budget } from '../core/totals/budget.js'
import { PERIODS } from '../core/totals/period.js'
import type { Pricer } from '../core/pricing/pricing.js'
import { MEASURE, TOKENS } from '../core/schema.js'
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
  const costsNow = createPeriodCosts(totals, periodsNow, now)
  const ofModel = byValue((model) => ({ model }))
  const ofRates = byValue((model) => TOKENS.map(({ name, type }) => ({ name, labels: { model, token_type: type } })))
  const ofAgent = byValue((agent) => byValue((project) => ({ agent, project })))
  const ofAgentModel = byValue((agent) => byValue((model) => ({ agent, model })))
  const ofReason = byValue((reason) => ({ reason }))
  const ofPeriod = byValue((period) => ({ period }))
  const labelsOf = byRow((row) => series.labels(row))
  const byToken = byRow((row) => TOKENS.map(({ type }) => ({ ...labelsOf(row), token_type: type })))
  const byPeriod = byRow((row) => PERIODS.map((period) => ({ period, ...labelsOf(row) })))
  const rows = (): number => (complete() ? series.count : 0)

  function* tokens(): Generator<Sample> {
    for (let row = 0, end = rows(); row < end; row += 1) {
      const labels = byToken(row)
      for (let token = 0; token < labels.length; token += 1)
        yield { labels: labels[token]!, value: series.total(row, MEASURE[TOKENS[token]!.name]), series: row }
    }
  }

  function* measured(measure: number, unit: number): Generator<Sample> {
    for (let row = 0, end = rows(); row < end; row += 1)
      yield { labels: labelsOf(row), value: series.total(row, measure) / unit, series: row }
  }

  function* loggedCost(): Generator<Sample> {
    for (let row = 0, end = rows(); row < end; row += 1) {
      const value = series.loggedCost(row)
      if (value <= 0) continue
      const { agent, model } = labelsOf(row)
      yield { labels: ofAgentModel(agent)(model), value: value / NANOS_PER_USD, series: row }
    }
  }

  function* sessions(): Generator<Sample> {
    for (let row = 0, end = rows(); row < end; row += 1) {
      const { agent, project } = labelsOf(row)
      yield { labels: ofAgent(agent)(project), value: totals.sessions.count(row), series: row }
    }
  }

  function* corrections(): Generator<Sample> {
    if (!complete()) return
    for (const reason of CORRECTION_REASONS) yield { labels: ofReason(reason), value: totals.corrections.count(reason) }
  }

  function* unpriced(): Generator<Sample> {
    for (let row = 0, end = rows(); row < end; row += 1) {
      const value = series.unpriced(row)
      if (value > 0) yield { labels: ofModel(labelsOf(row).model), value, series: row }
    }
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
    tokens: { definition: USAGE.tokens, read: tokens },
    cost: { definition: USAGE.cost, read: () => measured(MEASURE.cost, NANOS_PER_USD) },
    loggedCost: { definition: USAGE.loggedCost, read: loggedCost, shares: true },
    requests: { definition: USAGE.requests, read: () => measured(MEASURE.requests, 1) },
    webSearches: { definition: USAGE.webSearches, read: () => measured(MEASURE.searches, 1) },
    sessions: { definition: USAGE.sessions, read: sessions, shares: true },
    corrections: { definition: USAGE.corrections, read: corrections },
    unpriced: { definition: USAGE.unpriced, read: unpriced, shares: true },
    periodCost: { definition: USAGE.periodCost, read: periodCost },
    periodStart: { definition: USAGE.periodStart, read: periodStart },
    ...budgetMetrics({ budgets: () => liveConfig.config.budgets, series, costs: costsNow, complete }),
    lastActivity: { definition: USAGE.lastActivity, read: lastActivity },
    price: { definition: USAGE.price, read: prices },
  }
  return [...Object.values(metrics), ...compat.flatMap((each) => compatMetrics(each, series, rows))]
}

// The usage metrics. They keep no number of their own: each is read from the totals when someone asks.
import type { Registry } from 'prom-client'
import type { Budget } from '../core/totals/budget.js'
import { PERIODS } from '../core/totals/period.js'
import type { Pricer } from '../core/pricing/pricing.js'
import type { SeriesLabels } from '../core/totals/series.js'
import { CORRECTION_REASONS } from '../core/totals/corrections.js'
import type { Clock } from '../process/clock.js'
import type { Totals } from '../core/totals/totals.js'
import { MEASURE, TOKENS } from '../core/schema.js'
import { registerBudgets } from './budgets.js'
import { createPeriods, type Calendar } from './calendar.js'
import { USAGE } from './catalogue.js'
import { createPeriodCosts } from './period-costs.js'
import { NANOS, registerRead, sample, type Sample } from './samples.js'

export interface UsageView {
  readonly totals: Totals
  /** Asked at each scrape: it may have been read again. */
  readonly liveConfig: { readonly config: UsageSettings; readonly pricer: Pricer }
  readonly clock: Clock
  /** False until the first pass is complete: nothing is shown of a history that is half read. */
  readonly complete: () => boolean
}

export interface UsageSettings extends Calendar {
  readonly birthHoldMs: number
  readonly budgets: readonly Budget[]
}

/** Registers the usage metrics; what each shows is worked out when it is asked for. */
export function registerUsage(registry: Registry, view: UsageView): void {
  const { totals, liveConfig: liveConfig, clock, complete } = view
  const { now, monotonic } = clock
  const { series } = totals
  const periodsNow = createPeriods(now, () => liveConfig.config)
  const costsNow = createPeriodCosts(totals, periodsNow, now)
  const labelsOf = cached((row) => series.labels(row))
  const byToken = cached((row) => TOKENS.map(({ type }) => ({ ...series.labels(row), token_type: type })))
  const byPeriod = cached((row) => PERIODS.map((period) => ({ period, ...series.labels(row) })))

  function* rows(): Generator<{ readonly row: number; readonly born: boolean }> {
    if (!complete()) return
    const monotonicMs = monotonic()
    for (let row = 0; row < series.count; row += 1)
      yield { row, born: series.shown(row, monotonicMs, liveConfig.config.birthHoldMs) }
  }

  function* tokens(): Generator<Sample> {
    for (const { row, born } of rows()) {
      for (const [index, labels] of byToken(row).entries()) {
        yield sample(labels, born ? series.total(row, MEASURE[TOKENS[index]!.name]) : 0)
      }
    }
  }

  function* amounts(measure: number, unit: number): Generator<Sample> {
    for (const { row, born } of rows()) yield sample(labelsOf(row), born ? series.total(row, measure) / unit : 0)
  }

  function* corrections(): Generator<Sample> {
    if (complete()) for (const reason of CORRECTION_REASONS) yield sample({ reason }, totals.corrections.count(reason))
  }

  function* unpriced(): Generator<Sample> {
    const byModel = new Map<string, number>()
    for (const { row, born } of rows()) {
      const { model } = labelsOf(row)
      if (series.unpriced(row) > 0) byModel.set(model, (byModel.get(model) ?? 0) + (born ? series.unpriced(row) : 0))
    }
    for (const [model, value] of byModel) yield sample({ model }, value)
  }

  function* periodCost(): Generator<Sample> {
    if (!complete()) return
    const costs = costsNow()
    for (const { row } of rows()) {
      for (const labels of byPeriod(row)) yield sample(labels, (costs[labels.period][row] ?? 0) / NANOS)
    }
  }

  function* periodStart(): Generator<Sample> {
    if (!complete()) return
    const spans = periodsNow()
    for (const [index, period] of PERIODS.entries()) yield sample({ period }, spans[index]!.fromMs / 1000)
  }

  function* lastActivity(): Generator<Sample> {
    const nowMs = now()
    const latest = new Map<string, { readonly labels: SeriesLabels; time: number }>()
    for (const { row } of rows()) {
      const time = totals.lastActivity(row, nowMs)
      const labels = labelsOf(row)
      const key = `${labels.agent}\0${labels.project}`
      if (!Number.isNaN(time) && !((latest.get(key)?.time ?? Number.NaN) >= time)) latest.set(key, { labels, time })
    }
    for (const { labels, time } of latest.values())
      yield sample({ agent: labels.agent, project: labels.project }, time / 1000)
  }

  function* prices(): Generator<Sample> {
    const models = new Set<string>()
    for (const { row } of rows()) models.add(labelsOf(row).model)
    for (const model of models) {
      const rates = liveConfig.pricer.ratesNow(model, now())
      if (rates === undefined) continue
      for (const { name, type } of TOKENS) yield sample({ model, token_type: type }, rates[name] / NANOS)
    }
  }

  const register = registerRead.bind(undefined, registry)
  register(USAGE.tokens, tokens)
  register(USAGE.cost, () => amounts(MEASURE.cost, NANOS))
  register(USAGE.requests, () => amounts(MEASURE.requests, 1))
  register(USAGE.webSearches, () => amounts(MEASURE.searches, 1))
  register(USAGE.corrections, corrections)
  register(USAGE.unpriced, unpriced)
  register(USAGE.periodCost, periodCost)
  register(USAGE.periodStart, periodStart)
  registerBudgets(registry, { budgets: () => liveConfig.config.budgets, series, costs: costsNow, complete })
  register(USAGE.lastActivity, lastActivity)
  register(USAGE.price, prices)
}

/** Labels never change; the same objects again are what makes a scrape cheap. */
function cached<T>(make: (row: number) => T): (row: number) => T {
  const made: T[] = []
  return (row) => (made[row] ??= make(row))
}

// Computes the spend of `/api/summary` from the totals. An open page requests it every few seconds, so results that
// need a scan are cached; forecasts depend on the clock, and are computed for each request.
import type { State } from '../core/state.js'
import { MEASURE, TOKENS } from '../core/schema.js'
import { NANOS_PER_USD } from '../core/pricing/nano-dollars.js'
import type { Budget } from '../core/totals/budget.js'
import { forecast } from '../core/totals/forecast.js'
import { PERIODS } from '../core/totals/period.js'
import { costsOfSpans, type Span } from '../core/totals/span-costs.js'
import type { Totals } from '../core/totals/totals.js'
import type { Period, Ranking, Rankings, Share, Spend, Tokens, Total } from '../http/summary-schema.js'
import { createMembers } from '../metrics/budget-members.js'
import { currentPeriods, lastDays, lastMonths, previousPeriods, type Calendar } from '../metrics/calendar.js'
import type { LiveConfig } from './live-config.js'

const DAYS = 30
const MONTHS = 12
/** Maximum number of names in each ranking, and in the list of models without a price. */
export const NAMED = 8
/** Minimum time between two scans under steady load. A scan of half a million responses takes about 15 ms. */
const KEPT_MS = 2_000

export interface SpendOptions {
  readonly state: State
  readonly liveConfig: LiveConfig
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/**
 * The returned function gives the spend as of the latest booking or, under steady load, as of at most `KEPT_MS` ago. A
 * result of the previous day is never reused.
 */
export function createSpend({ state, liveConfig, now }: SpendOptions): () => Spend {
  type Kept = Calendar & {
    readonly spend: Spend
    readonly budgets: readonly Budget[]
    readonly version: number
    readonly atMs: number
    readonly periods: readonly Span[]
  }
  let kept: Kept | undefined
  const membersOf = createMembers(state.totals.series)
  const fresh = (nowMs: number, version: number): Kept => {
    const { timeZone, weekStart, budgets } = liveConfig.config
    const calendar = { timeZone, weekStart }
    const periods = currentPeriods(nowMs, calendar)
    const spend = spendOf({ state, nowMs, calendar, periods, budgets, membersOf })
    return { ...calendar, spend, budgets, version, atMs: nowMs, periods }
  }
  return () => {
    const nowMs = now()
    const version = state.totals.version(nowMs)
    const { timeZone, weekStart, budgets } = liveConfig.config
    const sameSettings = kept?.timeZone === timeZone && kept.weekStart === weekStart && kept.budgets === budgets
    const isCurrent =
      kept !== undefined &&
      sameSettings &&
      isWithin(kept.periods[0]!, nowMs) &&
      (version === kept.version || Math.abs(nowMs - kept.atMs) < KEPT_MS)
    if (!isCurrent) kept = fresh(nowMs, version)
    return withForecasts(kept!.spend, kept!.periods, nowMs)
  }
}

const isWithin = ({ fromMs, toMs }: Span, timeMs: number): boolean => timeMs >= fromMs && timeMs < toMs

function withForecasts(spend: Spend, periods: readonly Span[], nowMs: number): Spend {
  const [, , month] = periods
  return {
    ...spend,
    month: { ...spend.month, forecast_usd: forecast(spend.month.usd, 'month', month!, nowMs) },
    budgets: spend.budgets.map((budget) => {
      const span = periods[PERIODS.indexOf(budget.period)]!
      return { ...budget, forecast_usd: forecast(budget.spent_usd, budget.period, span, nowMs) }
    }),
  }
}

interface Asked {
  readonly state: State
  readonly nowMs: number
  readonly calendar: Calendar
  /** The current day, week and month. */
  readonly periods: readonly Span[]
  readonly budgets: readonly Budget[]
  readonly membersOf: (budget: Budget) => readonly number[]
}

/** The spend without forecasts, which are null. */
function spendOf({ state: { totals }, nowMs, calendar, periods, budgets, membersOf }: Asked): Spend {
  const previous = previousPeriods(nowMs, calendar)
  const days = lastDays(nowMs, calendar.timeZone, DAYS)
  const months = lastMonths(nowMs, calendar.timeZone, MONTHS)
  const costs = costsOfSpans(totals, [...periods, ...previous, ...days, ...months], nowMs)
  const usd = (span: Span): number => costs.total(span) / NANOS_PER_USD
  const since = (span: Span) => ({ from: dateOf(span.fromMs, calendar), usd: usd(span) })
  // Equal to the metric, which includes responses of later today, as a wrong clock may log them.
  const [today, week, month] = periods.map((span, index): Period => {
    return { ...since(span), previous: since(previous[index]!) }
  })
  const ofToday = costs.bySeries(periods[0]!)
  const ofPeriods = periods.map((span) => costs.bySeries(span))
  const ofSpans = (spans: readonly Span[]): Rankings => {
    const whole = costs.bySeries({ fromMs: spans[0]!.fromMs, toMs: spans.at(-1)!.toMs })
    return rankings(totals, whole, ofToday)
  }
  const firstDay = Number.isFinite(costs.firstMs) ? dateOf(costs.firstMs, calendar) : null
  return {
    today: today!,
    week: week!,
    month: { ...month!, forecast_usd: null },
    total: totalOf(totals, ofToday, firstDay),
    budgets: budgets.map((budget) => {
      const ofPeriod = ofPeriods[PERIODS.indexOf(budget.period)]!
      const spent = membersOf(budget).reduce((nanos, series) => nanos + (ofPeriod[series] ?? 0), 0)
      return {
        name: budget.name,
        period: budget.period,
        limit_usd: budget.limitUsd,
        spent_usd: spent / NANOS_PER_USD,
        forecast_usd: null,
      }
    }),
    days: days.map((day) => ({ date: day.date, usd: usd(day) })),
    ...ofSpans(days),
    twelve_months: { months: months.map((each) => ({ month: each.month, usd: usd(each) })), ...ofSpans(months) },
  }
}

/** Read from the counters, without a scan of the responses. */
function totalOf(totals: Totals, today: Float64Array, since: string | null): Total {
  const { series, sessions } = totals
  const amount = (index: number): Float64Array =>
    Float64Array.from({ length: series.count }, (_, row) => series.total(row, index))
  const costs = amount(MEASURE.cost)
  const tokens = Object.fromEntries(TOKENS.map(({ name, type }) => [type, sum(amount(MEASURE[name]))])) as Tokens
  return {
    usd: sum(costs) / NANOS_PER_USD,
    since,
    requests: sum(amount(MEASURE.requests)),
    tokens,
    sessions: costs.reduce((all, _, row) => all + sessions.count(row), 0),
    ...rankings(totals, costs, today),
  }
}

/** @param all costs by series, in nano-dollars @param today the part of `all` spent today */
function rankings({ series }: Totals, all: Float64Array, today: Float64Array): Rankings {
  const by = (label: 'agent' | 'project' | 'model'): Ranking => ranked(all, today, (row) => series.labels(row)[label])
  return { agents: by('agent'), projects: by('project'), models: by('model') }
}

const dateOf = (timeMs: number, { timeZone }: Calendar): string => lastDays(timeMs, timeZone, 1)[0]!.date

/** Sums the series of each name, and sorts the names by cost. */
function ranked(costs: Float64Array, costsToday: Float64Array, nameOf: (series: number) => string): Ranking {
  const nanos = new Map<string, { all: number; today: number }>()
  for (const [series, all] of costs.entries()) {
    if (all === 0) continue
    const name = nameOf(series)
    const sums = nanos.get(name) ?? { all: 0, today: 0 }
    sums.all += all
    sums.today += costsToday[series] ?? 0
    nanos.set(name, sums)
  }
  const shares = [...nanos]
    .map(([name, { all, today }]): Share => ({ name, usd: all / NANOS_PER_USD, today_usd: today / NANOS_PER_USD }))
    .sort((a, b) => b.usd - a.usd || (a.name < b.name ? -1 : 1))
  const others = shares.slice(NAMED)
  return {
    top: shares.slice(0, NAMED),
    others: {
      count: others.length,
      usd: others.reduce((total, { usd }) => total + usd, 0),
      today_usd: others.reduce((total, { today_usd }) => total + today_usd, 0),
    },
  }
}

const sum = (costs: Float64Array): number => costs.reduce((total, cost) => total + cost, 0)

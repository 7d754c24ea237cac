// Computes `/api/summary` from the totals on request. An open page asks every few seconds, so results that take a scan are
// kept for a while.
import { NANOS_PER_USD } from '../core/pricing/nano-dollars.js'
import { isUp, type RootAccess } from './access.js'
import { dailyCosts } from '../core/totals/days.js'
import type { State } from '../core/state.js'
import type { Budget } from '../core/totals/budget.js'
import { PERIODS } from '../core/totals/period.js'
import type { Totals } from '../core/totals/totals.js'
import { MEASURE, TOKENS } from '../core/schema.js'
import type { LiveConfig } from './live-config.js'
import type { Period, Ranking, Share, Spend, Summary, Tokens, Total } from '../http/summary-schema.js'
import { createMembers } from '../metrics/budget-members.js'
import { currentPeriods, lastDays, zoneName, type Calendar, type CalendarDay } from '../metrics/calendar.js'
import type { PushTelemetry } from '../metrics/push-telemetry.js'
import type { Health } from '../metrics/telemetry.js'
import type { Trouble } from './troubles.js'

const DAYS = 30
/** So many projects and models are named, of those without a price, too. */
const NAMED = 8
/** A scan of half a million responses takes about 15 ms: not more than once in this time. */
const KEPT_MS = 2_000
/** The first day is looked for when there are new responses, but not more than once in this time: old ones hardly ever come. */
const FIRST_KEPT_MS = 60_000

export interface SummaryOptions {
  readonly version: string
  readonly demo: boolean
  readonly state: State
  readonly liveConfig: LiveConfig
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** False until the first pass is complete. */
  readonly complete: () => boolean
  readonly files: () => number
  readonly roots: () => readonly RootAccess[]
  /** Those that were asked for or found. */
  readonly agents: () => Iterable<string>
  readonly troubles: () => readonly Trouble[]
  readonly health: () => Health
  /** undefined: nothing is pushed. */
  readonly pushTelemetry?: PushTelemetry | undefined
}

export function createSummary(options: SummaryOptions): () => Summary {
  const { version, demo, state, liveConfig, now, complete } = options
  const spend = keptSpend(options)
  return () => {
    const { errors, skipped, lastPassMs } = options.health()
    return {
      version,
      demo,
      time: new Date(now()).toISOString(),
      time_zone: zoneName(liveConfig.config.timeZone),
      spend: complete() ? spend() : null,
      exporter: {
        ready: complete(),
        last_pass: timeOf(lastPassMs),
        ...(options.pushTelemetry && { last_push: timeOf(options.pushTelemetry.lastAcceptedMs()) }),
        log_files: options.files(),
        responses: state.ledger.count,
        errors,
        skipped_lines: skipped,
        ...unpricedModels(options),
        troubles: options.troubles(),
        agents: [...options.agents()].map((agent) => ({ agent, up: isUp(agent, options.roots()) })),
        roots: options.roots().map(({ agent, path, access, unreadFiles, unreadPlaces }) => ({
          agent,
          path,
          found: access !== 'missing' && access !== 'unreachable',
          access,
          unread_files: unreadFiles,
          unread_folders: unreadPlaces,
        })),
      },
    }
  }
}

const timeOf = (ms: number | undefined): string | null => (ms === undefined ? null : new Date(ms).toISOString())

/** The spend as of the latest booking or, under steady load, of at most `KEPT_MS` ago; never one of yesterday. */
function keptSpend({ state, liveConfig, now }: SummaryOptions): () => Spend {
  type Kept = Calendar & {
    readonly spend: Spend
    readonly budgets: readonly Budget[]
    readonly version: number
    readonly atMs: number
    readonly today: CalendarDay
  }
  let kept: Kept | undefined
  const membersOf = createMembers(state.totals.series)
  const firstTime = keptFirstTime(state, now)
  return () => {
    const nowMs = now()
    const version = state.totals.version(nowMs)
    const { timeZone, weekStart, budgets } = liveConfig.config
    const sameSettings = kept?.timeZone === timeZone && kept.weekStart === weekStart && kept.budgets === budgets
    if (kept !== undefined && sameSettings && nowMs >= kept.today.fromMs && nowMs < kept.today.toMs) {
      if (version === kept.version || Math.abs(nowMs - kept.atMs) < KEPT_MS) return kept.spend
    }
    const days = lastDays(nowMs, timeZone, DAYS)
    const spend = spendOf({
      state,
      days,
      nowMs,
      calendar: { timeZone, weekStart },
      budgets,
      membersOf,
      firstTime: firstTime(),
    })
    kept = { timeZone, weekStart, budgets, spend, version, atMs: nowMs, today: days.at(-1)! }
    return kept.spend
  }
}

/** Time of the earliest response, milliseconds since the epoch; Infinity when none has one. */
function keptFirstTime({ totals, ledger }: State, now: () => number): () => number {
  let kept = { responses: -1, atMs: -Infinity, first: Infinity }
  return () => {
    const nowMs = now()
    if (ledger.count === kept.responses || nowMs < kept.atMs + FIRST_KEPT_MS) return kept.first
    let first = Infinity
    totals.visitCosts(-Infinity, nowMs, (time) => {
      if (time < first) first = time
    })
    kept = { responses: ledger.count, atMs: nowMs, first }
    return first
  }
}

interface Asked {
  readonly state: State
  readonly days: readonly CalendarDay[]
  readonly nowMs: number
  readonly calendar: Calendar
  readonly budgets: readonly Budget[]
  readonly membersOf: (budget: Budget) => readonly number[]
  readonly firstTime: number
}

function spendOf({ state: { totals }, days, nowMs, calendar, budgets, membersOf, firstTime }: Asked): Spend {
  // The same sums as those of the metric, down to responses of this evening that a wrong clock wrote.
  const spans = currentPeriods(nowMs, calendar)
  const costs = totals.costsOf(spans, nowMs)
  const [today, week, month] = costs.map((each, index): Period => {
    return { from: dateOf(spans[index]!.fromMs, calendar), usd: sum(each) / NANOS_PER_USD }
  })
  const byDay = dailyCosts(totals, days, nowMs)
  return {
    today: today!,
    week: week!,
    month: month!,
    total: totalOf(totals, byDay.at(-1)!, Number.isFinite(firstTime) ? dateOf(firstTime, calendar) : null),
    budgets: budgets.map((budget) => {
      const ofPeriod = costs[PERIODS.indexOf(budget.period)]!
      const spent = membersOf(budget).reduce((nanos, series) => nanos + (ofPeriod[series] ?? 0), 0)
      return { name: budget.name, period: budget.period, limit_usd: budget.limitUsd, spent_usd: spent / NANOS_PER_USD }
    }),
    days: days.map(({ date }, index) => ({ date, usd: sum(byDay[index]!) / NANOS_PER_USD })),
    ...rankings(totals, byDay),
  }
}

/** What the counters say; no response has to be looked at. */
function totalOf(totals: Totals, today: Float64Array, since: string | null): Total {
  const { series, sessions } = totals
  const amount = (index: number): Float64Array =>
    Float64Array.from({ length: series.count }, (_, row) => series.total(row, index))
  const costs = amount(MEASURE.cost)
  const tokens = Object.fromEntries(TOKENS.map(({ name, type }) => [type, sum(amount(MEASURE[name]))])) as Tokens
  // Today is among them.
  const before = costs.map((nanos, row) => nanos - (today[row] ?? 0))
  return {
    usd: sum(costs) / NANOS_PER_USD,
    since,
    requests: sum(amount(MEASURE.requests)),
    tokens,
    sessions: costs.reduce((all, _, row) => all + sessions.count(row), 0),
    ...rankings(totals, [before, today]),
  }
}

function rankings({ series }: Totals, byDay: readonly Float64Array[]): Pick<Spend, 'agents' | 'projects' | 'models'> {
  return {
    agents: ranked(byDay, (row) => series.labels(row).agent),
    projects: ranked(byDay, (row) => series.labels(row).project),
    models: ranked(byDay, (row) => series.labels(row).model),
  }
}

const dateOf = (timeMs: number, { timeZone }: Calendar): string => lastDays(timeMs, timeZone, 1)[0]!.date

/** Adds up the series of each name. */
function ranked(byDay: readonly Float64Array[], nameOf: (series: number) => string): Ranking {
  const nanos = new Map<string, { all: number; today: number }>()
  for (let series = 0; series < byDay[0]!.length; series += 1) {
    const all = byDay.reduce((total, costs) => total + costs[series]!, 0)
    if (all === 0) continue
    const name = nameOf(series)
    const sums = nanos.get(name) ?? { all: 0, today: 0 }
    sums.all += all
    sums.today += byDay.at(-1)![series]!
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

/** Those that have no price now: what got one later was counted anew. */
function unpricedModels({
  state,
  liveConfig,
  now,
}: SummaryOptions): Pick<Summary['exporter'], 'unpriced' | 'unpriced_others'> {
  const { series } = state.totals
  const tokens = new Map<string, number>()
  for (let row = 0; row < series.count; row += 1) {
    if (series.unpriced(row) === 0) continue
    const { model } = series.labels(row)
    if (liveConfig.pricer.ratesNow(model, now()) === undefined)
      tokens.set(model, (tokens.get(model) ?? 0) + series.unpriced(row))
  }
  const models = [...tokens]
    .map(([model, count]) => ({ model, tokens: count }))
    .sort((a, b) => b.tokens - a.tokens || (a.model < b.model ? -1 : 1))
  const others = models.slice(NAMED)
  return {
    unpriced: models.slice(0, NAMED),
    unpriced_others: { count: others.length, tokens: others.reduce((total, each) => total + each.tokens, 0) },
  }
}

const sum = (costs: Float64Array): number => costs.reduce((total, cost) => total + cost, 0)

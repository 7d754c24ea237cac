// What a person is told at a glance, worked out from the totals when someone asks. An open page asks every few seconds,
// so that what it takes a scan to know is kept for a while.
import type { RootAccess } from './access.js'
import { dailyCosts } from './core/days.js'
import type { State } from './core/state.js'
import type { InForce } from './in-force.js'
import type { Period, Ranking, Share, Spend, Summary } from './http/summary.js'
import { currentPeriods, lastDays, zoneName, type Calendar, type CalendarDay } from './metrics/calendar.js'
import type { Health } from './metrics/telemetry.js'

const NANOS = 1e9
const DAYS = 30
/** So many projects and models are named. */
const NAMED = 8
/** A scan of half a million responses takes about 15 ms: not more than once in this time. */
const KEPT_MS = 2_000

export interface SummaryOptions {
  readonly version: string
  readonly demo: boolean
  readonly state: State
  readonly inForce: InForce
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** False until the first pass is complete. */
  readonly complete: () => boolean
  readonly files: () => number
  readonly roots: () => readonly RootAccess[]
  readonly health: () => Promise<Health>
}

export function createSummary(options: SummaryOptions): () => Promise<Summary> {
  const { version, demo, state, inForce, now, complete } = options
  const spend = keptSpend(options)
  return async () => {
    const { errors, skipped, lastPassMs } = await options.health()
    return {
      version,
      demo,
      time: new Date(now()).toISOString(),
      time_zone: zoneName(inForce.config.timeZone),
      spend: complete() ? spend() : null,
      exporter: {
        ready: complete(),
        last_pass: lastPassMs === undefined ? null : new Date(lastPassMs).toISOString(),
        log_files: options.files(),
        responses: state.ledger.count,
        errors,
        skipped_lines: skipped,
        unpriced: unpricedModels(options),
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

/** The spend as of the latest booking or, under steady load, of at most `KEPT_MS` ago; never one of yesterday. */
function keptSpend({ state, inForce, now }: SummaryOptions): () => Spend {
  let kept: (Calendar & { readonly spend: Spend; readonly bookings: number; readonly atMs: number; readonly today: CalendarDay }) | undefined
  return () => {
    const nowMs = now()
    const { bookings } = state.totals
    const { timeZone, weekStart } = inForce.config
    const sameCalendar = kept?.timeZone === timeZone && kept.weekStart === weekStart
    if (kept !== undefined && sameCalendar && nowMs >= kept.today.fromMs && nowMs < kept.today.toMs) {
      if (bookings === kept.bookings || Math.abs(nowMs - kept.atMs) < KEPT_MS) return kept.spend
    }
    const days = lastDays(nowMs, timeZone, DAYS)
    kept = { timeZone, weekStart, spend: spendOf(state, days, nowMs, inForce.config), bookings, atMs: nowMs, today: days.at(-1)! }
    return kept.spend
  }
}

function spendOf({ totals }: State, days: readonly CalendarDay[], nowMs: number, calendar: Calendar): Spend {
  // The same sums as those of the metric, down to responses of tomorrow that a wrong clock wrote.
  const spans = currentPeriods(nowMs, calendar)
  const [today, week, month] = totals.costsOf(spans).map((costs, index): Period => {
    return { from: lastDays(spans[index]!.fromMs, calendar.timeZone, 1)[0]!.date, usd: sum(costs) / NANOS }
  })
  const byDay = dailyCosts(totals, days)
  return {
    today: today!,
    week: week!,
    month: month!,
    days: days.map(({ date }, index) => ({ date, usd: sum(byDay[index]!) / NANOS })),
    projects: ranked(byDay, (series) => totals.series.labels(series).project),
    models: ranked(byDay, (series) => totals.series.labels(series).model),
  }
}

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
    .map(([name, { all, today }]): Share => ({ name, usd: all / NANOS, today_usd: today / NANOS }))
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
function unpricedModels({ state, inForce, now }: SummaryOptions): Summary['exporter']['unpriced'] {
  const { series } = state.totals
  const tokens = new Map<string, number>()
  for (let row = 0; row < series.count; row += 1) {
    if (series.unpriced(row) === 0) continue
    const { model } = series.labels(row)
    if (inForce.pricer.ratesNow(model, now()) === undefined) tokens.set(model, (tokens.get(model) ?? 0) + series.unpriced(row))
  }
  return [...tokens].map(([model, count]) => ({ model, tokens: count })).sort((a, b) => b.tokens - a.tokens)
}

const sum = (costs: Float64Array): number => costs.reduce((total, cost) => total + cost, 0)

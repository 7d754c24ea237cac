// The schema of `/api/summary`, which the page at `/` shows, too. Fields may be added; none changes its meaning. Money
// is in US dollars, a date is `2026-11-22`, a time is RFC 3339 in UTC.
import type { TokenType } from '../core/schema.js'

export interface Summary {
  readonly version: string
  /** The logs were made up by `demo`. */
  readonly demo: boolean
  readonly time: string
  /** IANA name of the zone in which days, weeks and months begin. */
  readonly time_zone: string
  /** null until the first pass over the logs is complete, because a partial history would mislead. */
  readonly spend: Spend | null
  readonly exporter: Exporter
}

/**
 * Responses count for the day of their own time, whenever they were read; responses without a time are not included.
 */
export interface Spend extends Rankings {
  readonly today: Period
  readonly week: Period
  readonly month: Period & { readonly forecast_usd: Forecast }
  /** All time: everything counted, with or without a time. */
  readonly total: Total
  /** In the order of the configuration. */
  readonly budgets: readonly BudgetSpend[]
  /** The last 30 days, oldest first, the current one last; the rankings are of them. */
  readonly days: readonly { readonly date: string; readonly usd: number }[]
  readonly twelve_months: TwelveMonths
}

/** The current period. */
export interface Period extends Since {
  /** The whole day, week or month before. */
  readonly previous: Since
}

export interface Since {
  /** The first day. */
  readonly from: string
  readonly usd: number
}

/** At the pace of the period so far; null on its first day, and for days. */
export type Forecast = number | null

export interface TwelveMonths extends Rankings {
  /** Oldest first, the current one last; a month is `2026-11`. */
  readonly months: readonly { readonly month: string; readonly usd: number }[]
}

export interface Total extends Rankings {
  readonly usd: number
  /** The first day with a response; null if none has a time. */
  readonly since: string | null
  readonly requests: number
  /** By disjoint class: a prompt is input plus everything read from or written to the cache. */
  readonly tokens: Tokens
  readonly sessions: number
}

export type Tokens = Readonly<Record<TokenType, number>>

export interface BudgetSpend {
  readonly name: string
  readonly period: 'day' | 'week' | 'month'
  readonly limit_usd: number
  /** In the current period. */
  readonly spent_usd: number
  readonly forecast_usd: Forecast
}

export interface Rankings {
  readonly agents: Ranking
  readonly projects: Ranking
  readonly models: Ranking
}

/** The highest spends in the last 30 days, the last 12 months, or all time. */
export interface Ranking {
  /** The most expensive first; those that cost nothing are left out. */
  readonly top: readonly Share[]
  /** Number of the others with a cost, and their total cost. */
  readonly others: { readonly count: number; readonly usd: number; readonly today_usd: number }
}

export interface Share {
  readonly name: string
  readonly usd: number
  readonly today_usd: number
}

export interface Exporter {
  /** Whether the first pass over the logs is complete. */
  readonly ready: boolean
  /** When the last full pass ended; null before the first is complete. */
  readonly last_pass: string | null
  /** When a push was last accepted in full; null before the first, absent if nothing is pushed. */
  readonly last_push?: string | null
  readonly log_files: number
  /** Known responses, including those from deleted logs. */
  readonly responses: number
  /** Number of failures since the program started, by stage; it recovered from each. */
  readonly errors: Readonly<Record<string, number>>
  /** Lines that were not counted since the program started, by reason. */
  readonly skipped_lines: Readonly<Record<string, number>>
  /** Models whose tokens cost 0 because no price is known, the one with the most tokens first. */
  readonly unpriced: readonly { readonly model: string; readonly tokens: number }[]
  /** Number of the others, and their total tokens. */
  readonly unpriced_others: { readonly count: number; readonly tokens: number }
  /** The current troubles, those of the logs first; `/-/ready` shows the same. */
  readonly troubles: readonly { readonly path?: string; readonly text: string }[]
  /** The agents that were asked for or found, and whether their logs can be read. */
  readonly agents: readonly { readonly agent: string; readonly up: boolean }[]
  /** The directories with logs, and what could be read there. */
  readonly roots: readonly LogRoot[]
}

export interface LogRoot {
  readonly agent: string
  readonly path: string
  /** There is a directory that can be listed. */
  readonly found: boolean
  /**
   * `missing`: no directory. `unreachable`: it may not be entered or listed. `unreadable`: nothing in it can be read.
   * `partial`: some of it cannot. `empty`: no transcripts yet.
   */
  readonly access: 'read' | 'empty' | 'partial' | 'unreadable' | 'unreachable' | 'missing'
  /** Transcripts that the last full pass could not read, and folders or links. */
  readonly unread_files: number
  readonly unread_folders: number
}

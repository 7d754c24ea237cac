// Booked responses by time: what each span of time cost, and when a series was last active. Nothing is stored: it is
// computed from the entries on request, because the clock decides which times are believed.
import { COLUMN, DOUBLE_COLUMN, USAGE_WORDS } from '../schema.js'
import { Horizon, isAhead, lastBelieved } from '../ledger/horizon.js'
import type { Ledger } from '../ledger/ledger.js'
import type { RowView } from '../ledger/usage.js'
import { ROWS_PER_PAGE } from '../tables/rows.js'
import type { Series } from './series.js'

export type VisitCost = (time: number, series: number, nanos: number) => void

export class Timeline {
  readonly #ledger: Ledger
  readonly #series: Series
  /** Number of booked entries. */
  readonly #booked: () => number
  #version = 0
  #horizon = new Horizon()
  /** Latest times of responses that are not ahead, by series, as of a version. */
  #activity = { version: -1, times: new Float64Array(0) }

  constructor(ledger: Ledger, series: Series, booked: () => number) {
    this.#ledger = ledger
    this.#series = series
    this.#booked = booked
  }

  /** Notes that a response was booked. @param time NaN if it has none */
  note(time: number, nowMs: number): void {
    this.#horizon.note(time, nowMs)
  }

  /** Must be called after each booking. */
  changed(): void {
    this.#version += 1
  }

  version(nowMs: number): number {
    if (this.#horizon.holds(nowMs)) return this.#version
    const horizon = new Horizon()
    this.visitCosts(-Infinity, Infinity, (time) => horizon.note(time, nowMs))
    this.#horizon = horizon
    return (this.#version += 1)
  }

  lastActivity(series: number, nowMs: number): number {
    const latest = this.#series.lastActivity(series)
    if (!isAhead(latest, nowMs)) return latest
    const version = this.version(nowMs)
    if (this.#activity.version !== version) {
      const times = new Float64Array(this.#series.count).fill(Number.NaN)
      this.visitCosts(-Infinity, nowMs, (time, row) => {
        if (!(times[row]! >= time)) times[row] = time
      })
      this.#activity = { version, times }
    }
    return this.#activity.times[series]!
  }

  costsOf(spans: readonly { readonly fromMs: number; readonly toMs: number }[], nowMs: number): Float64Array[] {
    const costs = spans.map(() => new Float64Array(this.#series.count))
    this.visitCosts(Math.min(...spans.map((span) => span.fromMs)), nowMs, (time, series, nanos) => {
      for (let span = 0; span < spans.length; span += 1) {
        if (!(time >= spans[span]!.fromMs && time < spans[span]!.toMs)) continue
        costs[span]![series] = costs[span]![series]! + nanos
      }
    })
    return costs
  }

  visitCosts(sinceMs: number, nowMs: number, visit: VisitCost): void {
    const untilMs = lastBelieved(nowMs)
    const booked = this.#booked()
    const { words, doubles } = this.#ledger.entries.rows
    // Half a million rows are scanned while a scrape waits: page by page, with one comparison for rows that are too
    // old.
    for (let page = 0, first = 0; first < booked; page += 1, first += ROWS_PER_PAGE) {
      const pageWords = words[page]!
      const pageDoubles = doubles[page]!
      const rows = Math.min(ROWS_PER_PAGE, booked - first)
      for (let row = 0; row < rows; row += 1) {
        const base = (row * USAGE_WORDS) / 2
        let time = pageDoubles[base + DOUBLE_COLUMN.time]!
        if (time < sinceMs) continue
        if (this.#ledger.involvesAliases(first + row)) {
          if (this.#ledger.canonical(first + row) !== first + row) continue
          // A copy may have stated an earlier time than the response's own lines, never a later one.
          time = timeOf(this.#ledger.counted(first + row))
        }
        if (time >= sinceMs && time <= untilMs)
          visit(time, pageWords[row * USAGE_WORDS + COLUMN.series]!, pageDoubles[base + DOUBLE_COLUMN.cost]!)
      }
    }
  }

  /**
   * To be called after rows were loaded. The latest times are in the series; whether one is ahead is checked once a
   * clock is available.
   */
  reindex(): void {
    for (let series = 0; series < this.#series.count; series += 1)
      this.#horizon.note(this.#series.lastActivity(series), Infinity)
  }
}

/** Milliseconds since the epoch; NaN if it has none. */
export function timeOf({ doubles, base }: RowView): number {
  return doubles[base / 2 + DOUBLE_COLUMN.time]!
}

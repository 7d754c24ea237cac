// A state driven as a pass drives it: join, book, commit, with optional restarts from the committed pages.
import type { Pricer } from '../../src/core/pricing/pricing.js'
import { MEASURES } from '../../src/core/schema.js'
import { State } from '../../src/core/state.js'
import { CORRECTION_REASONS } from '../../src/core/totals/corrections.js'
import type { Change, Heading } from '../../src/core/tables/table.js'
import type { Booked } from '../../src/core/totals/totals.js'
import { NOW_MS, sum, type Amounts } from './totals/booking-spec.js'
import { batchOf, type Made } from './made-lines.js'
import { PRICES } from './pricing/made-prices.js'

const MANY_SERIES = 1_000

export interface SeriesNow {
  readonly amounts: Amounts
  readonly unpriced: number
  readonly loggedCost: number
  readonly lastActivity: string
  readonly birth: number
}

export class DrivenState {
  state = new State()
  pricer: Pricer
  readonly #heading: Heading = this.state.heading
  readonly #written: Change[] = []
  nowMs = NOW_MS

  constructor(pricer = PRICES) {
    this.pricer = pricer
    this.state.prices = 'some'
  }

  tell(lines: readonly Made[]): void {
    this.state.ledger.join(batchOf(lines), (entry) => this.state.totals.remember(entry))
  }

  /** @param most entries per call, new ones and repriced ones */
  book(maxSeries = MANY_SERIES, most = Infinity): Booked {
    return this.state.totals.book({ pricer: this.pricer, nowMs: this.nowMs, maxSeries }, most)
  }

  /** Writes the changes, as a store does. Returns their size in bytes. */
  commit(): number {
    const bytes = this.#write(this.state.changes())
    this.state.saved()
    return bytes
  }

  /** Replaces the state by one loaded from the committed changes. */
  restart(): void {
    this.state = new State()
    this.state.load(this.#heading, this.#written)
    if (!this.state.loaded) this.state.prices = 'some'
  }

  /** Replaces the committed changes by the whole state, as a store does when it compacts. */
  rewrite(): void {
    this.#written.length = 0
    this.#write(this.state.everything())
  }

  #write(changes: Iterable<Change>): number {
    let length = 0
    for (const { table, row, bytes } of changes) {
      this.#written.push({ table, row, bytes: bytes.slice() })
      length += bytes.length
    }
    return length
  }

  /** By `agent|project|model`. */
  get series(): Map<string, SeriesNow> {
    const { totals } = this.state
    const all = new Map<string, SeriesNow>()
    for (let row = 0; row < totals.series.count; row += 1) {
      const { agent, project, model } = totals.series.labels(row)
      all.set(`${agent}|${project}|${model}`, {
        amounts: Array.from({ length: MEASURES }, (_, amount) => totals.series.total(row, amount)),
        unpriced: totals.series.unpriced(row),
        loggedCost: totals.series.loggedCost(row),
        lastActivity: String(totals.lastActivity(row, this.nowMs)),
        birth: totals.series.birth(row),
      })
    }
    return all
  }

  get total(): Amounts {
    return sum([...this.series.values()].map(({ amounts }) => amounts))
  }

  get corrections(): Record<string, number> {
    const { totals } = this.state
    return Object.fromEntries(
      CORRECTION_REASONS.map((reason) => [reason, totals.corrections.count(reason)] as const).filter(
        ([, count]) => count > 0,
      ),
    )
  }

  /** Cost of the first second and of the first day by series, as the period gauges request it. */
  get periodCosts(): Record<string, readonly number[]> {
    const [second, day] = this.state.totals.costsOf(
      [
        { fromMs: 0, toMs: 1000 },
        { fromMs: 0, toMs: 86_400_000 },
      ],
      this.nowMs,
    )
    return Object.fromEntries([...this.series.keys()].map((name, row) => [name, [second![row]!, day![row]!]]))
  }
}

/** What an exposition would show, in a fixed order. */
export function shownBy(driven: DrivenState) {
  const periods = Object.entries(driven.periodCosts)
  return { series: inOrder([...driven.series]), corrections: driven.corrections, periods: inOrder(periods) }
}

function inOrder<T>(entries: (readonly [string, T])[]): (readonly [string, T])[] {
  return entries.sort(([a], [b]) => (a < b ? -1 : 1))
}

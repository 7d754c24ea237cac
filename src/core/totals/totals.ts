// The totals: what the ledger has learnt, added to series that never fall. What was booked of every response is known for
// ever, so that nothing is ever added twice.
import type { Ledger } from '../ledger/ledger.js'
import type { ModifierName } from '../ledger/modifiers.js'
import type { Sessions } from '../sessions.js'
import type { Pricer } from '../pricing/pricing.js'
import { RowPrices } from '../pricing/row-prices.js'
import { Booking } from './booking.js'
import { Corrections } from './corrections.js'
import { Exceptions } from './exceptions.js'
import { Pending } from './pending.js'
import { Series } from './series.js'
import { createSeriesFinder } from './series-finder.js'
import { SessionCounts } from './session-counts.js'
import { Timeline, type VisitCost } from './timeline.js'

export interface BookingRules {
  readonly pricer: Pricer
  /** For responses without a time, or with one that is far ahead; milliseconds since the epoch. */
  readonly nowMs: number
  /** Combinations of agent, project and model past which new projects share `project="other"`. */
  readonly maxSeries: number
}

export interface Booked {
  /** Raw names of the models that had no price. */
  readonly unpriced: ReadonlySet<string>
  /** Raw names of the models that had no price for a modifier, by its name. */
  readonly withoutPrice: ReadonlyMap<ModifierName, ReadonlySet<string>>
}

export class Totals {
  readonly series: Series
  readonly sessions: SessionCounts
  readonly exceptions: Exceptions
  readonly corrections = new Corrections()
  /** Combinations of labels that went into `project="other"` since the program started. */
  readonly folded = new Set<string>()

  readonly #ledger: Ledger
  readonly #sessions: Sessions
  readonly #pending: Pending
  readonly #timeline: Timeline
  #repriceAtMs = Infinity

  constructor(ledger: Ledger, sessions: Sessions) {
    this.#ledger = ledger
    this.#sessions = sessions
    this.series = new Series(ledger.strings)
    this.sessions = new SessionCounts(ledger, this.series, () => this.booked)
    this.exceptions = new Exceptions(ledger.entries)
    this.#pending = new Pending(ledger, this.exceptions, this.corrections)
    this.#timeline = new Timeline(ledger, this.series, () => this.booked)
  }

  /** To be called before an entry changes. */
  remember(entry: number): void {
    this.#pending.remember(entry)
  }

  /** Makes the next bookings price again all that was booked so far, as new prices ask for. */
  repriceAll(): void {
    this.#pending.repriceAll()
    this.#repriceAtMs = Infinity
  }

  /**
   * When the clock gets there, `repriceAll` is due: a response that was ahead of the clock when it was booked has another
   * price at its own time. Milliseconds since the epoch; Infinity: never.
   */
  get repriceAtMs(): number {
    return this.#repriceAtMs
  }

  /** Whether some of what was booked is still to be priced again. */
  get repricing(): boolean {
    return this.#pending.repricing
  }

  /** Whether `book` has something to do. */
  get waiting(): boolean {
    return this.#pending.any
  }

  /** How many entries were booked; those behind them are waiting. */
  get booked(): number {
    return this.#pending.unbooked
  }

  /**
   * Adds to the totals what is new since the last booking.
   * @param most so many of the new entries at a time, or a few more: what is left waits for the next booking
   * @param mostAgain prices entries again until, with the new ones, there are so many
   */
  book(rules: BookingRules, most = Infinity, mostAgain = most): Booked {
    const pending = this.#pending
    pending.settleAliases()
    const { entries, booked } = pending.next(most, mostAgain)
    const seriesOf = createSeriesFinder({
      entries,
      // A copy has no series of its own.
      viewOf: (entry) => this.#ledger.counted(this.#ledger.canonical(entry)),
      texts: this.#ledger.strings,
      sessions: this.#sessions,
      series: this.series,
      pricer: rules.pricer,
      maxSeries: rules.maxSeries,
      folded: this.folded,
    })
    const prices = new RowPrices(rules.pricer, rules.nowMs, this.#ledger.strings)
    const { series, sessions, exceptions, corrections } = this
    const books = { ledger: this.#ledger, series, sessions, exceptions, corrections, pending }
    const booking = new Booking(books, seriesOf, prices)
    for (let index = 0; index < entries.length; index += 1) {
      const entry = entries[index]!
      // What changed comes first, and makes room for what is new; so little of that has to wait.
      if (entry >= pending.unbooked) sessions.settle()
      this.#timeline.note(booking.book(entry), rules.nowMs)
      // One by one: what was added is not added again if the next one fails.
      if (entry >= pending.unbooked) pending.unbooked = entry + 1
    }
    booked()
    sessions.settle()
    this.#timeline.changed()
    this.#repriceAtMs = Math.min(this.#repriceAtMs, prices.repriceAtMs)
    return prices
  }

  /**
   * What was derived from the totals at a time holds until this changes: by a booking, or because the clock has passed the
   * time of a response.
   * @param nowMs milliseconds since the epoch
   */
  version(nowMs: number): number {
    return this.#timeline.version(nowMs)
  }

  /** Time of a series' latest response that is not ahead of the clock, milliseconds since the epoch; NaN when there is none. */
  lastActivity(series: number, nowMs: number): number {
    return this.#timeline.lastActivity(series, nowMs)
  }

  /** Cost of the responses of each span of time, by series, in nano-dollars. `toMs` is excluded, and so is what is ahead. */
  costsOf(spans: readonly { readonly fromMs: number; readonly toMs: number }[], nowMs: number): Float64Array[] {
    return this.#timeline.costsOf(spans, nowMs)
  }

  /**
   * Each booked response from `sinceMs` on, but those without a time and those that are ahead of the clock at `nowMs`.
   * Milliseconds since the epoch.
   */
  visitCosts(sinceMs: number, nowMs: number, visit: VisitCost): void {
    this.#timeline.visitCosts(sinceMs, nowMs, visit)
  }

  /**
   * Builds what is derived from rows, after these were loaded.
   * @param booked how many of the entries had been booked; if absent, all
   */
  reindex(booked = this.#ledger.count): void {
    this.series.reindex()
    this.sessions.reindex()
    this.exceptions.reindex()
    this.#pending.unbooked = booked
    this.#timeline.reindex()
  }
}

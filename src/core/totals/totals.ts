// The totals: adds new knowledge of the ledger to series that never fall. What was booked for each response is never
// forgotten, so nothing is added twice.
import type { Ledger } from '../ledger/ledger.js'
import type { ModifierName } from '../ledger/modifiers.js'
import { scratchRow } from '../ledger/usage.js'
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
  /** Time used for responses without one, or with one too far ahead; milliseconds since the epoch. */
  readonly nowMs: number
  /** Maximum number of combinations of agent, project and model; beyond it, new projects share `project="other"`. */
  readonly maxSeries: number
}

export interface Booked {
  /** Raw names of models without a price. */
  readonly unpriced: ReadonlySet<string>
  /** Raw names of models that have no price for a modifier, by the modifier's name. */
  readonly withoutPrice: ReadonlyMap<ModifierName, ReadonlySet<string>>
}

export class Totals {
  readonly series: Series
  readonly sessions: SessionCounts
  readonly exceptions: Exceptions
  readonly corrections = new Corrections()
  /** Label combinations folded into `project="other"` since the program started. */
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

  /** Makes the next bookings reprice everything booked so far, because prices have changed. */
  repriceAll(): void {
    this.#pending.repriceAll()
    this.#repriceAtMs = Infinity
  }

  /**
   * When the clock reaches this time, `repriceAll` is due: a response that was ahead of the clock when it was booked
   * has another price at its own time. Milliseconds since the epoch; Infinity: never.
   */
  get repriceAtMs(): number {
    return this.#repriceAtMs
  }

  /** Whether some booked responses are still to be repriced. */
  get repricing(): boolean {
    return this.#pending.repricing
  }

  /** Whether `book` has anything to do. */
  get waiting(): boolean {
    return this.#pending.any
  }

  /** Number of booked entries; the entries after them wait. */
  get booked(): number {
    return this.#pending.unbooked
  }

  /**
   * Adds to the totals what is new since the last booking.
   * @param most about the maximum number of new entries to book; the rest waits for the next booking
   * @param mostAgain entries are repriced until, together with the new ones, they are this many
   */
  book(rules: BookingRules, most = Infinity, mostAgain = most): Booked {
    const pending = this.#pending
    pending.settleAliases()
    const { entries, booked } = pending.next(most, mostAgain)
    const ledger = this.#ledger
    const row = scratchRow()
    const seriesOf = createSeriesFinder({
      entries,
      // A copy has no series of its own. Nearly all entries stand alone, which costs less.
      viewOf: (entry) =>
        ledger.standsAlone(entry) ? ledger.entries.view(entry, row) : ledger.counted(ledger.canonical(entry)),
      texts: ledger.strings,
      sessions: this.#sessions,
      series: this.series,
      pricer: rules.pricer,
      maxSeries: rules.maxSeries,
      folded: this.folded,
    })
    const prices = new RowPrices(rules.pricer, rules.nowMs, ledger.strings)
    const { series, sessions, exceptions, corrections } = this
    const books = { ledger, series, sessions, exceptions, corrections, pending }
    const booking = new Booking(books, seriesOf, prices)
    for (let index = 0; index < entries.length; index += 1) {
      const entry = entries[index]!
      // Changed entries come first and reduce the number of new ones, so that few of them have to wait.
      if (entry >= pending.unbooked) sessions.settle()
      this.#timeline.note(booking.book(entry), rules.nowMs)
      // One by one: if the next one fails, what was already added is not added again.
      if (entry >= pending.unbooked) pending.unbooked = entry + 1
    }
    booked()
    sessions.settle()
    this.#timeline.changed()
    this.#repriceAtMs = Math.min(this.#repriceAtMs, prices.repriceAtMs)
    return prices
  }

  /**
   * Values derived from the totals stay valid until this changes: after a booking, or when the clock has passed the
   * time of a response.
   * @param nowMs milliseconds since the epoch
   */
  version(nowMs: number): number {
    return this.#timeline.version(nowMs)
  }

  /**
   * Time of a series' latest response that is not ahead of the clock, in milliseconds since the epoch; NaN if there is
   * none.
   */
  lastActivity(series: number, nowMs: number): number {
    return this.#timeline.lastActivity(series, nowMs)
  }

  /**
   * Cost of the responses of each span of time, by series, in nano-dollars. `toMs` is exclusive; responses ahead of the
   * clock are left out.
   */
  costsOf(spans: readonly { readonly fromMs: number; readonly toMs: number }[], nowMs: number): Float64Array[] {
    return this.#timeline.costsOf(spans, nowMs)
  }

  /**
   * Visits each booked response from `sinceMs` on, except those without a time, or ahead of the clock at `nowMs`. Times
   * are in milliseconds since the epoch.
   */
  visitCosts(sinceMs: number, nowMs: number, visit: VisitCost): void {
    this.#timeline.visitCosts(sinceMs, nowMs, visit)
  }

  /**
   * Builds what is derived from rows, after they were loaded.
   * @param booked number of entries that had been booked; if absent, all
   */
  reindex(booked = this.#ledger.count): void {
    this.series.reindex()
    this.sessions.reindex()
    this.exceptions.reindex()
    this.#pending.unbooked = booked
    this.#timeline.reindex()
  }
}

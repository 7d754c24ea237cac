// One booking: adds to the series the difference between entries and their booked amounts. A decrease is counted as a
// correction instead.
import { COLUMN, DOUBLE_COLUMN, MEASURE, MEASURES } from '../schema.js'
import type { Ledger } from '../ledger/ledger.js'
import { scratchRow, type RowView } from '../ledger/usage.js'
import type { RowPrices } from '../pricing/row-prices.js'
import type { Corrections } from './corrections.js'
import { costOf, measureTokens, type Exceptions } from './exceptions.js'
import type { Pending } from './pending.js'
import type { SeriesFinder } from './series-finder.js'
import type { Series } from './series.js'
import type { SessionCounts } from './session-counts.js'
import { timeOf } from './timeline.js'

/** The tables that a booking reads and writes. */
export interface Books {
  readonly ledger: Ledger
  readonly series: Series
  readonly sessions: SessionCounts
  readonly exceptions: Exceptions
  readonly corrections: Corrections
  readonly pending: Pending
}

export class Booking {
  readonly #books: Books
  readonly #seriesOf: SeriesFinder
  readonly #prices: RowPrices
  readonly #target = new Float64Array(MEASURES)
  readonly #row = scratchRow()

  constructor(books: Books, seriesOf: SeriesFinder, prices: RowPrices) {
    this.#books = books
    this.#seriesOf = seriesOf
    this.#prices = prices
  }

  /** Returns the entry's time; NaN if it has none or is a copy. */
  book(entry: number): number {
    const { ledger, pending } = this.#books
    const isPlain = entry >= pending.unbooked && ledger.standsAlone(entry)
    return isPlain ? this.#bookPlain(entry) : this.#bookOne(entry)
  }

  /**
   * Books an entry for which nothing is booked and only its row counts: nearly all entries of a cold pass. `#bookOne`
   * would give the same result.
   */
  #bookPlain(entry: number): number {
    const { ledger, series, sessions } = this.#books
    const row = ledger.entries.view(entry, this.#row)
    const seriesRow = this.#seriesOf(row)
    const nanos = this.#prices.cost(row, row.words[row.base + COLUMN.searches]!)
    series.bookRow(seriesRow, row, nanos)
    sessions.note(row.words[row.base + COLUMN.session]!, seriesRow)
    this.#note(entry, seriesRow, nanos ?? 0)
    return timeOf(row)
  }

  #bookOne(entry: number): number {
    const { ledger, series, sessions, exceptions, pending } = this.#books
    const booked = pending.bookedOf(entry)
    const original = ledger.canonical(entry)
    const counted = ledger.counted(original)
    const seriesRow = this.#seriesOf(counted)
    const session = counted.words[counted.base + COLUMN.session]!
    const formerSession = pending.sessionOf(entry)
    if (original !== entry) {
      if (formerSession !== undefined) sessions.noteMove()
      this.#note(entry, seriesRow, 0)
      exceptions.keep(entry, booked)
      return Number.NaN
    }
    const origin = this.#computeTarget(entry, counted)
    const costBefore = booked[MEASURE.cost]!
    const former = pending.seriesOf(entry)
    if (former !== undefined) {
      this.#noteCorrection(entry, { from: former, to: seriesRow, booked })
      if (!sessions.inOneProject(former, seriesRow)) sessions.noteMove()
    }
    if (formerSession !== undefined && formerSession !== session) sessions.noteMove()
    sessions.note(session, seriesRow)

    const newTokens = series.book(seriesRow, this.#target, booked)
    if (origin === 'none' && newTokens > 0) series.growUnpriced(seriesRow, newTokens)
    const newCost = booked[MEASURE.cost]! - costBefore
    if (origin === 'log' && newCost > 0) series.growLoggedCost(seriesRow, newCost)

    const time = timeOf(counted)
    series.noteActivity(seriesRow, time)
    this.#note(entry, seriesRow, this.#target[MEASURE.cost]!)
    exceptions.keep(entry, booked)
    return time
  }

  /** Writes to an entry's row the series in which it is booked and its cost. */
  #note(entry: number, seriesRow: number, nanos: number): void {
    const { rows } = this.#books.ledger.entries
    rows.setDouble(entry, DOUBLE_COLUMN.cost, nanos)
    rows.setWord(entry, COLUMN.series, seriesRow)
  }

  /** Fills `#target` with what should be booked for an entry; returns where its cost comes from. */
  #computeTarget(entry: number, counted: RowView): 'prices' | 'log' | 'none' {
    const { ledger } = this.#books
    const webSearches = ledger.searchesOf(entry, counted)
    const { requests, costNanos } = ledger.detailOf(entry)
    const isLogged = costNanos > 0 && this.#prices.isLogged(counted)
    const nanos = isLogged ? costNanos : this.#prices.cost(counted, webSearches, requests)
    measureTokens(counted, this.#target)
    this.#target[MEASURE.cost] = nanos ?? 0
    this.#target[MEASURE.requests] = requests
    this.#target[MEASURE.searches] = webSearches
    if (isLogged) return 'log'
    return nanos === undefined ? 'none' : 'prices'
  }

  /** A surplus is counted when it arises, not each time the response is repriced. */
  #noteCorrection(
    entry: number,
    { from, to, booked }: { readonly from: number; readonly to: number; readonly booked: Float64Array },
  ): void {
    const { ledger, series, corrections, pending } = this.#books
    if (booked[MEASURE.requests] === 0) return
    if (from !== to) {
      corrections.add(series.labels(from).model === series.labels(to).model ? 'project' : 'model')
      return
    }
    const target = this.#target
    const cost = booked[MEASURE.cost]!
    const lastCost = entry < pending.unbooked ? costOf(ledger.entries.view(entry, this.#row)) : cost
    const isLess = (amount: number, measure: number): boolean => measure !== MEASURE.cost && target[measure]! < amount
    if (pending.changed(entry) && booked.some(isLess)) corrections.add('smaller')
    else if (target[MEASURE.cost]! < Math.min(cost, lastCost)) corrections.add('price')
  }
}

// Booking: what the ledger has learnt is added to series that never fall. What would make one fall is counted instead.
// What was booked of every response is known for ever, so that nothing is ever added twice.
import { Corrections } from './corrections.js'
import { Horizon, isAhead, lastBelieved } from '../ledger/horizon.js'
import type { Ledger } from '../ledger/ledger.js'
import type { ModifierName } from '../ledger/modifiers.js'
import type { Sessions } from '../sessions.js'
import type { Pricer } from '../pricing/pricing.js'
import { RowPrices } from '../pricing/row-prices.js'
import { RowReferences } from '../ledger/row-references.js'
import { ROWS_PER_PAGE, Rows } from '../tables/rows.js'
import { Series } from './series.js'
import { createSeriesFinder, type SeriesFinder } from './series-finder.js'
import { COLUMN, DOUBLE_COLUMN, MEASURE, MEASURES, MEASURE_NUMBERS, TOKENS, USAGE_WORDS } from '../schema.js'
import { scratchRow, type RowView } from '../ledger/usage.js'

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

/** First double of the amounts in a row of `exceptions`, whose first word is the entry. */
const MEASURES_FROM = 1

export class Totals {
  readonly series: Series
  /** What is booked of an entry, where that is not what its row says: after corrections, of copies, with tools' searches. */
  readonly exceptions = new Rows(2 * (MEASURES_FROM + MEASURES))
  readonly corrections = new Corrections()
  /** Combinations of labels that went into `project="other"` since the program started. */
  readonly folded = new Set<string>()

  readonly #ledger: Ledger
  readonly #sessions: Sessions
  readonly #exceptionOf = new RowReferences()
  /** Entries from here on have never been booked. */
  #unbooked = 0
  /** Entries to book again, and what is booked of them. */
  readonly #changed = new Map<number, Float64Array>()
  /** Entries never booked whose copy was, and the series in which that was. */
  readonly #inherited = new Map<number, number>()
  /** Booked entries still to be priced again: those from `next` up to `end`. */
  #stale = { next: 0, end: 0 }
  #version = 0
  #horizon = new Horizon()
  #repriceAtMs = Infinity
  /** Latest times by series of responses that are not ahead, as of a version. */
  #activity = { version: -1, times: new Float64Array(0) }
  readonly #target = new Float64Array(MEASURES)
  readonly #zeros = new Float64Array(MEASURES)
  readonly #row = scratchRow()

  constructor(ledger: Ledger, places: Sessions) {
    this.#ledger = ledger
    this.#sessions = places
    this.series = new Series(ledger.strings)
  }

  /** An entry is about to change: keeps what is booked of it until it is booked again. */
  remember(entry: number): void {
    if (entry < this.#unbooked && !this.#changed.has(entry)) this.#changed.set(entry, this.#bookedOf(entry))
  }

  /** Makes the next bookings price again all that was booked so far, as new prices ask for. */
  repriceAll(): void {
    this.#stale = { next: 0, end: this.#unbooked }
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
    return this.#stale.next < this.#stale.end
  }

  /** Whether `book` has something to do. */
  get waiting(): boolean {
    return this.repricing || this.#changed.size > 0 || this.#unbooked < this.#ledger.count || this.#ledger.unsettled
  }

  /**
   * What was derived from the totals at a time holds until this changes: by a booking, or because the clock has passed the
   * time of a response.
   * @param nowMs milliseconds since the epoch
   */
  version(nowMs: number): number {
    if (this.#horizon.holds(nowMs)) return this.#version
    const horizon = new Horizon()
    this.visitCosts(-Infinity, Infinity, (time) => horizon.note(time, nowMs))
    this.#horizon = horizon
    return (this.#version += 1)
  }

  /** How many entries were booked; those behind them are waiting. */
  get booked(): number {
    return this.#unbooked
  }

  /**
   * Adds to the totals what is new since the last booking.
   * @param most so many of the new entries at a time, or a few more: what is left waits for the next booking
   * @param mostAgain prices entries again until, with the new ones, there are so many
   */
  book(rules: BookingRules, most = Infinity, mostAgain = most): Booked {
    this.#settleAliases()
    // What was booked of a copy must not be told from what is booked of its original by a restart in between.
    const end = this.#inherited.size > 0 ? this.#ledger.count : Math.min(this.#ledger.count, this.#unbooked + most)
    const again = Math.min(this.#stale.end, this.#stale.next + Math.max(0, mostAgain - (end - this.#unbooked)))
    const entries = this.#toBook(end, again)
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
    for (let index = 0; index < entries.length; index += 1) {
      const entry = entries[index]!
      const time = this.#bookPlain(entry, seriesOf, prices) ?? this.#bookOne(entry, seriesOf, prices)
      this.#horizon.note(time, rules.nowMs)
      // One by one: what was added is not added again if the next one fails.
      if (entry >= this.#unbooked) this.#unbooked = entry + 1
    }
    this.#repriceAtMs = Math.min(this.#repriceAtMs, prices.repriceAtMs)
    this.#changed.clear()
    this.#inherited.clear()
    this.#stale.next = again
    this.#unbooked = end
    this.#version += 1
    return prices
  }

  /** Time of a series' latest response that is not ahead of the clock, milliseconds since the epoch; NaN when there is none. */
  lastActivity(series: number, nowMs: number): number {
    const latest = this.series.lastActivity(series)
    if (!isAhead(latest, nowMs)) return latest
    const version = this.version(nowMs)
    if (this.#activity.version !== version) {
      const times = new Float64Array(this.series.count).fill(Number.NaN)
      this.visitCosts(-Infinity, nowMs, (time, row) => {
        if (!(times[row]! >= time)) times[row] = time
      })
      this.#activity = { version, times }
    }
    return this.#activity.times[series]!
  }

  /** Cost of the responses of each span of time, by series, in nano-dollars. `toMs` is excluded, and so is what is ahead. */
  costsOf(spans: readonly { readonly fromMs: number; readonly toMs: number }[], nowMs: number): Float64Array[] {
    const costs = spans.map(() => new Float64Array(this.series.count))
    this.visitCosts(Math.min(...spans.map((span) => span.fromMs)), nowMs, (time, series, nanos) => {
      for (let span = 0; span < spans.length; span += 1) {
        if (!(time >= spans[span]!.fromMs && time < spans[span]!.toMs)) continue
        costs[span]![series] = costs[span]![series]! + nanos
      }
    })
    return costs
  }

  /**
   * Each booked response from `sinceMs` on, but those without a time and those that are ahead of the clock at `nowMs`.
   * Milliseconds since the epoch.
   */
  visitCosts(sinceMs: number, nowMs: number, visit: (time: number, series: number, nanos: number) => void): void {
    const untilMs = lastBelieved(nowMs)
    const { words, doubles } = this.#ledger.entries.rows
    // Half a million rows are looked at while a scrape waits, so page by page, and what is older costs one comparison.
    for (let page = 0, first = 0; first < this.#unbooked; page += 1, first += ROWS_PER_PAGE) {
      const pageWords = words[page]!
      const pageDoubles = doubles[page]!
      const rows = Math.min(ROWS_PER_PAGE, this.#unbooked - first)
      for (let row = 0; row < rows; row += 1) {
        const base = (row * USAGE_WORDS) / 2
        let time = pageDoubles[base + DOUBLE_COLUMN.time]!
        if (time < sinceMs) continue
        if (this.#ledger.involvesAliases(first + row)) {
          if (this.#ledger.canonical(first + row) !== first + row) continue
          // A copy may have told an earlier time than the response's own lines, never a later one.
          time = timeOf(this.#ledger.counted(first + row))
        }
        if (time >= sinceMs && time <= untilMs)
          visit(time, pageWords[row * USAGE_WORDS + COLUMN.series]!, pageDoubles[base + DOUBLE_COLUMN.cost]!)
      }
    }
  }

  /**
   * Builds what is derived from rows, after these were loaded.
   * @param booked how many of the entries had been booked; if absent, all
   */
  reindex(booked = this.#ledger.count): void {
    this.series.reindex()
    for (let row = 0; row < this.exceptions.count; row += 1) this.#exceptionOf.set(this.exceptions.word(row, 0), row)
    this.#unbooked = booked
    // The latest times are in the series; whether one is ahead is seen when a clock is at hand.
    for (let series = 0; series < this.series.count; series += 1)
      this.#horizon.note(this.series.lastActivity(series), Infinity)
  }

  /** Entries that changed, of those to be priced again the ones before `again`, and new ones up to `end`; each once. */
  #toBook(end: number, again: number): Uint32Array {
    const { next } = this.#stale
    const changed = [...this.#changed.keys()].filter(
      (entry) => entry < this.#unbooked && !(entry >= next && entry < again),
    )
    const entries = new Uint32Array(changed.length + again - next + end - this.#unbooked)
    entries.set(changed)
    let index = changed.length
    for (let entry = next; entry < again; entry += 1) entries[index++] = entry
    for (let entry = this.#unbooked; entry < end; entry += 1) entries[index++] = entry
    return entries
  }

  /**
   * What was booked of a copy counts as booked of its original when that is only now being booked; when both had been
   * booked before they met, the copy's share is a surplus.
   */
  #settleAliases(): void {
    this.#ledger.settleAliases(({ copy, original, formerOriginal }) => {
      this.remember(copy)
      if (formerOriginal !== undefined) this.remember(formerOriginal)
      if (original === undefined) return
      this.remember(original)
      if (formerOriginal !== undefined || copy >= this.#unbooked) return
      const booked = this.#changed.get(copy)!
      if (booked[MEASURE.requests] === 0) return
      if (original < this.#unbooked || this.#changed.has(original)) this.corrections.add('copy')
      else {
        this.#changed.set(original, booked)
        this.#inherited.set(original, this.#ledger.entries.rows.word(copy, COLUMN.series))
        this.#changed.set(copy, new Float64Array(MEASURES))
      }
    })
  }

  /**
   * Books an entry of which nothing is booked and for which its row alone counts: nearly all of a cold pass. Answers its
   * time, or undefined where `#bookOne` is needed, which would come to the same.
   */
  #bookPlain(entry: number, seriesOf: SeriesFinder, prices: RowPrices): number | undefined {
    if (entry < this.#unbooked || !this.#ledger.standsAlone(entry)) return undefined
    const { rows } = this.#ledger.entries
    const row = this.#ledger.entries.view(entry, this.#row)
    const series = seriesOf(row)
    const nanos = prices.cost(row, row.words[row.base + COLUMN.searches]!)
    this.series.bookRow(series, row, nanos)
    rows.setDouble(entry, DOUBLE_COLUMN.cost, nanos ?? 0)
    rows.setWord(entry, COLUMN.series, series)
    return timeOf(row)
  }

  /** Answers the entry's time. */
  #bookOne(entry: number, seriesOf: SeriesFinder, prices: RowPrices): number {
    const booked = this.#changed.get(entry) ?? (entry < this.#unbooked ? this.#bookedOf(entry) : this.#zeros.fill(0))
    const original = this.#ledger.canonical(entry)
    const counted = this.#ledger.counted(original)
    const series = seriesOf(counted)
    const { rows } = this.#ledger.entries
    if (original !== entry) {
      rows.setDouble(entry, DOUBLE_COLUMN.cost, 0)
      rows.setWord(entry, COLUMN.series, series)
      this.#keep(entry, booked)
      return Number.NaN
    }
    const priced = this.#computeTarget(entry, counted, prices)
    const target = this.#target
    const former = entry < this.#unbooked ? rows.word(entry, COLUMN.series) : this.#inherited.get(entry)
    if (former !== undefined) this.#noteCorrection(entry, { from: former, to: series, booked })

    const newTokens = this.series.book(series, target, booked)
    if (!priced && newTokens > 0) this.series.growUnpriced(series, newTokens)

    const time = timeOf(counted)
    this.series.noteActivity(series, time)
    rows.setDouble(entry, DOUBLE_COLUMN.cost, target[MEASURE.cost]!)
    rows.setWord(entry, COLUMN.series, series)
    this.#keep(entry, booked)
    return time
  }

  /** Fills `#target` with what should be booked of an entry; answers whether it has a price. */
  #computeTarget(entry: number, counted: RowView, prices: RowPrices): boolean {
    const webSearches = this.#ledger.searchesOf(entry, counted)
    const { requests, costNanos } = this.#ledger.detailOf(entry)
    const nanos = prices.cost(counted, webSearches, costNanos)
    measureTokens(counted, this.#target)
    this.#target[MEASURE.cost] = nanos ?? 0
    this.#target[MEASURE.requests] = requests
    this.#target[MEASURE.searches] = webSearches
    return nanos !== undefined
  }

  #bookedOf(entry: number): Float64Array {
    const amounts = new Float64Array(MEASURES)
    const exception = this.#exceptionOf.get(entry)
    if (exception < 0) {
      const row = this.#ledger.entries.view(entry, this.#row)
      measureTokens(row, amounts)
      amounts[MEASURE.cost] = costOf(row)
      amounts[MEASURE.requests] = 1
      amounts[MEASURE.searches] = row.words[row.base + COLUMN.searches]!
    } else {
      for (const measure of MEASURE_NUMBERS)
        amounts[measure] = this.exceptions.double(exception, MEASURES_FROM + measure)
    }
    return amounts
  }

  #keep(entry: number, booked: Float64Array): void {
    let row = this.#exceptionOf.get(entry)
    if (row < 0) {
      if (isPlain(booked, this.#ledger.entries.view(entry, this.#row))) return
      row = this.exceptions.append()
      this.exceptions.setWord(row, 0, entry)
      this.#exceptionOf.set(entry, row)
    }
    for (const measure of MEASURE_NUMBERS) this.exceptions.setDouble(row, MEASURES_FROM + measure, booked[measure]!)
  }

  /** A surplus is counted when it comes about, not each time that its response is priced again. */
  #noteCorrection(
    entry: number,
    { from, to, booked }: { readonly from: number; readonly to: number; readonly booked: Float64Array },
  ): void {
    if (booked[MEASURE.requests] === 0) return
    if (from !== to) {
      const sameModel = this.series.labels(from).model === this.series.labels(to).model
      this.corrections.add(sameModel ? 'project' : 'model')
      return
    }
    const target = this.#target
    const learnt = this.#changed.has(entry)
    const cost = booked[MEASURE.cost]!
    const lastCost = entry < this.#unbooked ? costOf(this.#ledger.entries.view(entry, this.#row)) : cost
    if (learnt && booked.some((amount, index) => index !== MEASURE.cost && target[index]! < amount))
      this.corrections.add('smaller')
    else if (target[MEASURE.cost]! < Math.min(cost, lastCost)) this.corrections.add('price')
  }
}

/** Whether what is booked of an entry is what its row says. */
function isPlain(booked: Float64Array, row: RowView): boolean {
  const { words, base } = row
  return (
    TOKENS.every(({ name }) => booked[MEASURE[name]] === words[base + COLUMN[name]]) &&
    booked[MEASURE.cost] === costOf(row) &&
    booked[MEASURE.requests] === 1 &&
    booked[MEASURE.searches] === words[base + COLUMN.searches]
  )
}

function costOf({ doubles, base }: RowView): number {
  return doubles[base / 2 + DOUBLE_COLUMN.cost]!
}

function timeOf({ doubles, base }: RowView): number {
  return doubles[base / 2 + DOUBLE_COLUMN.time]!
}

function measureTokens({ words, base }: RowView, into: Float64Array): void {
  for (const { name } of TOKENS) into[MEASURE[name]] = words[base + COLUMN[name]]!
}

// Iterates over the counted responses as they were last booked, for histories and reports.
import { isAhead } from '../ledger/horizon.js'
import type { Ledger } from '../ledger/ledger.js'
import { ALL_MODIFIERS } from '../ledger/modifiers.js'
import { COLUMN, readTokens, type TokenClass } from '../schema.js'
import { costOf } from './exceptions.js'
import { timeOf } from './timeline.js'
import type { Totals } from './totals.js'

/** Token counts are disjoint: each token is in one class. */
export type CountedResponse = Record<TokenClass, number> & {
  /** Milliseconds since the epoch; NaN if it has none, or one too far ahead of the clock to be believed. */
  timeMs: number
  /** The series in which it is booked, which has its labels. */
  series: number
  /** Number of the name of its session among the strings: a `sessionKey`. */
  session: number
  /** Number of the model's raw name among the strings. */
  model: number
  /** Bits of `MODIFIER`. */
  modifiers: number
  webSearches: number
  /** At least 1. */
  requests: number
  /** Cost as last booked, in integer nano-dollars; 0 without a price. */
  nanos: number
  /** Cost as logged, in nano-dollars; 0: none. It is the value of `nanos` if it was billed, or no price is known. */
  loggedNanos: number
}

interface Booked {
  readonly ledger: Ledger
  readonly totals: Totals
}

/**
 * Visits each booked response once, in the order in which they were found; copies are left out. The sums over a series
 * are its totals without the surplus of corrections (corrections.ts). All calls of `visit` get the same object.
 * @param nowMs milliseconds since the epoch
 */
export function visitResponses(
  booked: Booked,
  nowMs: number,
  visit: (response: Readonly<CountedResponse>, entry: number) => void,
): void {
  const read = responseReader(booked, nowMs)
  for (let entry = 0; entry < booked.totals.booked; entry += 1) {
    const response = read(entry)
    if (response !== undefined) visit(response, entry)
  }
}

/**
 * Returns a function that reads the response of a booked entry, or undefined for a copy. It always returns the same
 * object.
 * @param nowMs milliseconds since the epoch
 */
export function responseReader(
  { ledger }: Pick<Booked, 'ledger'>,
  nowMs: number,
): (entry: number) => Readonly<CountedResponse> | undefined {
  const { rows } = ledger.entries
  const response: CountedResponse = {
    input: 0,
    output: 0,
    cacheRead: 0,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    timeMs: Number.NaN,
    series: 0,
    session: 0,
    model: 0,
    modifiers: 0,
    webSearches: 0,
    requests: 1,
    nanos: 0,
    loggedNanos: 0,
  }
  return (entry) => {
    if (ledger.canonical(entry) !== entry) return undefined
    const counted = ledger.counted(entry)
    const { words, base } = counted
    const { requests, costNanos } = ledger.detailOf(entry)
    const timeMs = timeOf(counted)
    readTokens(words, base, response)
    response.timeMs = isAhead(timeMs, nowMs) ? Number.NaN : timeMs
    // Series and cost are in the entry's own row.
    response.series = rows.word(entry, COLUMN.series)
    response.session = words[base + COLUMN.session]!
    response.model = words[base + COLUMN.model]!
    response.modifiers = words[base + COLUMN.flags]! & ALL_MODIFIERS
    response.webSearches = ledger.searchesOf(entry, counted)
    response.requests = requests
    response.nanos = costOf(ledger.entries.view(entry))
    response.loggedNanos = costNanos
    return response
  }
}

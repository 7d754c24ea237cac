// Prints responses as JSON Lines, sorted by time, to compare with an invoice. A line contains no ids, no paths and no
// prompts.
import { costOrigin } from '../core/pricing/cost-origin.js'
import { NANOS_PER_USD } from '../core/pricing/nano-dollars.js'
import type { Pricer } from '../core/pricing/pricing.js'
import { MODIFIERS } from '../core/ledger/modifiers.js'
import { chosenSeries, inTime, type Selection } from '../core/report/report.js'
import { TOKENS, type SeriesLabels } from '../core/schema.js'
import type { State } from '../core/state.js'
import { DAY_MS } from '../core/totals/period.js'
import { responseReader, visitResponses, type CountedResponse } from '../core/totals/responses.js'
import { timeOf } from './report-json.js'

export interface LinesOptions {
  readonly selection: Selection
  readonly pricer: Pricer
  /** Milliseconds since the epoch. */
  readonly nowMs: number
}

/** Yields lines, including their line feeds. Responses without a time come last. */
export function* responseLines(state: State, options: LinesOptions): Generator<string> {
  const read = responseReader(state, options.nowMs)
  const { series } = state.totals
  const labels = Array.from({ length: series.count }, (_, row) => series.labels(row))
  for (const entry of entriesInTime(state, options)) {
    const response = read(entry)!
    yield `${JSON.stringify(lineOf(state, response, labels[response.series]!, options))}\n`
  }
}

function entriesInTime(state: State, { selection, nowMs }: LinesOptions): Uint32Array {
  const chosen = chosenSeries(state.totals.series, selection.match)
  const isSelected = inTime(selection)
  const times = new Float64Array(state.totals.booked)
  const entries = new Uint32Array(state.totals.booked)
  let count = 0
  visitResponses(state, nowMs, ({ series, timeMs }, entry) => {
    if (chosen[series] === 0 || !isSelected(timeMs)) return
    times[entry] = Number.isNaN(timeMs) ? Infinity : timeMs
    entries[count] = entry
    count += 1
  })
  return entries.subarray(0, count).sort((a, b) => (times[a] === times[b] ? a - b : times[a]! - times[b]!))
}

function lineOf(
  { ledger }: State,
  response: Readonly<CountedResponse>,
  labels: SeriesLabels,
  { pricer, nowMs }: LinesOptions,
): Record<string, unknown> {
  const model = ledger.strings.get(response.model)
  const origin = costOrigin(pricer, model, response.modifiers, response.loggedNanos)
  const { timeMs, requests } = response
  const price =
    origin === 'prices' ? pricer.usedPrice({ ...response, model, timestampMs: timeMs }, nowMs, requests) : undefined
  const modifiers = price?.modifiers ?? response.modifiers
  return {
    time: timeOf(timeMs),
    ...labels,
    requests,
    ...Object.fromEntries(TOKENS.map(({ name, type }) => [type, response[name]])),
    web_searches: response.webSearches,
    modifiers: MODIFIERS.filter(({ bit }) => (modifiers & bit) !== 0).map(({ name }) => name),
    price_since: price === undefined ? null : sinceOf(price.row.fromMs),
    price_tier: price === undefined ? null : price.long ? 'long' : 'standard',
    price_factor: price?.factor ?? null,
    usd: response.nanos / NANOS_PER_USD,
    cost_from: origin,
  }
}

/** The day, or the time, from which a price is valid; null for a model's first price. */
function sinceOf(fromMs: number): string | null {
  if (fromMs === -Infinity) return null
  const text = new Date(fromMs).toISOString()
  return fromMs % DAY_MS === 0 ? text.slice(0, '2026-11-22'.length) : text
}

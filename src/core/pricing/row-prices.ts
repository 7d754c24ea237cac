// Prices rows of the ledger for one booking, and notes the models that had no price.
import { AHEAD_MS, isAhead } from '../ledger/horizon.js'
import type { PricedResponse, Pricer } from './pricing.js'
import type { StringTable } from '../tables/strings.js'
import { MODIFIER } from '../ledger/modifiers.js'
import { COLUMN, DOUBLE_COLUMN, NO_TOKENS, readTokens } from '../schema.js'
import type { RowView } from '../ledger/usage.js'

export class RowPrices {
  /** Raw names of the models that had no price. */
  readonly unpriced = new Set<string>()
  /** Raw names of the models that ran in fast mode without a price for it. */
  readonly fastWithoutPrice = new Set<string>()
  /** When the clock gets there, a response that is ahead of it has another price; milliseconds since the epoch. */
  repriceAtMs = Infinity
  readonly #pricer: Pricer
  readonly #nowMs: number
  readonly #strings: StringTable
  /** One for all: a cold pass prices tens of thousands. */
  readonly #response: { -readonly [K in keyof PricedResponse]: PricedResponse[K] } = {
    ...NO_TOKENS,
    webSearches: 0,
    model: '',
    timestampMs: Number.NaN,
    fast: false,
    geoUs: false,
    batch: false,
    refused: false,
  }

  /** @param nowMs for responses without a time; milliseconds since the epoch */
  constructor(pricer: Pricer, nowMs: number, texts: StringTable) {
    this.#pricer = pricer
    this.#nowMs = nowMs
    this.#strings = texts
  }

  /**
   * Nano-dollars, an integer; undefined when the model has no price.
   * @param toldNanos what the log says it cost, which counts where the model has no price; 0: it does not say
   */
  cost({ words, doubles, base }: RowView, webSearches: number, toldNanos = 0): number | undefined {
    const response = this.#response
    const flags = words[base + COLUMN.flags]!
    readTokens(words, base, response)
    response.webSearches = webSearches
    response.model = this.#strings.get(words[base + COLUMN.model]!)
    const timeMs = doubles[base / 2 + DOUBLE_COLUMN.time]!
    const ahead = isAhead(timeMs, this.#nowMs)
    response.timestampMs = ahead ? Number.NaN : timeMs
    response.fast = (flags & MODIFIER.fast) !== 0
    response.geoUs = (flags & MODIFIER.us) !== 0
    response.batch = (flags & MODIFIER.batch) !== 0
    response.refused = (flags & MODIFIER.refused) !== 0
    const { nanos, priced, fastWithoutPrice } = this.#pricer.cost(response, this.#nowMs)
    if (fastWithoutPrice) this.fastWithoutPrice.add(response.model)
    if (ahead && timeMs - AHEAD_MS < this.repriceAtMs) {
      response.timestampMs = timeMs
      if (this.#pricer.cost(response, this.#nowMs).nanos !== nanos) this.repriceAtMs = timeMs - AHEAD_MS
    }
    if (priced) return nanos
    if (toldNanos > 0) return toldNanos
    this.unpriced.add(response.model)
    return undefined
  }
}

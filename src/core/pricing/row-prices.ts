// Prices rows of the ledger for one booking, and collects the models without a price.
import { AHEAD_MS, isAhead } from '../ledger/horizon.js'
import { ALL_MODIFIERS, MODIFIERS, type ModifierName } from '../ledger/modifiers.js'
import type { RowView } from '../ledger/usage.js'
import { COLUMN, DOUBLE_COLUMN, readTokens } from '../schema.js'
import type { StringTable } from '../tables/strings.js'
import { loggedCostCounts } from './cost-origin.js'
import type { PricedResponse, Pricer } from './pricing.js'

export class RowPrices {
  /** Raw names of models without a price. */
  readonly unpriced = new Set<string>()
  /** Raw names of models without a price for a modifier, by the modifier's name. */
  readonly withoutPrice = new Map<ModifierName, Set<string>>()
  /** Time at which the price of a response that is ahead of the clock changes; milliseconds since the epoch. */
  repriceAtMs = Infinity
  readonly #pricer: Pricer
  readonly #nowMs: number
  readonly #strings: StringTable
  /**
   * Reused, because a cold pass prices tens of thousands. Not made by spreading, which makes reads three times as slow.
   */
  readonly #response: { -readonly [K in keyof PricedResponse]: PricedResponse[K] } = {
    input: 0,
    output: 0,
    cacheRead: 0,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    webSearches: 0,
    model: '',
    timestampMs: Number.NaN,
    modifiers: 0,
  }

  /** @param nowMs for responses without a time; milliseconds since the epoch */
  constructor(pricer: Pricer, nowMs: number, texts: StringTable) {
    this.#pricer = pricer
    this.#nowMs = nowMs
    this.#strings = texts
  }

  /** Whether the row's logged cost, if there is one, takes precedence over prices. */
  isLogged({ words, base }: RowView): boolean {
    return loggedCostCounts(this.#pricer, this.#strings.get(words[base + COLUMN.model]!), words[base + COLUMN.flags]!)
  }

  /**
   * Integer nano-dollars; undefined if the model has no price.
   * @param requests number of requests that the row stands for
   */
  cost({ words, doubles, base }: RowView, webSearches: number, requests = 1): number | undefined {
    const response = this.#response
    readTokens(words, base, response)
    response.webSearches = webSearches
    response.model = this.#strings.get(words[base + COLUMN.model]!)
    response.modifiers = words[base + COLUMN.flags]! & ALL_MODIFIERS
    const timeMs = doubles[base / 2 + DOUBLE_COLUMN.time]!
    const ahead = isAhead(timeMs, this.#nowMs)
    response.timestampMs = ahead ? Number.NaN : timeMs
    const { nanos, priced, withoutPrice } = this.#pricer.cost(response, this.#nowMs, requests)
    if (withoutPrice !== 0) this.#noteWithoutPrice(withoutPrice, response.model)
    if (ahead && timeMs - AHEAD_MS < this.repriceAtMs) {
      response.timestampMs = timeMs
      if (this.#pricer.cost(response, this.#nowMs, requests).nanos !== nanos) this.repriceAtMs = timeMs - AHEAD_MS
    }
    if (priced) return nanos
    this.unpriced.add(response.model)
    return undefined
  }

  #noteWithoutPrice(modifiers: number, model: string): void {
    for (const { name, bit } of MODIFIERS) {
      if ((modifiers & bit) === 0) continue
      const models = this.withoutPrice.get(name)
      if (models === undefined) this.withoutPrice.set(name, new Set([model]))
      else models.add(model)
    }
  }
}

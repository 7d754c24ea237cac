// Tokens of one response → integer nano-dollars (1 USD = 1e9), from a dated table (claude-code-logs 5, codex-logs 5).
// Promises that a response's cost depends only on the response, the table and, for a response without a
// timestamp, on the clock that the caller passes in.
import { safeLabel } from '../labels/label.js'
import { MODIFIER } from '../ledger/modifiers.js'
import type { TokenCounts } from '../schema.js'
import { createModelResolver } from './models.js'
import type { PriceRow, PriceTable, Rates } from './price-table.js'
import { factorOf, isLong, rowAt, tariffOf, tokenNanos } from './tariff.js'

/** Token counts are disjoint, finite and at least 0: the decoder's promise. */
export interface PricedResponse extends TokenCounts {
  readonly webSearches: number
  /** As the log has it, not yet resolved. */
  readonly model: string
  /** Unix ms; NaN when the line has none: then the price of `nowMs` holds. */
  readonly timestampMs: number
  /** Bits of `MODIFIER`. The model's name may tell more of them. */
  readonly modifiers: number
}

export interface Cost {
  /** Integer, 0 … Number.MAX_SAFE_INTEGER, rounded once: sums over responses do not depend on their order. */
  readonly nanos: number
  /** False: the model is in no table, and neither its tokens nor its web searches have a price. */
  readonly priced: boolean
  /** Bits of the modifiers for which this model has no known price: it is billed at the standard rate. */
  readonly withoutPrice: number
}

/** What the cost of a response was made of. */
export interface UsedPrice {
  readonly row: PriceRow
  /** Whether it is the row's price for long prompts. */
  readonly long: boolean
  /** By which all modifiers together multiply the rates. */
  readonly factor: number
  /** Bits of all modifiers, with those that the model's name tells. */
  readonly modifiers: number
}

export interface Pricer {
  /**
   * The `model` label: the canonical name, or the name of an unpriced model made a label (label.ts), or `unknown` when that
   * is empty. Raw names that come to one label are one model.
   */
  label(rawModel: string): string
  /** Whether a raw name leads to a model of the table. */
  knows(rawModel: string): boolean
  /**
   * Costs by the row that was in force at the response's own time; before the first row, by the first.
   * @param requests that the response stands for; 1 if absent
   */
  cost(response: PricedResponse, nowMs: number, requests?: number): Cost
  /** What `cost` with the same arguments goes by; undefined where no price is known, or nothing is billed. */
  usedPrice(response: PricedResponse, nowMs: number, requests?: number): UsedPrice | undefined
  /** The rates for short prompts in force at `nowMs`; undefined for a name that is not in the table. */
  ratesNow(canonical: string, nowMs: number): Rates | undefined
}

const UNPRICED: Cost = { nanos: 0, priced: false, withoutPrice: 0 }
const UNBILLED: Cost = { nanos: 0, priced: true, withoutPrice: 0 }

export function createPricer(table: PriceTable): Pricer {
  const resolve = createModelResolver(table.models.keys(), table.aliases, table.names)
  const tariffs = new Map(
    [...table.models].map(([name, price]) => [name, tariffOf(price, table.factors, table.pricedByModel)]),
  )
  return {
    label: (rawModel) => resolve(rawModel).canonical ?? (safeLabel(table.names.shown(rawModel)) || 'unknown'),
    knows: (rawModel) => resolve(rawModel).canonical !== undefined,
    cost: (response, nowMs, requests = 1) => {
      const { canonical, modifiers: named } = resolve(response.model)
      const tariff = canonical === undefined ? undefined : tariffs.get(canonical)
      if (tariff === undefined) return UNPRICED
      if (isUnbilled(response)) return UNBILLED

      const modifiers = response.modifiers | named
      const row = rowAt(tariff, pricedAt(response, nowMs))
      const nanos =
        tokenNanos(tariff, row, response, requests) * factorOf(tariff, row, modifiers) +
        response.webSearches * table.webSearchNanos
      return {
        // The cap keeps an absurd count in a foreign file from turning an integer total into Infinity.
        nanos: Math.min(Math.round(nanos), Number.MAX_SAFE_INTEGER),
        priced: true,
        withoutPrice: modifiers & tariff.withoutPrice[row]!,
      }
    },
    usedPrice: (response, nowMs, requests = 1) => {
      const { canonical, modifiers: named } = resolve(response.model)
      const tariff = canonical === undefined ? undefined : tariffs.get(canonical)
      if (tariff === undefined || isUnbilled(response)) return undefined
      const index = rowAt(tariff, pricedAt(response, nowMs))
      const row = table.models.get(canonical!)!.rows[index]!
      const long = isLong(tariff, index, response, requests)
      const modifiers = response.modifiers | named
      return { row, long, factor: factorOf(tariff, index, modifiers), modifiers }
    },
    ratesNow: (canonical, nowMs) => {
      const price = table.models.get(canonical)
      return price?.rows[rowAt(tariffs.get(canonical)!, nowMs)]!.rates
    },
  }
}

/** Refused before any output (claude-code-logs 4). */
function isUnbilled({ modifiers, output }: PricedResponse): boolean {
  return (modifiers & MODIFIER.refused) !== 0 && output === 0
}

function pricedAt({ timestampMs }: PricedResponse, nowMs: number): number {
  return Number.isNaN(timestampMs) ? nowMs : timestampMs
}

// Computes the cost of a response in integer nano-dollars (1 USD = 1e9) from a dated table
// (claude-code-logs 5, codex-logs 5). It depends only on the response, the table and, for a response without a
// timestamp, on the time that the caller passes.
import { safeLabel } from '../labels/label.js'
import { MODIFIER } from '../ledger/modifiers.js'
import type { TokenCounts } from '../schema.js'
import { createModelResolver } from './models.js'
import type { PriceRow, PriceTable, Rates } from './price-table.js'
import { factorOf, isLong, rowAt, tariffOf, tokenNanos } from './tariff.js'

/** Token counts must be disjoint, finite and at least 0. */
export interface PricedResponse extends TokenCounts {
  readonly webSearches: number
  /** The raw name, as logged. */
  readonly model: string
  /** Unix milliseconds; NaN if the line has none, and the price at `nowMs` applies. */
  readonly timestampMs: number
  /** Bits of `MODIFIER`, without those that are part of the model's name. */
  readonly modifiers: number
}

export interface Cost {
  /**
   * Integer from 0 to Number.MAX_SAFE_INTEGER, rounded once, so that sums over responses do not depend on their order.
   */
  readonly nanos: number
  /** False if the model is not in the table. Neither its tokens nor its web searches have a price then. */
  readonly priced: boolean
  /** Bits of the modifiers for which the model has no known price; they cost the standard rate. */
  readonly withoutPrice: number
}

/** The price that the cost of a response is computed from. */
export interface UsedPrice {
  readonly row: PriceRow
  /** Whether the row's rates for long prompts apply. */
  readonly long: boolean
  /** Product of the factors of all modifiers. */
  readonly factor: number
  /** Bits of all modifiers, including those in the model's name. */
  readonly modifiers: number
}

export interface Pricer {
  /**
   * The `model` label: the canonical name, otherwise the displayed name as a label (label.ts), or `unknown` if that is
   * empty. Raw names with the same label are the same model.
   */
  label(rawModel: string): string
  /** Whether a raw name resolves to a model of the table. */
  knows(rawModel: string): boolean
  /**
   * The cost at the prices valid at the response's own time; the first row also applies before its date.
   * @param requests number of requests that the response stands for; 1 if absent
   */
  cost(response: PricedResponse, nowMs: number, requests?: number): Cost
  /**
   * The price that `cost` uses for the same arguments; undefined if no price is known, or the response is not billed.
   */
  usedPrice(response: PricedResponse, nowMs: number, requests?: number): UsedPrice | undefined
  /** The rates for short prompts at `nowMs` (Unix milliseconds); undefined for a name that is not in the table. */
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
        // The cap keeps an absurd count in a file from turning an integer total into Infinity.
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

/** True for a response refused before any output, which is not billed (claude-code-logs 4). */
function isUnbilled({ modifiers, output }: PricedResponse): boolean {
  return (modifiers & MODIFIER.refused) !== 0 && output === 0
}

function pricedAt({ timestampMs }: PricedResponse, nowMs: number): number {
  return Number.isNaN(timestampMs) ? nowMs : timestampMs
}

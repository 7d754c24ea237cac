// Tokens of one response → integer nano-dollars (1 USD = 1e9), from a dated table (claude-code-logs 5).
// Promises that a response's cost depends only on the response, the table and, for a response without a
// timestamp, on the clock that the caller passes in. Reading and checking tables is left to prices.ts.
import { textHash } from '../labels/bounded.js'
import { safeLabel } from '../labels/label.js'
import { TOKENS, promptTokens, weightedSum, type TokenCounts } from '../schema.js'
import { createModelResolver, shownName } from './models.js'

/** Nano-dollars per token, that is USD per million tokens × 1000. May be fractional. */
export type Rates = TokenCounts

export interface PriceRow {
  /** In force from this instant (Unix ms, inclusive) until the next row. -Infinity in the first row. */
  readonly fromMs: number
  readonly rates: Rates
  /** Prompts of strictly more tokens pay these rates for ALL their tokens, output included (claude-code-logs 5.3). */
  readonly long?: { readonly aboveTokens: number; readonly rates: Rates }
}

export interface ModelPrice {
  /** At least one, sorted by `fromMs`. */
  readonly rows: readonly PriceRow[]
  /** Fast mode multiplies every token rate by this; 1 = no fast price is known (claude-code-logs 5.4). */
  readonly fastFactor: number
  /** `inference_geo: us` multiplies every token rate by this; 1 = no uplift (claude-code-logs 5.5). */
  readonly usFactor: number
}

export interface PriceTable {
  /** By canonical name. */
  readonly models: ReadonlyMap<string, ModelPrice>
  /** Other spellings → canonical names. */
  readonly aliases: ReadonlyMap<string, string>
  /** Nano-dollars per web search; no factor applies to it. */
  readonly webSearchNanos: number
  readonly batchFactor: number
  /** For names that carry a region of Bedrock or Vertex. */
  readonly regionalFactor: number
  /** Changes whenever a response could be priced differently; equal tables have equal fingerprints. */
  readonly fingerprint: string
}

/** Token counts are disjoint, finite and at least 0: the decoder's promise. */
export interface PricedResponse extends TokenCounts {
  readonly webSearches: number
  /** As the log has it, not yet resolved. */
  readonly model: string
  /** Unix ms; NaN when the line has none: then the price of `nowMs` holds. */
  readonly timestampMs: number
  /** `usage.speed` is `fast`. A model name ending `-fast` says the same. */
  readonly fast: boolean
  /** `usage.inference_geo` is `us`. */
  readonly geoUs: boolean
  /** `usage.service_tier` is `batch`. */
  readonly batch: boolean
  /** `stop_reason` is `refusal`. Without output it is not billed (claude-code-logs 4). */
  readonly refused: boolean
}

export interface Cost {
  /** Integer, 0 … Number.MAX_SAFE_INTEGER, rounded once: sums over responses do not depend on their order. */
  readonly nanos: number
  /** False: the model is in no table, and neither its tokens nor its web searches have a price. */
  readonly priced: boolean
  /** Billed at the standard rate although it ran in fast mode, because no fast price is known. */
  readonly fastWithoutPrice: boolean
}

export interface Pricer {
  /**
   * The `model` label: the canonical name, or the name of an unpriced model made a label (label.ts), or `unknown` when that
   * is empty. Raw names that come to one label are one model.
   */
  label(rawModel: string): string
  /** Costs by the row that was in force at the response's own time; before the first row, by the first. */
  cost(response: PricedResponse, nowMs: number): Cost
  /** The rates for short prompts in force at `nowMs`; undefined for a name that is not in the table. */
  ratesNow(canonical: string, nowMs: number): Rates | undefined
}

const UNPRICED: Cost = { nanos: 0, priced: false, fastWithoutPrice: false }
const UNBILLED: Cost = { nanos: 0, priced: true, fastWithoutPrice: false }

export function createPricer(table: PriceTable): Pricer {
  const resolve = createModelResolver(table.models.keys(), table.aliases)
  const tariffs = new Map([...table.models].map(([name, price]) => [name, tariffOf(price)]))
  return {
    label: (rawModel) => resolve(rawModel).canonical ?? (safeLabel(shownName(rawModel)) || 'unknown'),
    cost: (response, nowMs) => {
      const { canonical, fast: fastByName, regional } = resolve(response.model)
      const tariff = canonical === undefined ? undefined : tariffs.get(canonical)
      if (tariff === undefined) return UNPRICED
      if (response.refused && response.output === 0) return UNBILLED

      const fast = response.fast || fastByName
      const factor =
        (response.geoUs ? tariff.price.usFactor : 1) *
        (fast ? tariff.price.fastFactor : 1) *
        (response.batch ? table.batchFactor : 1) *
        (regional ? table.regionalFactor : 1)
      const row = rowAt(tariff, Number.isNaN(response.timestampMs) ? nowMs : response.timestampMs)
      const nanos = tokenNanos(response, tariff, row) * factor + response.webSearches * table.webSearchNanos
      return {
        // The cap keeps an absurd count in a foreign file from turning an integer total into Infinity.
        nanos: Math.min(Math.round(nanos), Number.MAX_SAFE_INTEGER),
        priced: true,
        fastWithoutPrice: fast && tariff.price.fastFactor === 1,
      }
    },
    ratesNow: (canonical, nowMs) => {
      const tariff = tariffs.get(canonical)
      return tariff?.price.rows[rowAt(tariff, nowMs)]!.rates
    },
  }
}

/** Raise it when the rules of this file or of models.ts change what a response costs. */
const RULES_VERSION = 2

/** The fingerprint of a table: 64 bits as 16 hex digits, independent of the order of models and aliases. */
export function priceFingerprint(table: Omit<PriceTable, 'fingerprint'>): string {
  const text = JSON.stringify([
    RULES_VERSION,
    [table.webSearchNanos, table.batchFactor, table.regionalFactor],
    byName(table.models).map(([name, { fastFactor, usFactor, rows }]) => [
      name,
      fastFactor,
      usFactor,
      rows.map(({ fromMs, rates, long }) => [
        fromMs,
        inOrder(rates),
        long === undefined ? [] : [long.aboveTokens, inOrder(long.rates)],
      ]),
    ]),
    byName(table.aliases),
  ])
  return textHash(text)
}

/** A model's price in one shape for all models, so that code compiled for one holds for the next. */
interface Tariff {
  readonly price: ModelPrice
  /** Of each row. */
  readonly fromMs: Float64Array
  /** Of each row; Infinity where long prompts cost the same. */
  readonly aboveTokens: Float64Array
  /** Of each row one for each class of tokens, as `inOrder` has them. */
  readonly rates: Float64Array
  readonly longRates: Float64Array
}

function tariffOf(price: ModelPrice): Tariff {
  const { rows } = price
  if (rows.length === 0) throw new RangeError('a model in the price table has no price row')
  return {
    price,
    fromMs: Float64Array.from(rows, (row) => row.fromMs),
    aboveTokens: Float64Array.from(rows, (row) => row.long?.aboveTokens ?? Infinity),
    rates: Float64Array.from(rows.flatMap((row) => inOrder(row.rates))),
    longRates: Float64Array.from(rows.flatMap((row) => inOrder((row.long ?? row).rates))),
  }
}

/** The row in force: the last that had begun, or the first. */
function rowAt({ fromMs }: Tariff, atMs: number): number {
  let row = fromMs.length - 1
  while (row > 0 && !(fromMs[row]! <= atMs)) row -= 1
  return row
}

function tokenNanos(response: PricedResponse, tariff: Tariff, row: number): number {
  const rates = promptTokens(response) > tariff.aboveTokens[row]! ? tariff.longRates : tariff.rates
  return weightedSum(response, rates, row * TOKENS.length)
}

const inOrder = (rates: Rates): readonly number[] => TOKENS.map(({ name }) => rates[name])

function byName<T>(map: ReadonlyMap<string, T>): readonly (readonly [string, T])[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1))
}

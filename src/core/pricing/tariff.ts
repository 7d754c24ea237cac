// A model's prices as typed arrays, the same for every model, so that code optimised for one model suits all.
import { MODIFIER, MODIFIERS, type ModifierName } from '../ledger/modifiers.js'
import { TOKENS, promptTokens, weightedSum, type TokenCounts } from '../schema.js'
import type { Factors, ModelPrice, PriceRow, Rates } from './price-table.js'

export interface Tariff {
  /** By row; Unix milliseconds. */
  readonly fromMs: Float64Array
  /** By row; Infinity if long prompts have no other rates. */
  readonly aboveTokens: Float64Array
  /** By row, then by token class in the order of `TOKENS`; nano-dollars per token. */
  readonly rates: Float64Array
  readonly longRates: Float64Array
  /** By row, then by modifier in the order of `MODIFIERS`. */
  readonly factors: Float64Array
  /** By row; bits of the modifiers that need a factor of the model and have none. */
  readonly withoutPrice: Uint32Array
}

export function tariffOf(price: ModelPrice, tableFactors: Factors, pricedByModel: readonly ModifierName[]): Tariff {
  const { rows } = price
  if (rows.length === 0) throw new RangeError('a model in the price table has no price row')
  const inRow = (row: PriceRow, name: ModifierName): number =>
    row.factors?.[name] ?? price.factors[name] ?? tableFactors[name] ?? 1
  const bitIfNone = (row: PriceRow, name: ModifierName): number => (inRow(row, name) === 1 ? MODIFIER[name] : 0)
  return {
    fromMs: Float64Array.from(rows, (row) => row.fromMs),
    aboveTokens: Float64Array.from(rows, (row) => row.long?.aboveTokens ?? Infinity),
    rates: Float64Array.from(rows.flatMap((row) => inOrder(row.rates))),
    longRates: Float64Array.from(rows.flatMap((row) => inOrder((row.long ?? row).rates))),
    factors: Float64Array.from(rows.flatMap((row) => MODIFIERS.map(({ name }) => inRow(row, name)))),
    withoutPrice: Uint32Array.from(rows, (row) => pricedByModel.reduce((bits, name) => bits | bitIfNone(row, name), 0)),
  }
}

/** Index of the row valid at a time: the last one that has begun, or the first. */
export function rowAt({ fromMs }: Tariff, atMs: number): number {
  let row = fromMs.length - 1
  while (row > 0 && !(fromMs[row]! <= atMs)) row -= 1
  return row
}

/**
 * @param requests number of requests that the tokens belong to; their mean prompt decides, since each one's is unknown
 */
export function isLong({ aboveTokens }: Tariff, row: number, counts: TokenCounts, requests: number): boolean {
  return promptTokens(counts) > aboveTokens[row]! * requests
}

export function tokenNanos(tariff: Tariff, row: number, counts: TokenCounts, requests: number): number {
  const rates = isLong(tariff, row, counts, requests) ? tariff.longRates : tariff.rates
  return weightedSum(counts, rates, row * TOKENS.length)
}

/** The product of the factors. @param modifiers bits of `MODIFIER` */
export function factorOf({ factors }: Tariff, row: number, modifiers: number): number {
  let factor = 1
  if (modifiers === 0) return factor
  for (let index = 0; index < MODIFIERS.length; index += 1)
    if ((modifiers & MODIFIERS[index]!.bit) !== 0) factor *= factors[row * MODIFIERS.length + index]!
  return factor
}

function inOrder(rates: Rates): readonly number[] {
  return TOKENS.map(({ name }) => rates[name])
}

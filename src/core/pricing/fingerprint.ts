// Computes the fingerprint of a price table. A state stores the fingerprint with which it was booked; if that of the
// current table differs, everything is repriced.
import { textHash } from '../labels/bounded.js'
import { MODIFIERS, type ModifierName } from '../ledger/modifiers.js'
import { TOKENS } from '../schema.js'
import type { ModelPrice, PriceTable, Rates } from './price-table.js'

/** Must be raised when a rule in core/pricing, or in a family of models, changes the cost of a response. */
const RULES_VERSION = 4

// These modifiers are part of the text of every table and every model. Others are included only where they make a
// difference, so that a new modifier does not change the fingerprints of tables that do not use it.
const OF_TABLE: readonly ModifierName[] = ['batch', 'regional']
const OF_MODEL: readonly ModifierName[] = ['fast', 'us']

/** 64 bits as 16 hex digits, independent of the order of models and aliases. */
export function priceFingerprint(table: Pick<PriceTable, 'models' | 'aliases' | 'webSearchNanos' | 'factors'>): string {
  const ofTable = (name: ModifierName): number => table.factors[name] ?? 1
  const modelText = ([name, { factors, rows }]: readonly [string, ModelPrice]): unknown => {
    const ofModel = (modifier: ModifierName): number => factors[modifier] ?? ofTable(modifier)
    const others = MODIFIERS.map((modifier) => modifier.name)
      .filter((modifier) => !OF_MODEL.includes(modifier))
      .filter((modifier) => ofModel(modifier) !== (OF_TABLE.includes(modifier) ? ofTable(modifier) : 1))
      .map((modifier) => [modifier, ofModel(modifier)])
    const rowTexts = rows.map(({ fromMs, rates, long, factors: ofRow }) => [
      fromMs,
      inOrder(rates),
      long === undefined ? [] : [long.aboveTokens, inOrder(long.rates)],
      ...(ofRow === undefined ? [] : [byName(new Map(Object.entries(ofRow)))]),
    ])
    return [name, ...OF_MODEL.map(ofModel), rowTexts, ...others]
  }
  return textHash(
    JSON.stringify([
      RULES_VERSION,
      [table.webSearchNanos, ...OF_TABLE.map(ofTable)],
      byName(table.models).map(modelText),
      byName(table.aliases),
    ]),
  )
}

function inOrder(rates: Rates): readonly number[] {
  return TOKENS.map(({ name }) => rates[name])
}

function byName<T>(map: ReadonlyMap<string, T>): readonly (readonly [string, T])[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1))
}

// What prices are made of: a dated table of rates, factors and names. Reading and building one is left to prices/.
import type { ModifierName } from '../ledger/modifiers.js'
import type { TokenCounts } from '../schema.js'
import type { NameRules } from './models.js'

/** Nano-dollars per token, that is USD per million tokens × 1000. May be fractional. */
export type Rates = TokenCounts

/** What modifiers multiply every token rate by. */
export type Factors = Readonly<Partial<Record<ModifierName, number>>>

export interface PriceRow {
  /** In force from this instant (Unix ms, inclusive) until the next row. -Infinity in the first row. */
  readonly fromMs: number
  readonly rates: Rates
  /** Prompts of strictly more tokens pay these rates for ALL their tokens, output included (claude-code-logs 5.3). */
  readonly long?: { readonly aboveTokens: number; readonly rates: Rates }
  /** A modifier that is left out has the model's factor. */
  readonly factors?: Factors
}

export interface ModelPrice {
  /** At least one, sorted by `fromMs`. */
  readonly rows: readonly PriceRow[]
  /** A modifier that is left out has the table's factor. */
  readonly factors: Factors
}

export interface PriceTable {
  /** By canonical name. */
  readonly models: ReadonlyMap<string, ModelPrice>
  /** Other spellings → canonical names. */
  readonly aliases: ReadonlyMap<string, string>
  /** What other spellings are taken apart by. */
  readonly names: NameRules
  /** Nano-dollars per web search; no factor applies to it. */
  readonly webSearchNanos: number
  /** For models that have no factor of their own. A modifier that is left out has the factor 1. */
  readonly factors: Factors
  /** Modifiers for which each model has a price of its own: one whose factor is 1 has none that is known. */
  readonly pricedByModel: readonly ModifierName[]
  /** Changes whenever a response could be priced differently; equal tables have equal fingerprints. */
  readonly fingerprint: string
}

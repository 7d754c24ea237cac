// The types of a price table: dated rates, factors and names. prices/ reads and builds it.
import type { ModifierName } from '../ledger/modifiers.js'
import type { TokenCounts } from '../schema.js'
import type { NameRules } from './models.js'

/** Nano-dollars per token, that is USD per million tokens × 1000. May be fractional. */
export type Rates = TokenCounts

/** By modifier, the factor for every token rate. */
export type Factors = Readonly<Partial<Record<ModifierName, number>>>

export interface PriceRow {
  /** Valid from this time (Unix milliseconds, inclusive) until the next row. -Infinity in the first row. */
  readonly fromMs: number
  readonly rates: Rates
  /**
   * Prompts of strictly more tokens are charged these rates for ALL their tokens, including output
   * (claude-code-logs 5.3).
   */
  readonly long?: { readonly aboveTokens: number; readonly rates: Rates }
  /** The model's factor applies to modifiers that are left out. */
  readonly factors?: Factors
}

export interface ModelPrice {
  /** At least one, sorted by `fromMs`. */
  readonly rows: readonly PriceRow[]
  /** The table's factor applies to modifiers that are left out. */
  readonly factors: Factors
}

export interface PriceTable {
  /** By canonical name. */
  readonly models: ReadonlyMap<string, ModelPrice>
  /** Other spellings → canonical names. */
  readonly aliases: ReadonlyMap<string, string>
  /** The rules that normalise other spellings. */
  readonly names: NameRules
  /** Nano-dollars per web search; no factor applies to it. */
  readonly webSearchNanos: number
  /** For models without their own factor. Modifiers that are left out have the factor 1. */
  readonly factors: Factors
  /** Modifiers that are priced for each model separately. For these, a factor of 1 means that no price is known. */
  readonly pricedByModel: readonly ModifierName[]
  /** Differs between any two tables that could price a response differently, and is equal for equal tables. */
  readonly fingerprint: string
}

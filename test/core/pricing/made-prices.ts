// Two price tables for the laws, and responses to price. In the first, `model-a` and `model-b` have prices and
// `model-without-price` has none. The second raises the first price, lowers the second and adds the third.
import { MODIFIER, type ModifierName } from '../../../src/core/ledger/modifiers.js'
import { TOKENS, type TokenCounts } from '../../../src/core/schema.js'
import type { NameRules } from '../../../src/core/pricing/models.js'
import type { Rates } from '../../../src/core/pricing/price-table.js'
import { createPricer, type PricedResponse, type Pricer } from '../../../src/core/pricing/pricing.js'

export const NO_TOKENS = Object.fromEntries(TOKENS.map(({ name }) => [name, 0])) as unknown as TokenCounts

/** Looks names up unchanged. */
export const PLAIN_NAMES: NameRules = { families: [], shown: (raw) => raw.trim() }

export const PRICES = pricer({ 'model-a': 1000, 'model-b': 3000 })
export const OTHER_PRICES = pricer({ 'model-a': 2000, 'model-b': 500, 'model-without-price': 10 })

function pricer(inputRates: Readonly<Record<string, number>>): Pricer {
  const models = Object.entries(inputRates).map(
    ([model, rate]) => [model, { rows: [{ fromMs: -Infinity, rates: rates(rate) }], factors: { us: 1.1 } }] as const,
  )
  return createPricer({
    models: new Map(models),
    aliases: new Map(),
    names: PLAIN_NAMES,
    webSearchNanos: 10_000_000,
    factors: { batch: 0.5, flex: 0.5, priority: 2 },
    pricedByModel: ['fast'],
    fingerprint: JSON.stringify(inputRates),
  })
}

/** Output costs five times as much as input; cache rates have the ratios of Claude's. */
export function rates(input: number, output = input * 5): Rates {
  return { input, output, cacheRead: input / 10, cacheWrite5m: input * 1.25, cacheWrite1h: input * 2 }
}

export interface MadeResponse extends Partial<Omit<PricedResponse, 'modifiers'>> {
  readonly modifiers?: readonly ModifierName[]
}

/** A response without whatever is left out. */
export function responseOf({ modifiers = [], ...made }: MadeResponse): PricedResponse {
  return {
    ...NO_TOKENS,
    ...{ model: '', timestampMs: Number.NaN, webSearches: 0 },
    ...made,
    modifiers: modifiers.reduce((bits, name) => bits | MODIFIER[name], 0),
  }
}

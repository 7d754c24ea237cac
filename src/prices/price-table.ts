// Builds the price table of core/pricing from the built-in file and the user's, which takes precedence.
import { NANOS_PER_USD } from '../core/pricing/nano-dollars.js'
import { FACTOR_NAMES, type ModifierName } from '../core/ledger/modifiers.js'
import { TOKENS, type TokenType } from '../core/schema.js'
import { priceFingerprint } from '../core/pricing/fingerprint.js'
import type { Factors, ModelPrice, PriceRow, PriceTable, Rates } from '../core/pricing/price-table.js'
import { NAMES, familyOf } from './families/index.js'
import type { ModelFamily } from './families/family.js'
import type { FactorsEntry, ModelEntry, PriceFile, RatesEntry } from './price-file.js'

/** Used if neither file has the key: USD per web search, and the factor of batches. */
const DEFAULTS = { web_search_usd: 0.01, batch_factor: 0.5 }
/** Faster modes, which are priced for each model separately. */
const PRICED_BY_MODEL: readonly ModifierName[] = ['fast', 'ultrafast']

/** @param user adds and replaces whole models and aliases, and overrides all other keys */
export function buildPriceTable(builtIn: PriceFile, user: PriceFile = {}): PriceTable {
  const models = Object.entries({ ...builtIn.models, ...user.models })
  const all = { ...DEFAULTS, ...builtIn, ...user }
  const table = {
    models: new Map(models.map(([name, entry]) => [name, modelPrice(name, entry)])),
    aliases: new Map(Object.entries({ ...builtIn.aliases, ...user.aliases })),
    names: NAMES,
    webSearchNanos: Math.round(all.web_search_usd * NANOS_PER_USD),
    factors: factorsOf(all),
    pricedByModel: PRICED_BY_MODEL,
  }
  return { ...table, fingerprint: priceFingerprint(table) }
}

function modelPrice(name: string, entry: ModelEntry): ModelPrice {
  const family = familyOf(name)
  const rows = entry.prices.map((price, index): PriceRow => {
    const fromMs = index === 0 || price.from === undefined ? -Infinity : Date.parse(price.from)
    const factors = factorsOf(price)
    const row = { fromMs, rates: ratesOf(price, family), ...(Object.keys(factors).length > 0 && { factors }) }
    if (!price.long) return row
    return { ...row, long: { aboveTokens: price.long.above_tokens, rates: ratesOf(price.long, family) } }
  })
  return { rows, factors: factorsOf(entry) }
}

function ratesOf(entry: RatesEntry, { missingRates }: ModelFamily): Rates {
  const usd = (type: TokenType): number =>
    type === 'input' || type === 'output' ? entry[type] : (entry[type] ?? missingRates[type] * entry.input)
  return Object.fromEntries(TOKENS.map(({ name, type }) => [name, nanosPerToken(usd(type))])) as Rates
}

/** USD per million tokens × 1000, without errors of binary fractions (0.07 × 1000 is 70.00000000000001). */
function nanosPerToken(usdPerMillion: number): number {
  return Math.round(usdPerMillion * NANOS_PER_USD) / 1e6
}

function factorsOf(entry: FactorsEntry): Factors {
  const factors: Partial<Record<ModifierName, number>> = {}
  for (const name of FACTOR_NAMES) {
    const factor = entry[`${name}_factor`]
    if (factor !== undefined) factors[name] = factor
  }
  return factors
}

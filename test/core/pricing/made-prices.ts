// Two price tables for the laws: `model-a` and `model-b` have prices, `model-without-price` has none.
// The second lowers one of them and raises the other.
import { createPricer, type Pricer, type Rates } from '../../../src/core/pricing/pricing.js'

export const PRICES = pricer({ 'model-a': 1000, 'model-b': 3000 })
export const OTHER_PRICES = pricer({ 'model-a': 2000, 'model-b': 500, 'model-without-price': 10 })

function pricer(inputRates: Readonly<Record<string, number>>): Pricer {
  const models = Object.entries(inputRates).map(
    ([model, rate]) =>
      [model, { rows: [{ fromMs: -Infinity, rates: rates(rate) }], fastFactor: 1, usFactor: 1.1 }] as const,
  )
  return createPricer({
    models: new Map(models),
    aliases: new Map(),
    webSearchNanos: 10_000_000,
    batchFactor: 0.5,
    regionalFactor: 1,
    fingerprint: JSON.stringify(inputRates),
  })
}

function rates(input: number): Rates {
  return { input, output: input * 5, cacheRead: input / 10, cacheWrite5m: input * 1.25, cacheWrite1h: input * 2 }
}

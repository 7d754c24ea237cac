// Names and prices of Mistral and of MiniMax.
import { expect, it } from 'vitest'
import { createPricer } from '../../../src/core/pricing/pricing.js'
import { loadBuiltInPrices } from '../../../src/prices/price-file.js'
import { buildPriceTable } from '../../../src/prices/price-table.js'
import { NOW, usd } from '../usd.js'

const pricer = createPricer(buildPriceTable(loadBuiltInPrices()))

it.each([
  ['mistralai/devstral-2512', 'devstral-2512'],
  ['mistral/mistral-medium-3-5', 'mistral-medium-3.5'],
  ['MiniMax-M2.5', 'minimax-m2.5'],
  ['minimax/minimax-m3', 'minimax-m3'],
])('%s resolves to %s', (raw, canonical) => {
  expect(pricer.label(raw)).toBe(canonical)
})

it.each(['mistral-large-latest', 'mistral-medium', 'devstral-small', 'MiniMax-M2.6', 'minimax-m2.5-lightning'])(
  '%s has no price',
  (model) => {
    expect(pricer.ratesNow(model, NOW)).toBeUndefined()
  },
)

// USD per million: in, out, read, write.
it.each([
  ['mistral-medium-latest', 1.5, 7.5, 0.15, 1.5],
  ['mistral-medium-3.5', 1.5, 7.5, 0.15, 1.5],
  ['mistral-medium-2508', 0.4, 2, 0.04, 0.4],
  ['mistral-medium-2505', 0.4, 2, 0.04, 0.4],
  ['mistral-large-2512', 0.5, 1.5, 0.05, 0.5],
  ['mistral-small-2603', 0.15, 0.6, 0.015, 0.15],
  ['devstral-2512', 0.4, 2, 0.04, 0.4],
  ['devstral-small-2507', 0.1, 0.3, 0.1, 0.1],
  ['devstral-small-2505', 0.1, 0.3, 0.1, 0.1],
  ['codestral-2508', 0.3, 0.9, 0.03, 0.3],
  ['minimax-m3', 0.3, 1.2, 0.06, 0.3],
  ['minimax-m2.7', 0.3, 1.2, 0.06, 0.375],
  ['minimax-m2.7-highspeed', 0.6, 2.4, 0.06, 0.375],
  ['minimax-m2.5', 0.3, 1.2, 0.03, 0.375],
  ['minimax-m2.5-highspeed', 0.6, 2.4, 0.03, 0.375],
  ['minimax-m2.1', 0.3, 1.2, 0.03, 0.375],
  ['minimax-m2', 0.3, 1.2, 0.03, 0.375],
])('%s has the published rates', (model, input, output, read, write) => {
  expect(usd(model, { input: 1e5, output: 1e6 })).toBeCloseTo(input / 10 + output, 9)
  expect(usd(model, { cacheRead: 1e5, cacheWrite5m: 1e5 })).toBeCloseTo((read + write) / 10, 9)
})

it('mistral-medium-latest changes price with its model, and minimax-m3 above 512,000 tokens', () => {
  expect(usd('mistral-medium-latest', { input: 1e6, day: '2026-06-15T23:59:59.999Z' })).toBe(0.4)
  expect(usd('mistral-medium-latest', { input: 1e6, day: '2026-06-16' })).toBe(1.5)
  expect(usd('minimax-m3', { input: 12_000, cacheRead: 500_000 })).toBe(0.0336)
  expect(usd('minimax-m3', { input: 12_001, cacheRead: 500_000, output: 1e6 })).toBe(2.4672006)
})

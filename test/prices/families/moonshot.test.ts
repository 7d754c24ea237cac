// Moonshot's names and prices (other-agents 4.2).
import { expect, it } from 'vitest'
import { createPricer } from '../../../src/core/pricing/pricing.js'
import { loadBuiltInPrices } from '../../../src/prices/price-file.js'
import { buildPriceTable } from '../../../src/prices/price-table.js'
import { NOW, usd } from '../usd.js'

const pricer = createPricer(buildPriceTable(loadBuiltInPrices()))

it.each([
  ['kimi-k3', 'kimi-k3'],
  ['moonshotai/kimi-k2.6', 'kimi-k2.6'],
  ['openrouter/moonshotai/kimi-k2.5', 'kimi-k2.5'],
  ['kimi-code/kimi-k3', 'kimi-k3'],
  ['Kimi-K2.7-Code', 'kimi-k2.7-code'],
])('%s resolves to %s', (raw, canonical) => {
  expect(pricer.label(raw)).toBe(canonical)
})

it.each(['kimi-for-coding', 'kimi-k2.5:cloud', 'kimi-k2', 'kimi-k2.7', 'k3', 'kimi-k3-20260701'])(
  '%s has no price',
  (model) => {
    expect(pricer.ratesNow(model, NOW)).toBeUndefined()
    expect(pricer.label(model)).toBe(model)
  },
)

// USD per million: in, out, read. A cache write costs as much as input.
it.each([
  ['kimi-k2.5', 0.6, 3, 0.1],
  ['kimi-k2.6', 0.95, 4, 0.16],
  ['kimi-k2.7-code', 0.95, 4, 0.19],
  ['kimi-k2.7-code-highspeed', 1.9, 8, 0.38],
  ['kimi-k3', 3, 15, 0.3],
  ['kimi-k2-thinking', 0.6, 2.5, 0.15],
  ['kimi-k2-thinking-turbo', 1.15, 8, 0.15],
  ['kimi-k2-turbo-preview', 1.15, 8, 0.15],
  ['kimi-k2-0711-preview', 0.6, 2.5, 0.15],
  ['kimi-k2-0905-preview', 0.6, 2.5, 0.15],
])('%s has the published rates', (model, input, output, read) => {
  expect(usd(model, { input: 1e6, output: 1e6, cacheRead: 1e6 })).toBeCloseTo(input + output + read, 9)
  expect(usd(model, { cacheWrite5m: 1e6 })).toBe(input)
})

it('case K1 of other-agents 4.4 has the expected cost', () => {
  expect(usd('kimi-k3', { input: 100, output: 20, cacheRead: 900 })).toBe(0.00087)
})

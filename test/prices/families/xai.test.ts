// xAI's names and prices.
import { expect, it } from 'vitest'
import { createPricer } from '../../../src/core/pricing/pricing.js'
import { loadBuiltInPrices } from '../../../src/prices/price-file.js'
import { buildPriceTable } from '../../../src/prices/price-table.js'
import { NOW, usd } from '../usd.js'

const pricer = createPricer(buildPriceTable(loadBuiltInPrices()))

it.each([
  ['x-ai/grok-4.5', 'grok-4.5'],
  ['xai/grok-code-fast-1', 'grok-code-fast-1'],
  ['grok-code-fast', 'grok-code-fast-1'],
  ['grok-4', 'grok-4-0709'],
  ['grok-4-fast', 'grok-4-fast-reasoning'],
])('%s resolves to %s', (raw, canonical) => {
  expect(pricer.label(raw)).toBe(canonical)
})

it.each(['grok-4.5-fast', 'grok-5', 'grok', 'grok-4.50'])('%s has no price', (model) => {
  expect(pricer.ratesNow(model, NOW)).toBeUndefined()
})

// USD per million: in, out, read.
it.each([
  ['grok-4.6', 2, 6, 0.5],
  ['grok-4.5', 2, 6, 0.3],
  ['grok-4.3', 1.25, 2.5, 0.2],
  ['grok-4.20', 1.25, 2.5, 0.2],
  ['grok-build-0.1', 1, 2, 0.2],
  ['grok-4-1-fast-reasoning', 0.2, 0.5, 0.05],
  ['grok-4-1-fast-non-reasoning', 0.2, 0.5, 0.05],
  ['grok-4-fast-reasoning', 0.2, 0.5, 0.05],
  ['grok-4-fast-non-reasoning', 0.2, 0.5, 0.05],
  ['grok-4-0709', 3, 15, 0.75],
  ['grok-3-mini', 0.3, 0.5, 0.075],
  ['grok-code-fast-1', 0.2, 1.5, 0.02],
])('%s has the published rates', (model, input, output, read) => {
  expect(usd(model, { input: 1e5, output: 1e6 })).toBeCloseTo(input / 10 + output, 9)
  expect(usd(model, { cacheRead: 1e5 })).toBeCloseTo(read / 10, 9)
})

it('grok-4.5 has the rates of long prompts from 200,000 tokens on', () => {
  expect(usd('grok-4.5', { input: 199_999, output: 1e6 })).toBe(6.399998)
  expect(usd('grok-4.5', { input: 100_000, cacheRead: 100_000, output: 1e6 })).toBe(12.46)
})

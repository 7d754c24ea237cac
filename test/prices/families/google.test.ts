// Google's names and prices (other-agents 2.3).
import { describe, expect, it } from 'vitest'
import { createPricer } from '../../../src/core/pricing/pricing.js'
import { loadBuiltInPrices } from '../../../src/prices/price-file.js'
import { buildPriceTable } from '../../../src/prices/price-table.js'
import { NOW, usd } from '../usd.js'

const pricer = createPricer(buildPriceTable(loadBuiltInPrices()))

describe('google: names', () => {
  it.each([
    ['gemini-3-flash-preview', 'gemini-3-flash-preview'],
    ['models/gemini-2.5-pro', 'gemini-2.5-pro'],
    ['google/gemini-2.5-flash', 'gemini-2.5-flash'],
    ['publishers/google/models/gemini-2.5-flash-lite', 'gemini-2.5-flash-lite'],
    ['Gemini-3.5-Flash', 'gemini-3.5-flash'],
    ['gemini-3.1-pro-preview-customtools', 'gemini-3.1-pro-preview'],
    ['google/gemini-3-flash', 'gemini-3-flash-preview'],
    ['gemini-2.5-flash-preview-09-2025', 'gemini-2.5-flash'],
  ])('%s resolves to %s', (raw, canonical) => {
    expect(pricer.label(raw)).toBe(canonical)
    expect(pricer.ratesNow(canonical, NOW)).toBeDefined()
  })

  it.each([
    'gemini-3.5-pro', // no published price (other-agents 0)
    'gemini-2.5-pro-tts',
    'gemini-2.5-flash-preview-05-20', // had a price of its own
    'gemini-3-flash-preview-2',
    'gemini-2.5',
    'gemini-2.5-pro@latest',
  ])('%s has no price', (model) => {
    expect(pricer.ratesNow(model, NOW)).toBeUndefined()
    expect(pricer.label(model)).toBe(model)
  })
})

// USD per million: in, out, read.
it.each([
  ['gemini-2.5-pro', 1.25, 10, 0.125],
  ['gemini-2.5-flash', 0.3, 2.5, 0.03],
  ['gemini-2.5-flash-lite', 0.1, 0.4, 0.01],
  ['gemini-3-pro-preview', 2, 12, 0.2],
  ['gemini-3.1-pro-preview', 2, 12, 0.2],
  ['gemini-3.1-flash-lite', 0.25, 1.5, 0.025],
  ['gemini-3-flash-preview', 0.5, 3, 0.05],
  ['gemini-3.5-flash', 1.5, 9, 0.15],
  ['gemini-3.5-flash-lite', 0.3, 2.5, 0.03],
  ['gemini-3.6-flash', 0.75, 3.75, 0.075],
  ['gemini-3.8-flash', 0.75, 3.75, 0.075],
  ['gemini-2.0-flash', 0.1, 0.4, 0.025],
])('%s has the published rates', (model, input, output, read) => {
  expect(usd(model, { input: 1e5, output: 1e5 })).toBeCloseTo((input + output) / 10, 9)
  expect(usd(model, { cacheRead: 1e5 })).toBeCloseTo(read / 10, 9)
})

describe('google: prompts of strictly more than 200,000 tokens', () => {
  it('have higher rates for all tokens', () => {
    const tokens = { output: 1000, cacheRead: 150_000 }
    expect(usd('gemini-2.5-pro', { ...tokens, input: 50_000 })).toBe(0.09125)
    expect(usd('gemini-2.5-pro', { ...tokens, input: 50_001 })).toBe(0.1775025)
    expect(usd('gemini-3-pro-preview', { ...tokens, input: 50_001 })).toBe(0.278004)
    expect(usd('gemini-3.1-pro-preview', { ...tokens, input: 50_001 })).toBe(0.278004)
    expect(usd('gemini-3.5-flash', { input: 1e6 })).toBe(1.5)
  })

  it('have the cost of case G10 of other-agents 2.4', () => {
    expect(usd('gemini-2.5-pro', { input: 50_000, output: 1000, cacheRead: 200_000 })).toBe(0.19)
  })
})

it('gemini-3.7-flash has its introductory prices until the end of 2026', () => {
  expect(usd('gemini-3.7-flash', { input: 1e6, day: '2026-12-31T23:59:59.999Z' })).toBe(0.75)
  expect(usd('gemini-3.7-flash', { input: 1e6, output: 1e6, cacheRead: 1e6, day: '2027-01-01' })).toBe(9.15)
})

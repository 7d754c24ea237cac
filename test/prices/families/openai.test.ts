// OpenAI's names, prices, tiers and aliases (codex-logs 5), with the acceptance cases of prices (codex-logs 8).
import { describe, expect, it } from 'vitest'
import { MODIFIER } from '../../../src/core/ledger/modifiers.js'
import { createPricer } from '../../../src/core/pricing/pricing.js'
import { loadBuiltInPrices } from '../../../src/prices/price-file.js'
import { buildPriceTable } from '../../../src/prices/price-table.js'
import { responseOf, type MadeResponse } from '../../core/pricing/made-prices.js'
import { NOW, usd } from '../usd.js'

const table = buildPriceTable(loadBuiltInPrices())
const pricer = createPricer(table)
const costOf = (made: MadeResponse) => pricer.cost(responseOf({ timestampMs: NOW, ...made }), NOW)
const x = { input: 200, output: 100, cacheRead: 800 }
const LAST_MOMENT = 'T23:59:59.999Z'

describe('openai: names', () => {
  it.each([
    ['gpt-5.4', 'gpt-5.4'],
    ['openai/gpt-5.4', 'gpt-5.4'],
    ['openrouter/openai/gpt-5.4', 'gpt-5.4'],
    ['GPT-5.4', 'gpt-5.4'],
    ['gpt-5.4-2026-03-05', 'gpt-5.4'],
    ['azure/GPT-5.4-Mini-2026-03-17', 'gpt-5.4-mini'],
    ['gpt-5.6', 'gpt-5.6-sol'],
    ['gpt-5.6-2026-06-01', 'gpt-5.6-sol'],
    ['gpt-4o-2024-05-13', 'gpt-4o-2024-05-13'],
    ['gpt-4o-2024-08-06', 'gpt-4o'],
    ['codex-auto-review', 'codex-auto-review'],
    ['o4-mini', 'o4-mini'],
  ])('%s resolves to %s', (raw, canonical) => {
    expect(pricer.label(raw)).toBe(canonical)
    expect(pricer.ratesNow(canonical, NOW)).toBeDefined()
  })

  it.each([
    'foo-1',
    'gpt-5.3-codex-spark',
    'openai/gpt-5.3-codex-spark',
    'gpt-5.45',
    'gpt-5.4-20260305',
    'gpt-5.4-2026-03',
    'gpt-5.4-fast',
    'gpt-6.1-luna',
    'gpt-6.1-astra',
    'gpt-6.2-luna',
    'gpt-6.2-terra',
    'gpt-6',
    'gpt-5.4:cloud',
    'gpt-oss-120b',
    'o4',
  ])('%s has no price', (model) => {
    expect(costOf({ ...x, model })).toEqual({ nanos: 0, priced: false, withoutPrice: 0 })
    expect(pricer.label(model)).toBe(model)
  })
})

// codex-logs 5.1 and further models of OpenAI, USD per million on 2026-11-01: in, cached, out, write; and whether long
// prompts cost more.
const TABLE = [
  ['gpt-5', 1.25, 0.125, 10, 1.25, false],
  ['gpt-5-codex', 1.25, 0.125, 10, 1.25, false],
  ['gpt-5.1', 1.25, 0.125, 10, 1.25, false],
  ['gpt-5.1-codex', 1.25, 0.125, 10, 1.25, false],
  ['gpt-5.1-codex-max', 1.25, 0.125, 10, 1.25, false],
  ['gpt-5-mini', 0.25, 0.025, 2, 0.25, false],
  ['gpt-5.1-codex-mini', 0.25, 0.025, 2, 0.25, false],
  ['gpt-5-codex-mini', 0.25, 0.025, 2, 0.25, false],
  ['gpt-5-nano', 0.05, 0.005, 0.4, 0.05, false],
  ['gpt-5.2', 1.75, 0.175, 14, 1.75, false],
  ['gpt-5.2-codex', 1.75, 0.175, 14, 1.75, false],
  ['gpt-5.3-codex', 1.75, 0.175, 14, 1.75, false],
  ['gpt-5.4', 2.5, 0.25, 15, 2.5, true],
  ['gpt-5.4-mini', 0.75, 0.075, 4.5, 0.75, false],
  ['gpt-5.4-nano', 0.2, 0.02, 1.25, 0.2, false],
  ['gpt-5.5', 5, 0.5, 30, 5, true],
  ['gpt-5.6-sol', 4, 0.4, 20, 5, true],
  ['gpt-5.6-terra', 2, 0.2, 12, 2.5, true],
  ['gpt-5.6-luna', 0.2, 0.02, 1.2, 0.25, true],
  ['gpt-6-astra', 10, 1, 50, 12.5, true],
  ['gpt-6-sol', 2, 0.2, 10, 2.5, true],
  ['gpt-6-luna', 0.1, 0.01, 0.5, 0.125, true],
  ['gpt-6.1-sol', 2, 0.1, 10, 2.5, true],
  ['gpt-6.1-terra', 1, 0.05, 5, 1.25, true],
  ['gpt-6.2-sol', 2, 0.1, 10, 2.5, true],
  ['codex-mini-latest', 1.5, 0.375, 6, 1.5, false],
  ['o4-mini', 1.1, 0.275, 4.4, 1.1, false],
  ['o3', 2, 0.5, 8, 2, false],
  ['gpt-4.1', 2, 0.5, 8, 2, false],
  ['gpt-4.1-mini', 0.4, 0.1, 1.6, 0.4, false],
  ['gpt-4.1-nano', 0.1, 0.025, 0.4, 0.1, false],
  ['gpt-4o', 2.5, 1.25, 10, 2.5, false],
  ['gpt-4o-2024-05-13', 5, 5, 15, 5, false],
  ['gpt-4o-mini', 0.15, 0.075, 0.6, 0.15, false],
  ['o1', 15, 7.5, 60, 15, false],
  ['o3-mini', 1.1, 0.55, 4.4, 1.1, false],
  ['o3-pro', 20, 20, 80, 20, false],
  ['gpt-5.2-pro', 21, 21, 168, 21, false],
  ['gpt-5-pro', 15, 15, 120, 15, false],
  ['gpt-5.4-pro', 30, 30, 180, 30, true],
  ['gpt-5.5-pro', 30, 30, 180, 30, true],
] as const

describe('openai: the prices of codex-logs 5.1', () => {
  it.each(TABLE)('%s has the published rates', (model, input, cached, output, write, hasLong) => {
    const parts = [{ input: 1e6 }, { cacheRead: 1e6 }, { output: 1e6 }, { cacheWrite5m: 1e6 }, { cacheWrite1h: 1e6 }]
    // In portions of 100,000 tokens, which are short prompts.
    const small = parts.map((part) => usd(model, Object.fromEntries(Object.keys(part).map((key) => [key, 1e5]))) * 10)
    expect(small.map((dollars) => Number(dollars.toFixed(9)))).toEqual([input, cached, output, write, write])
    const prompt = { input: 272_000 }
    const short = (272_000 * input + 1000 * output) / 1e6
    expect(usd(model, { ...prompt, output: 1000 })).toBeCloseTo(short, 9)
    const long = (2 * 272_001 * input + 1.5 * 1000 * output) / 1e6
    const asShort = (272_001 * input + 1000 * output) / 1e6
    expect(usd(model, { input: 272_001, output: 1000 })).toBeCloseTo(hasLong ? long : asShort, 9)
    // Cached and written tokens cost double, too, and count towards the length of the prompt.
    const mixed = { input: 1, cacheRead: 172_000, cacheWrite5m: 100_000 }
    const once = (input + 172_000 * cached + 100_000 * write) / 1e6
    expect(usd(model, mixed)).toBeCloseTo(hasLong ? 2 * once : once, 9)
  })

  it.each([
    ['gpt-5.6-sol', '2026-08-20', 5, 0.5, 30, 6.25],
    ['gpt-5.6-sol', '2026-08-21', 4, 0.4, 20, 5],
    ['gpt-5.6-terra', '2026-07-29', 2.5, 0.25, 15, 3.125],
    ['gpt-5.6-terra', '2026-07-30', 2, 0.2, 12, 2.5],
    ['gpt-5.6-luna', '2026-07-29', 1, 0.1, 6, 1.25],
    ['gpt-5.6-luna', '2026-07-30', 0.2, 0.02, 1.2, 0.25],
    ['codex-auto-review', '2026-07-29', 2.5, 0.25, 15, 2.5],
    ['codex-auto-review', '2026-07-30', 0.2, 0.02, 1.2, 0.25],
    ['o3', '2025-06-09', 10, 2.5, 40, 10],
    ['o3', '2025-06-10', 2, 0.5, 8, 2],
  ])('%s has the rates of %s', (model, date, input, cached, output, write) => {
    // The last moment of the day before a change, or the first moment of the day after it.
    const day = ['2026-08-20', '2026-07-29', '2025-06-09'].includes(date) ? date + LAST_MOMENT : date
    const tokens = { input: 10_000, cacheRead: 20_000, output: 3000, cacheWrite5m: 4000 }
    const dollars = (10_000 * input + 20_000 * cached + 3000 * output + 4000 * write) / 1e6
    expect(usd(model, { ...tokens, day })).toBeCloseTo(dollars, 9)
  })
})

describe('the built-in prices pass the acceptance cases of codex-logs 8', () => {
  it('34, 35: cached tokens and cache writes', () => {
    expect(usd('gpt-5.4', { output: 10, cacheRead: 100 })).toBe(0.000175)
    expect(usd('gpt-5.6-sol', { input: 100, output: 50, cacheRead: 700, cacheWrite5m: 200 })).toBe(0.00268)
  })

  it('37: long prompts', () => {
    const tokens = { cacheRead: 200_000, output: 1000 }
    expect(usd('gpt-5.4', { ...tokens, input: 72_000 })).toBe(0.245)
    expect(usd('gpt-5.4', { ...tokens, input: 72_001 })).toBe(0.482505)
    const last = { input: 20_000, cacheRead: 180_000, output: 500 }
    expect(usd('gpt-5.4', { ...tokens, input: 72_001 }) + usd('gpt-5.4', last)).toBeCloseTo(0.585005, 9)
  })

  it('38: priority and flex', () => {
    expect(usd('gpt-5.5', { ...x, modifiers: ['priority'] })).toBe(0.011)
    expect(usd('gpt-5.5', x)).toBe(0.0044)
    expect(usd('gpt-5.5', { ...x, modifiers: ['flex'] })).toBe(0.0022)
  })

  it('39: ultrafast', () => {
    expect(usd('gpt-6.1-sol', { ...x, modifiers: ['ultrafast'] })).toBe(0.00888)
    expect(usd('gpt-6.2-sol', { ...x, modifiers: ['ultrafast'] })).toBe(0.00444)
    const unpriced = { nanos: 4_400_000, priced: true, withoutPrice: MODIFIER.ultrafast }
    expect(costOf({ ...x, model: 'gpt-5.5', modifiers: ['ultrafast'] })).toEqual(unpriced)
    expect(usd('gpt-6.2-sol', x)).toBe(0.00148)
  })

  it('40: prices on the day of the response', () => {
    expect(usd('gpt-5.6-sol', { input: 100_000, day: '2026-08-20' })).toBe(0.5)
    expect(usd('gpt-5.6-sol', { input: 100_000, day: '2026-08-21' })).toBe(0.4)
    expect(usd('gpt-5.6-luna', { ...x, day: '2026-07-29' })).toBe(0.00088)
    expect(usd('gpt-5.6-luna', { ...x, day: '2026-11-01' })).toBe(0.000176)
  })

  it.each(['openai/gpt-5.4', 'GPT-5.4', 'gpt-5.4-2026-03-05'])('41: %s', (model) => {
    expect(usd(model, x)).toBe(0.0022)
    expect(pricer.label(model)).toBe('gpt-5.4')
  })

  it('43: a model with its own name and the dated prices of other models', () => {
    expect(usd('codex-auto-review', { ...x, day: '2026-07-01' })).toBe(0.0022)
    expect(usd('codex-auto-review', { ...x, day: '2026-11-01' })).toBe(0.000176)
    expect(pricer.label('codex-auto-review')).toBe('codex-auto-review')
  })
})

describe('openai: the service tiers of codex-logs 5.4', () => {
  const million = { output: 1e6 }

  it('priority doubles the cost except for three models, and flex halves it', () => {
    for (const [model, , , output] of TABLE) {
      const factor = { 'gpt-5.5': 2.5, 'gpt-5-mini': 1.8, 'gpt-4.1': 1.75 }[model as string] ?? 2
      expect(usd(model, { ...million, modifiers: ['priority'] }), model).toBeCloseTo(output * factor, 9)
      expect(usd(model, { ...million, modifiers: ['flex'] }), model).toBeCloseTo(output / 2, 9)
    }
  })

  it('priority also applies to the rates of long prompts', () => {
    expect(usd('gpt-5.4', { input: 300_000, modifiers: ['priority'] })).toBe(3)
  })

  it('ultrafast has a price for three models, which changes for gpt-6.2-sol in March 2027', () => {
    const costs = (model: string, day?: string) =>
      usd(model, { ...million, modifiers: ['ultrafast'], ...(day && { day }) })
    expect(['gpt-6-astra', 'gpt-6.1-sol', 'gpt-6.2-sol'].map((model) => costs(model))).toEqual([300, 60, 30])
    expect(costs('gpt-6.2-sol', `2027-02-28${LAST_MOMENT}`)).toBe(30)
    expect(costs('gpt-6.2-sol', '2027-03-01')).toBe(60)
    const flagged = TABLE.filter(
      ([model]) => costOf({ ...million, model, modifiers: ['ultrafast'] }).withoutPrice !== 0,
    )
    expect(flagged).toHaveLength(TABLE.length - 3)
  })
})

// The costs of responses by the built-in price table, and by a user's file on top of it.
import { describe, expect, it } from 'vitest'
import type { ModifierName } from '../../src/core/ledger/modifiers.js'
import { createPricer } from '../../src/core/pricing/pricing.js'
import { loadBuiltInPrices } from '../../src/prices/price-file.js'
import { claude } from '../../src/prices/families/claude.js'
import { buildPriceTable } from '../../src/prices/price-table.js'
import { NOW, usd } from './usd.js'

const builtIn = loadBuiltInPrices()
const table = buildPriceTable(builtIn)

describe('the built-in table', () => {
  it('gives the source of every price and all cache rates explicitly', () => {
    for (const [name, { source, prices }] of Object.entries(builtIn.models ?? {})) {
      expect(source, name).toBeTruthy()
      for (const row of prices.flatMap((price) => (price.long ? [price, price.long] : [price]))) {
        expect(row, name).toHaveProperty('cache_read')
        expect(row, name).toHaveProperty('cache_write_5m')
        expect(row, name).toHaveProperty('cache_write_1h')
      }
    }
  })

  // claude-code-logs 5.1, USD per million: in, out, 5m write, 1h write, read on 2026-11-01.
  it.each([
    ['claude-fable-5-2', 8, 40, 10, 16, 0.2],
    ['claude-mythos-5-2', 8, 40, 10, 16, 0.2],
    ['claude-fable-5-1', 10, 50, 12.5, 20, 0.25],
    ['claude-mythos-5-1', 10, 50, 12.5, 20, 0.25],
    ['claude-fable-5', 10, 50, 12.5, 20, 1],
    ['claude-mythos-5', 10, 50, 12.5, 20, 1],
    ['claude-opus-5-5', 4, 20, 5, 8, 0.2],
    ['claude-opus-5', 5, 25, 6.25, 10, 0.5],
    ['claude-opus-4-8', 5, 25, 6.25, 10, 0.5],
    ['claude-opus-4-7', 5, 25, 6.25, 10, 0.5],
    ['claude-opus-4-6', 5, 25, 6.25, 10, 0.5],
    ['claude-opus-4-5', 5, 25, 6.25, 10, 0.5],
    ['claude-opus-4-1', 15, 75, 18.75, 30, 1.5],
    ['claude-opus-4', 15, 75, 18.75, 30, 1.5],
    ['claude-sonnet-5-5', 2, 10, 2.5, 4, 0.1],
    ['claude-sonnet-5', 2, 10, 2.5, 4, 0.2],
    ['claude-sonnet-4-6', 3, 15, 3.75, 6, 0.3],
    ['claude-sonnet-4-5', 3, 15, 3.75, 6, 0.3],
    ['claude-sonnet-4', 3, 15, 3.75, 6, 0.3],
    ['claude-3-7-sonnet', 3, 15, 3.75, 6, 0.3],
    ['claude-3-5-sonnet', 3, 15, 3.75, 6, 0.3],
    ['claude-3-sonnet', 3, 15, 3.75, 6, 0.3],
    ['claude-haiku-5-5', 0.1, 0.5, 0.125, 0.2, 0.01],
    ['claude-haiku-4-5', 1, 5, 1.25, 2, 0.1],
    ['claude-3-5-haiku', 0.8, 4, 1, 1.6, 0.08],
    ['claude-3-opus', 15, 75, 18.75, 30, 1.5],
    ['claude-3-haiku', 0.25, 1.25, 0.3, 0.5, 0.03],
  ])('has the published rates of %s', (model, input, output, write5m, write1h, read) => {
    const rates = createPricer(table).ratesNow(model, NOW)!
    const { cacheWrite5m, cacheWrite1h, cacheRead } = rates
    const perToken = [rates.input, rates.output, cacheWrite5m, cacheWrite1h, cacheRead]
    expect(perToken).toEqual([input, output, write5m, write1h, read].map((usdPerMillion) => usdPerMillion * 1000))
  })

  it('lists no other models of Claude', () => {
    expect([...table.models.keys()].filter((name) => claude.has(name))).toHaveLength(27)
  })

  it('has an unchanged fingerprint, so that stored responses are not repriced', () => {
    expect(table.fingerprint).toBe('ed29c17986a34617')
    const user = {
      models: { m: { fast_factor: 3, us_factor: 1.2, prices: [{ input: 1, output: 2 }] } },
      batch_factor: 0.4,
      regional_factor: 1.1,
    }
    expect(buildPriceTable(builtIn, user).fingerprint).toBe('ca54580d808d7f95')
  })

  it('has a price for any time in the past', () => {
    for (const [name, { rows }] of table.models) expect(rows[0]?.fromMs, name).toBe(-Infinity)
  })

  it('has the fast factors of claude-code-logs 5.4', () => {
    const fast = [...table.models].filter(([, { factors }]) => factors.fast !== undefined)
    expect(Object.fromEntries(fast.map(([name, { factors }]) => [name, factors.fast]))).toEqual({
      'claude-fable-5-2': 2,
      'claude-opus-5-5': 2,
      'claude-opus-5': 2,
      'claude-opus-4-8': 2,
      'claude-opus-4-7': 6,
      'claude-opus-4-6': 6,
    })
  })

  it('has US factors from Opus 4.6 on, not before', () => {
    const flat = [...table.models].filter(([name, { factors }]) => claude.has(name) && factors.us === undefined)
    expect(flat.map(([name]) => name).sort()).toEqual([
      'claude-3-5-haiku',
      'claude-3-5-sonnet',
      'claude-3-7-sonnet',
      'claude-3-haiku',
      'claude-3-opus',
      'claude-3-sonnet',
      'claude-haiku-4-5',
      'claude-opus-4',
      'claude-opus-4-1',
      'claude-opus-4-5',
      'claude-sonnet-4',
      'claude-sonnet-4-5',
    ])
    expect(new Set([...table.models.values()].map(({ factors }) => factors.us))).toEqual(new Set([undefined, 1.1]))
  })

  it.each([
    ['claude-opus-4-0', 'claude-opus-4'],
    ['claude-sonnet-4-0', 'claude-sonnet-4'],
    ['claude-sonnet-3-7', 'claude-3-7-sonnet'],
    ['claude-sonnet-3-5-20241022', 'claude-3-5-sonnet'],
    ['claude-3-sonnet-20240229', 'claude-3-sonnet'],
    ['claude-haiku-3.5', 'claude-3-5-haiku'],
    ['claude-haiku-3', 'claude-3-haiku'],
    ['claude-opus-3', 'claude-3-opus'],
    ['claude-4-opus-20250514', 'claude-opus-4'],
  ])('resolves %s to %s', (raw, canonical) => {
    expect(createPricer(table).label(raw)).toBe(canonical)
  })
})

describe('the built-in prices pass the acceptance cases of claude-code-logs 8', () => {
  it('20-23: cache writes of 5 minutes and of 1 hour', () => {
    expect(usd('claude-sonnet-5', { cacheWrite5m: 1000, cacheWrite1h: 2000 })).toBe(0.0105)
    expect(usd('claude-sonnet-5', { cacheWrite5m: 3000 })).toBe(0.0075)
    expect(usd('claude-sonnet-5', { cacheWrite5m: 400, output: 10 })).toBe(0.0011)
    expect(usd('claude-sonnet-5', { cacheWrite5m: 2000, cacheWrite1h: 1000 })).toBe(0.009)
  })

  it('28: the fast and US factors of Opus 4.8', () => {
    const tokens = { input: 1000, output: 100, cacheRead: 10000 }
    expect(usd('claude-opus-4-8', tokens)).toBe(0.0125)
    expect(usd('claude-opus-4-8', { ...tokens, modifiers: ['fast'] })).toBe(0.025)
    expect(usd('claude-opus-4-8', { ...tokens, modifiers: ['us'] })).toBe(0.01375)
    expect(usd('claude-opus-4-8', { ...tokens, modifiers: ['fast', 'us'] })).toBe(0.0275)
  })

  it('29: the fast factor of Opus 4.6, and of a model without one', () => {
    expect(usd('claude-opus-4-6', { input: 1000, output: 100, modifiers: ['fast'] })).toBe(0.045)
    expect(usd('claude-opus-4-6-fast', { input: 1000, output: 100 })).toBe(0.045)
    expect(usd('claude-sonnet-5', { input: 1000, output: 100, modifiers: ['fast'] })).toBe(0.003)
  })

  it('30: the long-prompt tier of Haiku 5.5', () => {
    const tokens = { output: 200, cacheWrite1h: 4000, cacheRead: 95000 }
    expect(usd('claude-haiku-5-5', { ...tokens, input: 1000 })).toBe(0.00195)
    expect(usd('claude-haiku-5-5', { ...tokens, input: 1001 })).toBe(0.0097505)
  })

  it('31: cache reads that do not cost a tenth of input', () => {
    const read = { cacheRead: 1_000_000 }
    expect(usd('claude-sonnet-5-5', { ...read, day: '2026-10-06T23:59:59.999Z' })).toBe(0.2)
    expect(usd('claude-sonnet-5-5', { ...read, day: '2026-10-07' })).toBe(0.1)
    expect(usd('claude-fable-5', read)).toBe(1)
    expect(usd('claude-fable-5-1', read)).toBe(0.25)
  })

  it('32: the end of the 200k tiers', () => {
    const tokens = { input: 50_000, output: 1000, cacheRead: 160_000 }
    expect(usd('claude-opus-4-6', { ...tokens, day: '2026-03-12' })).toBe(0.6975)
    expect(usd('claude-opus-4-6', { ...tokens, day: '2026-03-13' })).toBe(0.355)
    // Beyond the case: the first fast rates of Opus 4.6 above 200k, 60/225 (5.4), and the dates of Sonnet (5.3).
    expect(usd('claude-opus-4-6', { input: 300_000, output: 1e6, modifiers: ['fast'], day: '2026-02-20' })).toBe(
      18 + 225,
    )
    const sonnet = { input: 200_001, output: 1000 }
    const long = 1.222506
    const short = 0.615003
    expect(usd('claude-sonnet-4-6', { ...sonnet, day: '2026-03-12T23:59:59Z' })).toBe(long)
    expect(usd('claude-sonnet-4-6', { ...sonnet, day: '2026-03-13' })).toBe(short)
    expect(usd('claude-sonnet-4-5', { ...sonnet, day: '2026-04-30T23:59:59Z' })).toBe(long)
    expect(usd('claude-sonnet-4', { ...sonnet, day: '2026-05-01' })).toBe(short)
  })

  it.each([
    'us.anthropic.claude-opus-4-5-20251101-v1:0',
    'claude-opus-4-5@20251101',
    'anthropic/claude-opus-4.5',
    'claude-opus-4-5[1m]',
  ])('33: %s', (model) => expect(usd(model, { input: 1_000_000 })).toBe(5))

  it.each(['claude-opus-9-1', 'claude-opus-4-9'])('34: %s has no price', (model) => {
    const pricer = createPricer(table)
    expect(pricer.label(model)).toBe(model)
    expect(pricer.ratesNow(model, NOW)).toBeUndefined()
    expect(() => usd(model, { input: 1000, output: 10 })).toThrow()
  })

  it('35: web searches', () => {
    expect(usd('claude-sonnet-5', { input: 100, output: 50, webSearches: 3 })).toBe(0.0307)
  })

  it('51: a refusal before any output', () => {
    expect(usd('claude-fable-5', { input: 2000, modifiers: ['refused'] })).toBe(0)
  })
})

describe("a user's price file", () => {
  it('replaces a model as a whole', () => {
    const user = { models: { 'claude-opus-4-6': { prices: [{ input: 1, output: 2 }] } } }
    const mine = buildPriceTable(builtIn, user)
    expect(usd('claude-opus-4-6', { input: 1e6, output: 1e6, modifiers: ['fast', 'us'] }, mine)).toBe(3)
    expect(usd('claude-opus-5', { input: 1e6 }, mine)).toBe(5)
    expect(mine.fingerprint).not.toBe(table.fingerprint)
  })

  it("derives missing cache rates from Claude's ratios, also in the long tier", () => {
    const long = { above_tokens: 10, input: 4, output: 0 }
    const mine = buildPriceTable(builtIn, {
      models: { m: { prices: [{ input: 0.07, output: 0, cache_read: 0.5, long }] } },
    })
    expect(mine.models.get('m')?.rows).toEqual([
      {
        fromMs: -Infinity,
        rates: { input: 70, output: 0, cacheRead: 500, cacheWrite5m: 87.5, cacheWrite1h: 140 },
        long: {
          aboveTokens: 10,
          rates: { input: 4000, output: 0, cacheRead: 400, cacheWrite5m: 5000, cacheWrite1h: 8000 },
        },
      },
    ])
  })

  it("derives missing cache rates from the model's family, and lets factors of a row override those of the model", () => {
    const entry = {
      priority_factor: 2,
      prices: [
        { input: 1, output: 2 },
        { from: '2026-11-02', input: 1, output: 2, priority_factor: 3 },
      ],
    }
    const mine = buildPriceTable(builtIn, { models: { 'gpt-9': entry, 'gpt-5.5': entry, 'kimi-9': entry } })
    const writes = { cacheRead: 1e6, cacheWrite5m: 2e6, cacheWrite1h: 4e6 }
    expect(usd('gpt-9', writes, mine)).toBe(1 + 1.25 * 6)
    expect(usd('gpt-5.5', writes, mine)).toBe(7)
    expect(usd('kimi-9', writes, mine)).toBe(7)
    expect(usd('kimi-9', { input: 1e6, modifiers: ['priority'], day: '2026-11-01T23:59:59.999Z' }, mine)).toBe(2)
    expect(usd('kimi-9', { input: 1e6, modifiers: ['priority'], day: '2026-11-02' }, mine)).toBe(3)
  })

  it('adds aliases, and lets a model take the name of a built-in alias', () => {
    const mine = buildPriceTable(builtIn, {
      models: { 'claude-opus-4-0': { prices: [{ input: 7, output: 7 }] } },
      aliases: { house: 'claude-opus-5', 'claude-sonnet-4-0': 'claude-sonnet-5' },
    })
    expect(usd('house', { input: 1e6 }, mine)).toBe(5)
    expect(usd('claude-sonnet-4-0', { input: 1e6 }, mine)).toBe(2)
    expect(usd('claude-opus-4-0', { input: 1e6 }, mine)).toBe(7)
  })

  it('may set factors for all models and for one model', () => {
    const mine = buildPriceTable(builtIn, {
      priority_factor: 2,
      flex_factor: 0.5,
      models: { m: { priority_factor: 2.5, batch_factor: 1, prices: [{ input: 1, output: 2 }] } },
    })
    const cost = (model: string, ...modifiers: readonly ModifierName[]) => usd(model, { input: 1e6, modifiers }, mine)
    expect([cost('m', 'priority'), cost('m', 'flex'), cost('m', 'batch')]).toEqual([2.5, 0.5, 1])
    expect([cost('claude-opus-5', 'priority'), cost('claude-opus-5', 'flex')]).toEqual([10, 2.5])
    expect(usd('claude-opus-5', { input: 1e6, modifiers: ['priority', 'flex', 'ultrafast'] })).toBe(5)
  })

  it('may set the price of web searches, and the batch and regional factors', () => {
    const mine = buildPriceTable(builtIn, { web_search_usd: 0.02, batch_factor: 0.25, regional_factor: 1.1 })
    expect(usd('us.anthropic.claude-opus-5', { input: 1e6, modifiers: ['batch'], webSearches: 1 }, mine)).toBe(1.395)
  })
})

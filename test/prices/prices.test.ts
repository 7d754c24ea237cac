import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPricer, type PricedResponse } from '../../src/core/pricing/pricing.js'
import { buildPriceTable, loadBuiltInPrices, readPriceFile, type PriceFile } from '../../src/prices/prices.js'

const builtIn = loadBuiltInPrices()
const table = buildPriceTable(builtIn)
const NOW = Date.UTC(2026, 10, 1)

interface Given extends Partial<Omit<PricedResponse, 'model' | 'timestampMs'>> {
  readonly day?: string
}

function usd(model: string, { day = '2026-11-01', ...tokens }: Given, from = table): number {
  const none = { input: 0, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, webSearches: 0 }
  const flags = { fast: false, geoUs: false, batch: false, refused: false }
  const response = { ...none, ...flags, ...tokens, model, timestampMs: Date.parse(day) }
  const { nanos, priced } = createPricer(from).cost(response, NOW)
  expect(priced).toBe(true)
  return nanos / 1e9
}

describe('the built-in table', () => {
  it('passes the rules for user files', async () => {
    const path = fileURLToPath(new URL('../../src/prices/prices.json', import.meta.url))
    await expect(readPriceFile(path)).resolves.toEqual(builtIn)
  })

  it('says of every model where its price comes from, and leaves no rate to the defaults', () => {
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
  ])('%s', (model, input, output, write5m, write1h, read) => {
    const rates = createPricer(table).ratesNow(model, NOW)!
    const { cacheWrite5m, cacheWrite1h, cacheRead } = rates
    const perToken = [rates.input, rates.output, cacheWrite5m, cacheWrite1h, cacheRead]
    expect(perToken).toEqual([input, output, write5m, write1h, read].map((usdPerMillion) => usdPerMillion * 1000))
  })

  it('lists those models and no others', () => {
    expect(table.models.size).toBe(27)
  })

  it('has a price for any time, however old', () => {
    for (const [name, { rows }] of table.models) expect(rows[0]?.fromMs, name).toBe(-Infinity)
  })

  it('knows the fast factors of 5.4', () => {
    const factors = [...table.models].filter(([, { fastFactor }]) => fastFactor !== 1)
    expect(Object.fromEntries(factors.map(([name, { fastFactor }]) => [name, fastFactor]))).toEqual({
      'claude-fable-5-2': 2,
      'claude-opus-5-5': 2,
      'claude-opus-5': 2,
      'claude-opus-4-8': 2,
      'claude-opus-4-7': 6,
      'claude-opus-4-6': 6,
    })
  })

  it('raises US prices from Opus 4.6 on, not before', () => {
    const flat = [...table.models].filter(([, { usFactor }]) => usFactor === 1).map(([name]) => name)
    expect(flat.sort()).toEqual([
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
    expect(new Set([...table.models.values()].map(({ usFactor }) => usFactor))).toEqual(new Set([1, 1.1]))
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
  ])('%s is %s', (raw, canonical) => {
    expect(createPricer(table).label(raw)).toBe(canonical)
  })
})

describe('acceptance cases of claude-code-logs 8', () => {
  it('20-23: the two lives of a cache write', () => {
    expect(usd('claude-sonnet-5', { cacheWrite5m: 1000, cacheWrite1h: 2000 })).toBe(0.0105)
    expect(usd('claude-sonnet-5', { cacheWrite5m: 3000 })).toBe(0.0075)
    expect(usd('claude-sonnet-5', { cacheWrite5m: 400, output: 10 })).toBe(0.0011)
    expect(usd('claude-sonnet-5', { cacheWrite5m: 2000, cacheWrite1h: 1000 })).toBe(0.009)
  })

  it('28: fast and US on Opus 4.8', () => {
    const tokens = { input: 1000, output: 100, cacheRead: 10000 }
    expect(usd('claude-opus-4-8', tokens)).toBe(0.0125)
    expect(usd('claude-opus-4-8', { ...tokens, fast: true })).toBe(0.025)
    expect(usd('claude-opus-4-8', { ...tokens, geoUs: true })).toBe(0.01375)
    expect(usd('claude-opus-4-8', { ...tokens, fast: true, geoUs: true })).toBe(0.0275)
  })

  it('29: fast on Opus 4.6, and where it has no price', () => {
    expect(usd('claude-opus-4-6', { input: 1000, output: 100, fast: true })).toBe(0.045)
    expect(usd('claude-opus-4-6-fast', { input: 1000, output: 100 })).toBe(0.045)
    expect(usd('claude-sonnet-5', { input: 1000, output: 100, fast: true })).toBe(0.003)
  })

  it('30: the tier of Haiku 5.5', () => {
    const tokens = { output: 200, cacheWrite1h: 4000, cacheRead: 95000 }
    expect(usd('claude-haiku-5-5', { ...tokens, input: 1000 })).toBe(0.00195)
    expect(usd('claude-haiku-5-5', { ...tokens, input: 1001 })).toBe(0.0097505)
  })

  it('31: cache reads that are not a tenth of input', () => {
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
    // Not among the cases: the first fast rates of Opus 4.6 above 200k, 60/225 (5.4), and Sonnet's own dates (5.3).
    expect(usd('claude-opus-4-6', { input: 300_000, output: 1e6, fast: true, day: '2026-02-20' })).toBe(18 + 225)
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
    expect(usd('claude-fable-5', { input: 2000, refused: true })).toBe(0)
  })
})

describe('a user file over the built-in one', () => {
  it('replaces a model as a whole', () => {
    const user = { models: { 'claude-opus-4-6': { prices: [{ input: 1, output: 2 }] } } }
    const mine = buildPriceTable(builtIn, user)
    expect(usd('claude-opus-4-6', { input: 1e6, output: 1e6, fast: true, geoUs: true }, mine)).toBe(3)
    expect(usd('claude-opus-5', { input: 1e6 }, mine)).toBe(5)
    expect(mine.fingerprint).not.toBe(table.fingerprint)
  })

  it('takes missing cache rates from Claude’s ratios, in the long tier too', () => {
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

  it('adds aliases, and lets a model take the name of a built-in alias', () => {
    const mine = buildPriceTable(builtIn, {
      models: { 'claude-opus-4-0': { prices: [{ input: 7, output: 7 }] } },
      aliases: { house: 'claude-opus-5', 'claude-sonnet-4-0': 'claude-sonnet-5' },
    })
    expect(usd('house', { input: 1e6 }, mine)).toBe(5)
    expect(usd('claude-sonnet-4-0', { input: 1e6 }, mine)).toBe(2)
    expect(usd('claude-opus-4-0', { input: 1e6 }, mine)).toBe(7)
  })

  it('sets what holds for all models', () => {
    const mine = buildPriceTable(builtIn, { web_search_usd: 0.02, batch_factor: 0.25, regional_factor: 1.1 })
    expect(usd('us.anthropic.claude-opus-5', { input: 1e6, batch: true, webSearches: 1 }, mine)).toBe(1.395)
  })
})

describe('reading a user file', () => {
  let folder = ''
  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'prices-'))))
  afterAll(() => rm(folder, { recursive: true }))

  async function read(text: string, name = 'prices.yaml'): Promise<PriceFile> {
    const path = join(folder, name)
    await writeFile(path, text)
    return readPriceFile(path)
  }

  it('takes YAML', async () => {
    const file = await read(`
models:
  glm-4.7:
    prices:
      - { input: 0.6, output: 2.2, cache_read: 0.11, cache_write_5m: 0, cache_write_1h: 0 }
      - { from: 2026-12-01, input: 0.5, output: 2 }
aliases:
  z-ai/glm-4.7: glm-4.7
  house: claude-opus-5
regional_factor: 1.1
`)
    const mine = buildPriceTable(builtIn, file)
    expect(usd('z-ai/glm-4.7', { input: 1e6, cacheRead: 1e6, cacheWrite5m: 5 }, mine)).toBe(0.71)
    expect(usd('glm-4.7', { input: 1e6, day: '2026-12-01' }, mine)).toBe(0.5)
  })

  it('takes JSON', async () => {
    const file = { models: { m: { prices: [{ input: 1, output: 2 }] } } }
    await expect(read(JSON.stringify(file, undefined, '\t'), 'prices.json')).resolves.toEqual(file)
  })

  it('names the file that it cannot read', async () => {
    await expect(readPriceFile(join(folder, 'missing.yaml'))).rejects.toThrow(/missing\.yaml: ENOENT/)
    await expect(read('models: [')).rejects.toThrow(/^prices file .*prices\.yaml: /)
    await expect(read('{', 'bad.json')).rejects.toThrow(/^prices file .*bad\.json: /)
  })

  const model = (prices: string) => `models: { glm-4.7: { prices: [${prices}] } }`
  const row = 'input: 1, output: 2'
  it.each([
    ['an empty file', '', 'the file: ', 'found null'],
    ['an unknown key', 'modles: { a: 1 }', 'modles: ', 'found {"a":1}'],
    ['an unknown key in a row', model(`{ ${row}, cache: 3 }`), 'models.glm-4.7.prices[0].cache: ', 'found 3'],
    ['a word for a rate', model('{ input: free, output: 2 }'), 'models.glm-4.7.prices[0].input: ', 'found "free"'],
    ['a missing rate', model('{ input: 1 }'), 'models.glm-4.7.prices[0].output: ', 'found nothing'],
    ['a negative rate', model('{ input: -3, output: 2 }'), 'models.glm-4.7.prices[0].input: ', 'found -3'],
    ['a rate above $1 a token', model('{ input: 1, output: 1000001 }'), 'models.glm-4.7.prices[0].output: ', '1000001'],
    ['an infinite rate', model('{ input: .inf, output: 2 }'), 'models.glm-4.7.prices[0].input: ', 'found Infinity'],
    [
      'a negative rate in the long tier',
      model(`{ ${row}, long: { above_tokens: 1, input: -1, output: 1 } }`),
      'models.glm-4.7.prices[0].long.input: ',
      'found -1',
    ],
    [
      'a threshold that is no count',
      model(`{ ${row}, long: { above_tokens: 0.5, ${row} } }`),
      'models.glm-4.7.prices[0].long.above_tokens: ',
      'found 0.5',
    ],
    ['no rows', model(''), 'models.glm-4.7.prices: ', 'found []'],
    [
      'a day that does not exist',
      model(`{ from: 2026-02-30, ${row} }`),
      'models.glm-4.7.prices[0].from: ',
      '2026-02-30',
    ],
    ['a time of day', model(`{ from: 2026-02-01T00:00:00Z, ${row} }`), 'models.glm-4.7.prices[0].from: ', '00Z"'],
    [
      'a second row without a date',
      model(`{ ${row} }, { ${row} }`),
      'models.glm-4.7.prices[1].from: ',
      'found nothing',
    ],
    [
      'a date twice',
      model(`{ from: 2026-02-01, ${row} }, { from: 2026-02-01, ${row} }`),
      'models.glm-4.7.prices[1].from: ',
      'later than 2026-02-01, found "2026-02-01"',
    ],
    [
      'dates out of order',
      model(`{ ${row} }, { from: 2026-03-01, ${row} }, { from: 2026-02-01, ${row} }`),
      'models.glm-4.7.prices[2].from: ',
      'found "2026-02-01"',
    ],
    ['a factor of nothing', 'regional_factor: 0', 'regional_factor: ', 'found 0'],
    ['an alias to nowhere', 'aliases: { a: claude-opus-6 }', 'aliases.a: no such model', 'found "claude-opus-6"'],
    ['an alias to an alias', 'aliases: { a: claude-opus-4-0 }', 'aliases.a: no such model', 'found "claude-opus-4-0"'],
    [
      'an alias that hides a model',
      'aliases: { claude-opus-4: claude-opus-5 }',
      'aliases.claude-opus-4: ',
      'claude-opus-5',
    ],
    ['a model without a name', `models: { " x": { prices: [{ ${row} }] } }`, 'models. x: ', 'found {"prices"'],
    ['a key twice', 'regional_factor: 1\nregional_factor: 2', 'prices.yaml: ', 'unique'],
  ])('refuses %s', async (_, text, place, value) => {
    const message = await read(text).then(
      () => 'taken',
      (error: unknown) => (error as Error).message,
    )
    expect(message).toMatch(/^prices file .*prices\.yaml: /)
    expect(message).toContain(place)
    expect(message).toContain(value)
  })

  it('names every place that is wrong, up to ten', async () => {
    const message = await read(model('{ input: -1, output: -2 }')).catch((error: unknown) => (error as Error).message)
    expect(message).toMatch(/prices\[0\]\.input: .*; models\.glm-4\.7\.prices\[0\]\.output: /)
  })
})

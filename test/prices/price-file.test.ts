// Reading a user's price file: accepted as a whole, or rejected with the path and value of each error.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadBuiltInPrices, readPriceFile, type PriceFile } from '../../src/prices/price-file.js'
import { buildPriceTable } from '../../src/prices/price-table.js'
import { usd } from './usd.js'

const builtIn = loadBuiltInPrices()

it('the built-in price file is valid', async () => {
  const path = fileURLToPath(new URL('../../src/prices/prices.json', import.meta.url))
  await expect(readPriceFile(path)).resolves.toEqual(builtIn)
})

describe('reading a price file', () => {
  let folder = ''
  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'prices-'))))
  afterAll(() => rm(folder, { recursive: true }))

  async function read(text: string, name = 'prices.yaml'): Promise<PriceFile> {
    const path = join(folder, name)
    await writeFile(path, text)
    return readPriceFile(path)
  }

  it('accepts YAML', async () => {
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

  it('accepts JSON', async () => {
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
      'a threshold that is not an integer',
      model(`{ ${row}, long: { above_tokens: 0.5, ${row} } }`),
      'models.glm-4.7.prices[0].long.above_tokens: ',
      'found 0.5',
    ],
    ['an empty list of rows', model(''), 'models.glm-4.7.prices: ', 'found []'],
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
      'a repeated date',
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
    ['a factor of 0', 'regional_factor: 0', 'regional_factor: ', 'found 0'],
    ['a factor for an unknown modifier', 'slow_factor: 2', 'slow_factor: ', 'found 2'],
    ['a factor for refusals', 'refused_factor: 2', 'refused_factor: ', 'found 2'],
    ['a factor for billed costs', 'billed_factor: 2', 'billed_factor: ', 'found 2'],
    [
      'an alias to an unknown model',
      'aliases: { a: claude-opus-6 }',
      'aliases.a: no such model',
      'found "claude-opus-6"',
    ],
    ['an alias to an alias', 'aliases: { a: claude-opus-4-0 }', 'aliases.a: no such model', 'found "claude-opus-4-0"'],
    [
      'an alias that hides a model',
      'aliases: { claude-opus-4: claude-opus-5 }',
      'aliases.claude-opus-4: ',
      'claude-opus-5',
    ],
    ['a model without a name', `models: { " x": { prices: [{ ${row} }] } }`, 'models. x: ', 'found {"prices"'],
    ['a repeated key', 'regional_factor: 1\nregional_factor: 2', 'prices.yaml: ', 'unique'],
  ])('rejects %s', async (_, text, place, value) => {
    const message = await read(text).then(
      () => 'taken',
      (error: unknown) => (error as Error).message,
    )
    expect(message).toMatch(/^prices file .*prices\.yaml: /)
    expect(message).toContain(place)
    expect(message).toContain(value)
  })

  it('reports several errors at once', async () => {
    const message = await read(model('{ input: -1, output: -2 }')).catch((error: unknown) => (error as Error).message)
    expect(message).toMatch(/prices\[0\]\.input: .*; models\.glm-4\.7\.prices\[0\]\.output: /)
  })
})

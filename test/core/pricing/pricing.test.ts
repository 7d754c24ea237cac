import { describe, expect, it } from 'vitest'
import {
  createPricer,
  priceFingerprint,
  type PricedResponse,
  type PriceTable,
} from '../../../src/core/pricing/pricing.js'

const rates = (input: number, output: number) => ({
  input,
  output,
  cacheRead: input / 10,
  cacheWrite5m: input * 1.25,
  cacheWrite1h: input * 2,
})

const march = Date.UTC(2026, 2, 13)
const parts = {
  models: new Map([
    [
      'dated',
      {
        rows: [
          { fromMs: -Infinity, rates: rates(1000, 5000), long: { aboveTokens: 100, rates: rates(2000, 9000) } },
          { fromMs: march, rates: rates(500, 2500) },
        ],
        fastFactor: 6,
        usFactor: 1.1,
      },
    ],
    ['plain', { rows: [{ fromMs: -Infinity, rates: rates(0.4, 2.3) }], fastFactor: 1, usFactor: 1 }],
  ]),
  aliases: new Map([['other-name', 'dated']]),
  webSearchNanos: 10_000_000,
  batchFactor: 0.5,
  regionalFactor: 1.25,
}
const table: PriceTable = { ...parts, fingerprint: priceFingerprint(parts) }
const pricer = createPricer(table)

const NOW = Date.UTC(2026, 10, 1)
const response = (fields: Partial<PricedResponse>): PricedResponse => ({
  input: 0,
  output: 0,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  webSearches: 0,
  model: 'dated',
  timestampMs: NOW,
  fast: false,
  geoUs: false,
  batch: false,
  refused: false,
  ...fields,
})
const nanos = (fields: Partial<PricedResponse>, nowMs = NOW) => pricer.cost(response(fields), nowMs).nanos

describe('the row of its own time', () => {
  it.each([
    ['long before the first row', Date.UTC(2020, 0, 1), 1000],
    ['the last millisecond of the old row', march - 1, 1000],
    ['the first instant of the new row', march, 500],
    ['later', NOW, 500],
  ])('%s', (_, timestampMs, expected) => {
    expect(nanos({ input: 1, timestampMs })).toBe(expected)
  })

  it('is the row of now for a response without a timestamp', () => {
    expect(nanos({ input: 1, timestampMs: NaN }, march - 1)).toBe(1000)
    expect(nanos({ input: 1, timestampMs: NaN }, march)).toBe(500)
  })

  it('is told for now', () => {
    expect(pricer.ratesNow('dated', march - 1)?.input).toBe(1000)
    expect(pricer.ratesNow('dated', march)?.input).toBe(500)
    expect(pricer.ratesNow('other-name', march)).toBeUndefined()
  })
})

describe('long prompts', () => {
  const old = { timestampMs: 0 }
  it('strictly above the threshold switch every token, output too', () => {
    expect(nanos({ ...old, input: 100, output: 10 })).toBe(100 * 1000 + 10 * 5000)
    expect(nanos({ ...old, input: 101, output: 10 })).toBe(101 * 2000 + 10 * 9000)
  })

  it('count every prompt-side class and no output', () => {
    expect(nanos({ ...old, output: 500 })).toBe(500 * 5000)
    const each = { input: 26, cacheRead: 25, cacheWrite5m: 25, cacheWrite1h: 25 }
    expect(nanos({ ...old, ...each })).toBe(26 * 2000 + 25 * 200 + 25 * 2500 + 25 * 4000)
  })
})

describe('factors', () => {
  it.each([
    ['us', { geoUs: true }, 550],
    ['fast', { fast: true }, 3000],
    ['fast by name', { model: 'dated-fast' }, 3000],
    ['batch', { batch: true }, 250],
    ['regional by name', { model: 'us.dated' }, 625],
    ['global by name', { model: 'global.dated' }, 500],
    ['all', { geoUs: true, fast: true, batch: true, model: 'eu.dated' }, 2063], // 2062.5
  ])('%s', (_, fields, expected) => {
    expect(nanos({ input: 1, ...fields })).toBe(expected)
  })

  it('leave web searches alone', () => {
    expect(nanos({ webSearches: 3, fast: true, geoUs: true, batch: true })).toBe(30_000_000)
  })

  it('flag fast mode that has no price, and only that', () => {
    const flag = (fields: Partial<PricedResponse>) => pricer.cost(response(fields), NOW).fastWithoutPrice
    expect(flag({ model: 'plain', output: 1, fast: true })).toBe(true)
    expect(flag({ model: 'plain-fast', output: 1 })).toBe(true)
    expect(flag({ model: 'plain', output: 1 })).toBe(false)
    expect(flag({ model: 'dated', output: 1, fast: true })).toBe(false)
    expect(flag({ model: 'nobody', output: 1, fast: true })).toBe(false)
  })
})

it('rounds once, after everything is added', () => {
  expect(nanos({ model: 'plain', input: 3, output: 1 })).toBe(4) // 1.2 + 2.3 = 3.5; rounded apart it would be 3
})

it('stays an integer whatever a file claims', () => {
  expect(nanos({ input: 1e300, output: 1e308 })).toBe(Number.MAX_SAFE_INTEGER)
})

it('costs nothing when it is refused before any output, and is priced all the same', () => {
  const refused = response({ input: 2000, webSearches: 1, refused: true })
  expect(pricer.cost(refused, NOW)).toEqual({ nanos: 0, priced: true, fastWithoutPrice: false })
  expect(nanos({ input: 2000, output: 1, refused: true })).toBe(2000 * 500 + 2500)
})

it('prices no part of an unknown model', () => {
  const unknown = response({ model: 'gpt-5', input: 5, webSearches: 2 })
  expect(pricer.cost(unknown, NOW)).toEqual({ nanos: 0, priced: false, fastWithoutPrice: false })
})

describe('label', () => {
  it.each([
    ['us.dated-v1:0', 'dated'],
    ['other-name', 'dated'],
    ['  GPT-5 ', 'GPT-5'],
    ['', 'unknown'],
    [' \n', 'unknown'],
    ['a\u0000b\nc', 'a\uFFFDb\uFFFDc'],
    ['a\uD800', 'a\uFFFD'],
    ['m😀', 'm😀'],
  ])('of %j is %j', (raw, label) => {
    expect(pricer.label(raw)).toBe(label)
  })

  it('is at most 200 UTF-16 units and never half a character', () => {
    expect(pricer.label('x'.repeat(5000))).toMatch(/^x{183}…[0-9a-f]{16}$/)
    expect(pricer.label(`${'x'.repeat(5000)}y`)).not.toBe(pricer.label('x'.repeat(5000)))
    expect(pricer.label(`${'x'.repeat(182)}😀${'x'.repeat(50)}`)).toMatch(/^x{182}…[0-9a-f]{16}$/)
  })
})

describe('fingerprint', () => {
  const dated = parts.models.get('dated')!
  const [first, second] = dated.rows as [(typeof dated.rows)[0], (typeof dated.rows)[0]]
  const withDated = (model: typeof dated) => ({ ...parts, models: new Map([...parts.models, ['dated', model]]) })

  it('does not depend on the order of models', () => {
    const turned = { ...parts, models: new Map([...parts.models].reverse()) }
    expect(priceFingerprint(turned)).toBe(table.fingerprint)
    expect(table.fingerprint).toMatch(/^[0-9a-f]{16}$/)
  })

  it('differs for everything that a price can depend on', () => {
    const more = { ...second.rates, cacheRead: second.rates.cacheRead + 0.001 }
    const fingerprints = [
      table.fingerprint,
      priceFingerprint({ ...parts, webSearchNanos: 1 }),
      priceFingerprint({ ...parts, batchFactor: 0.4 }),
      priceFingerprint({ ...parts, regionalFactor: 1.1 }),
      priceFingerprint({ ...parts, aliases: new Map([['other-name', 'plain']]) }),
      priceFingerprint({ ...parts, models: new Map([['dated', dated]]) }),
      priceFingerprint(withDated({ ...dated, fastFactor: 2 })),
      priceFingerprint(withDated({ ...dated, usFactor: 1 })),
      priceFingerprint(withDated({ ...dated, rows: [first] })),
      priceFingerprint(withDated({ ...dated, rows: [first, { ...second, fromMs: march + 1 }] })),
      priceFingerprint(withDated({ ...dated, rows: [first, { ...second, rates: more }] })),
      priceFingerprint(withDated({ ...dated, rows: [{ fromMs: first.fromMs, rates: first.rates }, second] })),
      priceFingerprint(
        withDated({ ...dated, rows: [{ ...first, long: { aboveTokens: 101, rates: rates(2000, 9000) } }, second] }),
      ),
    ]
    expect(new Set(fingerprints).size).toBe(fingerprints.length)
  })
})

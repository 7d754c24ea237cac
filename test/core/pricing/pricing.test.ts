import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MODIFIER, MODIFIERS, type ModifierName } from '../../../src/core/ledger/modifiers.js'
import { priceFingerprint } from '../../../src/core/pricing/fingerprint.js'
import type { NameRules } from '../../../src/core/pricing/models.js'
import type { ModelPrice, PriceTable } from '../../../src/core/pricing/price-table.js'
import { createPricer } from '../../../src/core/pricing/pricing.js'
import { TOKENS } from '../../../src/core/schema.js'
import { rates, responseOf, type MadeResponse } from './made-prices.js'

const names: NameRules = {
  families: [
    {
      has: () => true,
      steps: [
        { pattern: /^eu\./, becomes: '', means: 'regional' },
        { pattern: /^global\./, becomes: '' },
        { pattern: /-fast$/, becomes: '', means: 'fast' },
      ],
    },
  ],
  shown: (raw) => raw.trim().replace(/^host\//, ''),
}
const march = Date.UTC(2026, 2, 13)
const parts = {
  models: new Map<string, ModelPrice>([
    [
      'dated',
      {
        rows: [
          { fromMs: -Infinity, rates: rates(1000, 5000), long: { aboveTokens: 100, rates: rates(2000, 9000) } },
          { fromMs: march, rates: rates(500, 2500) },
        ],
        factors: { fast: 6, us: 1.1, flex: 0.4 },
      },
    ],
    [
      'dated-factor',
      {
        rows: [
          { fromMs: -Infinity, rates: rates(500), factors: { ultrafast: 3, fast: 2 } },
          { fromMs: march, rates: rates(500), factors: { ultrafast: 1 } },
        ],
        factors: { fast: 6, ultrafast: 4 },
      },
    ],
    ['plain', { rows: [{ fromMs: -Infinity, rates: rates(0.4, 2.3) }], factors: {} }],
  ]),
  aliases: new Map([['other-name', 'dated']]),
  webSearchNanos: 10_000_000,
  names,
  factors: { batch: 0.5, regional: 1.25, flex: 0.5, priority: 2 },
  pricedByModel: ['fast', 'ultrafast'] as const,
}
const table: PriceTable = { ...parts, fingerprint: priceFingerprint(parts) }
const pricer = createPricer(table)

const NOW = Date.UTC(2026, 10, 1)
const response = (fields: MadeResponse) => responseOf({ model: 'dated', timestampMs: NOW, ...fields })
const nanos = (fields: MadeResponse, nowMs = NOW) => pricer.cost(response(fields), nowMs).nanos

describe("the price row at the response's time", () => {
  it.each([
    ['is the old one for a response of 2020', Date.UTC(2020, 0, 1), 1000],
    ['is the old one in its last millisecond', march - 1, 1000],
    ['is the new one from its first instant', march, 500],
    ['is the new one later', NOW, 500],
  ])('%s', (_, timestampMs, expected) => {
    expect(nanos({ input: 1, timestampMs })).toBe(expected)
  })

  it('is the current one for a response without a timestamp', () => {
    expect(nanos({ input: 1, timestampMs: NaN }, march - 1)).toBe(1000)
    expect(nanos({ input: 1, timestampMs: NaN }, march)).toBe(500)
  })

  it('is the one whose rates ratesNow returns', () => {
    expect(pricer.ratesNow('dated', march - 1)?.input).toBe(1000)
    expect(pricer.ratesNow('dated', march)?.input).toBe(500)
    expect(pricer.ratesNow('other-name', march)).toBeUndefined()
  })
})

describe('long prompts', () => {
  const old = { timestampMs: 0 }
  it('strictly above the threshold change the rate of all tokens, output included', () => {
    expect(nanos({ ...old, input: 100, output: 10 })).toBe(100 * 1000 + 10 * 5000)
    expect(nanos({ ...old, input: 101, output: 10 })).toBe(101 * 2000 + 10 * 9000)
  })

  it('are measured by all token types except output', () => {
    expect(nanos({ ...old, output: 500 })).toBe(500 * 5000)
    const each = { input: 26, cacheRead: 25, cacheWrite5m: 25, cacheWrite1h: 25 }
    expect(nanos({ ...old, ...each })).toBe(26 * 2000 + 25 * 200 + 25 * 2500 + 25 * 4000)
  })

  it('are measured by the mean of several requests', () => {
    const ofTwo = (input: number) => pricer.cost(response({ ...old, input }), NOW, 2).nanos
    expect(ofTwo(200)).toBe(200 * 1000)
    expect(ofTwo(201)).toBe(201 * 2000)
  })
})

describe('factors', () => {
  it.each([
    ['come from the model', { modifiers: ['us'] }, 550],
    ['come from a mode', { modifiers: ['fast'] }, 3000],
    ['come from the name', { model: 'dated-fast' }, 3000],
    ['apply once if both mode and name imply them', { model: 'dated-fast', modifiers: ['fast'] }, 3000],
    ['come from the table', { modifiers: ['batch'] }, 250],
    ['come from a region in the name', { model: 'eu.dated' }, 625],
    ['do not apply to the region "global"', { model: 'global.dated' }, 500],
    ['come from the model before the table', { modifiers: ['flex'] }, 200],
    ['come from the table if the model has none', { modifiers: ['priority'] }, 1000],
    ['do not apply to a mode without a factor', { modifiers: ['ultrafast'] }, 500],
    ['multiply', { modifiers: ['us', 'fast', 'batch'], model: 'eu.dated' }, 2063], // 2062.5
  ] as const)('%s', (_, fields, expected) => {
    expect(nanos({ input: 1, ...fields })).toBe(expected)
  })

  it('of a row take precedence over those of the model, for the time of the row', () => {
    const cost = (modifier: ModifierName, timestampMs: number) =>
      pricer.cost(response({ model: 'dated-factor', input: 1, modifiers: [modifier], timestampMs }), NOW)
    expect(cost('ultrafast', march - 1)).toEqual({ nanos: 1500, priced: true, withoutPrice: 0 })
    expect(cost('ultrafast', march)).toEqual({ nanos: 500, priced: true, withoutPrice: MODIFIER.ultrafast })
    expect(cost('fast', march - 1).nanos).toBe(1000)
    expect(cost('fast', march).nanos).toBe(3000)
  })

  it('do not apply to web searches', () => {
    expect(nanos({ webSearches: 3, modifiers: ['fast', 'us', 'batch'] })).toBe(30_000_000)
  })

  it('are reported as missing for a mode without a price, and only then', () => {
    const flag = (fields: MadeResponse) => pricer.cost(response(fields), NOW).withoutPrice
    expect(flag({ model: 'plain', output: 1, modifiers: ['fast'] })).toBe(MODIFIER.fast)
    expect(flag({ model: 'plain-fast', output: 1 })).toBe(MODIFIER.fast)
    expect(flag({ model: 'plain', output: 1, modifiers: ['fast', 'ultrafast', 'us'] })).toBe(
      MODIFIER.fast | MODIFIER.ultrafast,
    )
    expect(flag({ model: 'plain', output: 1 })).toBe(0)
    expect(flag({ model: 'dated', output: 1, modifiers: ['fast'] })).toBe(0)
    expect(flag({ model: 'nobody', output: 1, modifiers: ['fast'] })).toBe(0)
  })
})

it('the cost is rounded once, after adding everything up', () => {
  expect(nanos({ model: 'plain', input: 3, output: 1 })).toBe(4) // 1.2 + 2.3 = 3.5; rounding each would give 3
})

it('the cost is capped at the largest safe integer', () => {
  expect(nanos({ input: 1e300, output: 1e308 })).toBe(Number.MAX_SAFE_INTEGER)
})

it('a response refused before any output costs nothing and counts as priced', () => {
  const refused = response({ input: 2000, webSearches: 1, modifiers: ['refused'] })
  expect(pricer.cost(refused, NOW)).toEqual({ nanos: 0, priced: true, withoutPrice: 0 })
  expect(nanos({ input: 2000, output: 1, modifiers: ['refused'] })).toBe(2000 * 500 + 2500)
})

it('a response of an unknown model costs nothing, web searches included', () => {
  const unknown = response({ model: 'gpt-5', input: 5, webSearches: 2 })
  expect(pricer.cost(unknown, NOW)).toEqual({ nanos: 0, priced: false, withoutPrice: 0 })
})

describe('the model label', () => {
  it.each([
    ['eu.dated-fast', 'dated'],
    ['other-name', 'dated'],
    ['  GPT-5 ', 'GPT-5'],
    ['host/mine', 'mine'],
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

describe('the fingerprint of a price table', () => {
  const dated = parts.models.get('dated')!
  const [first, second] = dated.rows as [(typeof dated.rows)[0], (typeof dated.rows)[0]]
  const withDated = (model: ModelPrice) => ({ ...parts, models: new Map([...parts.models, ['dated', model]]) })

  const withFactors = (factors: PriceTable['factors']) => ({ ...parts, factors: { ...parts.factors, ...factors } })

  it('is the same whether a factor comes from the table or from the model', () => {
    const explicit = withDated({ ...dated, factors: { ...dated.factors, batch: 0.5, priority: 2, ultrafast: 1 } })
    expect(priceFingerprint(explicit)).toBe(table.fingerprint)
  })

  it('does not depend on the order of models', () => {
    const turned = { ...parts, models: new Map([...parts.models].reverse()) }
    expect(priceFingerprint(turned)).toBe(table.fingerprint)
    expect(table.fingerprint).toMatch(/^[0-9a-f]{16}$/)
  })

  it('changes with everything on which a price depends', () => {
    const more = { ...second.rates, cacheRead: second.rates.cacheRead + 0.001 }
    const fingerprints = [
      table.fingerprint,
      priceFingerprint({ ...parts, webSearchNanos: 1 }),
      priceFingerprint(withFactors({ batch: 0.4 })),
      priceFingerprint(withFactors({ regional: 1.1 })),
      priceFingerprint(withFactors({ priority: 3 })),
      priceFingerprint(withFactors({ flex: 0.6 })),
      priceFingerprint(withFactors({ ultrafast: 6 })),
      priceFingerprint(withFactors({ fast: 3 })),
      priceFingerprint({ ...parts, aliases: new Map([['other-name', 'plain']]) }),
      priceFingerprint({ ...parts, models: new Map([['dated', dated]]) }),
      priceFingerprint(withDated({ ...dated, factors: { ...dated.factors, fast: 2 } })),
      priceFingerprint(withDated({ ...dated, factors: { ...dated.factors, us: 1 } })),
      priceFingerprint(withDated({ ...dated, factors: { ...dated.factors, batch: 1 } })),
      priceFingerprint(withDated({ ...dated, factors: { ...dated.factors, priority: 1 } })),
      priceFingerprint(withDated({ ...dated, rows: [first] })),
      priceFingerprint(withDated({ ...dated, rows: [first, { ...second, fromMs: march + 1 }] })),
      priceFingerprint(withDated({ ...dated, rows: [first, { ...second, factors: { fast: 2 } }] })),
      priceFingerprint(withDated({ ...dated, rows: [first, { ...second, factors: { fast: 3 } }] })),
      priceFingerprint(withDated({ ...dated, rows: [{ ...first, factors: { fast: 3 } }, second] })),
      priceFingerprint(withDated({ ...dated, rows: [first, { ...second, rates: more }] })),
      priceFingerprint(withDated({ ...dated, rows: [{ fromMs: first.fromMs, rates: first.rates }, second] })),
      priceFingerprint(
        withDated({ ...dated, rows: [{ ...first, long: { aboveTokens: 101, rates: rates(2000, 9000) } }, second] }),
      ),
    ]
    expect(new Set(fingerprints).size).toBe(fingerprints.length)
  })
})

describe('usedPrice', () => {
  it('returns row, tier, factor and modifiers', () => {
    const used = (fields: MadeResponse) => pricer.usedPrice(response(fields), NOW)
    const [before, after] = parts.models.get('dated')!.rows
    expect(used({ input: 100, timestampMs: march - 1 })).toEqual({ row: before, long: false, factor: 1, modifiers: 0 })
    expect(used({ input: 101, timestampMs: march - 1 })).toMatchObject({ row: before, long: true })
    expect(used({ input: 101, modifiers: ['batch'], model: 'eu.dated-fast' })).toEqual({
      row: after,
      long: false,
      factor: 6 * 0.5 * 1.25,
      modifiers: MODIFIER.batch | MODIFIER.fast | MODIFIER.regional,
    })
    expect(used({ model: 'nobody knows' })).toBeUndefined()
    expect(used({ input: 5, modifiers: ['refused'] })).toBeUndefined()
  })

  it('gives the cost when multiplied out', () => {
    const counts = fc.constantFrom(0, 1, 7, 60, 101, 4_294_967_295)
    const made = fc.record({
      ...{ input: counts, output: counts, cacheRead: counts, cacheWrite5m: counts, cacheWrite1h: counts },
      model: fc.constantFrom('dated', 'dated-factor', 'plain', 'eu.dated-fast', 'other-name', 'nobody knows'),
      timestampMs: fc.constantFrom(NaN, 0, march - 1, march, NOW),
      modifiers: fc.subarray([...MODIFIERS.map(({ name }) => name)]),
      webSearches: fc.constantFrom(0, 3),
    })
    fc.assert(
      fc.property(made, fc.constantFrom(1, 2, 50), (fields, requests) => {
        const asked = responseOf(fields)
        const { nanos, priced } = pricer.cost(asked, NOW, requests)
        const used = pricer.usedPrice(asked, NOW, requests)
        const isRefused = fields.modifiers.includes('refused') && fields.output === 0
        expect(used !== undefined).toBe(priced && !isRefused)
        if (used === undefined) {
          expect(nanos).toBe(0)
          return
        }
        const paid = (used.long ? used.row.long! : used.row).rates
        const tokens = TOKENS.reduce((sum, { name }) => sum + fields[name] * paid[name], 0)
        const expected = tokens * used.factor + fields.webSearches * table.webSearchNanos
        expect(Math.abs(nanos - Math.min(expected, Number.MAX_SAFE_INTEGER))).toBeLessThanOrEqual(0.5 + nanos * 1e-15)
        const prompt = fields.input + fields.cacheRead + fields.cacheWrite5m + fields.cacheWrite1h
        if (used.long) expect(prompt).toBeGreaterThan(100 * requests)
      }),
    )
  })
})

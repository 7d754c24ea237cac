// Compares a reported table with the ledger, amount by amount: equal tables match, and one change differs in one place.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  AMOUNTS,
  compare,
  type Amount,
  type Compared,
  type Ledger,
  type Told,
} from '../../../src/core/report/comparison.js'
import { OtherPrices, plainReason } from '../../../src/core/report/reasons.js'
import { noSums, type Sums } from '../../../src/core/report/sums.js'
import { createPricer } from '../../../src/core/pricing/pricing.js'
import type { ModifierName } from '../../../src/core/ledger/modifiers.js'
import { PLAIN_NAMES, rates, responseOf } from '../pricing/made-prices.js'

const DAYS = ['2026-11-01', '2026-11-02', '2026-11-03']
const MODELS = ['a', 'b']

const counts = fc.nat({ max: 5 })
const sums: fc.Arbitrary<Sums> = fc.record({
  ...{ input: counts, output: counts, cacheRead: counts, cacheWrite5m: counts, cacheWrite1h: counts },
  ...{ webSearches: counts, nanos: fc.nat(), loggedNanos: fc.constant(0), unpricedTokens: fc.constant(0) },
  requests: fc.integer({ min: 1, max: 3 }),
})
const cells = fc.uniqueArray(fc.tuple(fc.constantFrom(...DAYS), fc.constantFrom(...MODELS), sums), {
  minLength: 1,
  selector: ([day, model]) => day + model,
})
const asked = fc.subarray(Object.keys(AMOUNTS) as Amount[], { minLength: 1 })
type Cells = readonly (readonly [day: string, model: string, sums: Sums])[]

const ledgerOf = (all: Cells): Ledger =>
  new Map(DAYS.map((day) => [day, new Map(all.filter(([of]) => of === day).map(([, model, each]) => [model, each]))]))

const toldOf = (all: Cells, amounts: readonly Amount[]): Told[] =>
  all.map(([day, model, each]) => ({
    ...{ day, model, roundingNanos: 0 },
    amounts: Object.fromEntries(amounts.map((amount) => [amount, AMOUNTS[amount](each)])),
  }))

const differing = (all: readonly Compared[]): readonly string[] =>
  all.flatMap(({ day, model, differing }) => differing.map((amount) => `${day} ${model ?? ''} ${amount}`))

it('a table made from the ledger matches it in any order of rows', () => {
  fc.assert(
    fc.property(cells, asked, (all, amounts) => {
      const told = toldOf(all, amounts)
      const none = { ...told[0]!, amounts: Object.fromEntries(amounts.map((amount) => [amount, 0])) }
      expect(differing(compare([none, ...told].reverse(), ledgerOf(all)))).toEqual([])
    }),
  )
})

it('a changed amount differs, and no other amount does', () => {
  fc.assert(
    fc.property(cells, asked, fc.nat(), fc.nat(), (all, amounts, which, amountIndex) => {
      const told = toldOf(all, amounts)
      const changed = told[which % told.length]!
      const amount = amounts[amountIndex % amounts.length]!
      // Exceeds the rounding of the costs of up to three responses.
      const more = { ...changed, amounts: { ...changed.amounts, [amount]: changed.amounts[amount]! + 2 } }
      const found = compare(
        told.map((each) => (each === changed ? more : each)),
        ledgerOf(all),
      )
      expect(differing(found)).toEqual([`${changed.day} ${changed.model} ${amount}`])
    }),
  )
})

describe('an amount that only one side has', () => {
  const all: Cells = [
    ['2026-11-01', 'a', { ...noSums(), input: 1, requests: 1 }],
    ['2026-11-02', 'b', { ...noSums(), input: 2, requests: 1 }],
    ['2026-11-03', 'a', { ...noSums(), input: 3, requests: 1 }],
  ]
  const told = toldOf(all, ['input'])
  const reasons = (found: readonly Compared[]): readonly (string | undefined)[] =>
    found.filter((each) => each.differing.length > 0).map((each) => plainReason(each, found)?.kind)

  it('differs if the table lacks it between its first and last day', () => {
    const found = compare([told[0]!, told[2]!], ledgerOf(all))
    expect(differing(found)).toEqual(['2026-11-02 b input'])
    expect(reasons(found)).toEqual(['untold'])
    expect(differing(compare(told.slice(1), ledgerOf(all)))).toEqual([])
  })

  it('differs if the ledger lacks it', () => {
    const found = compare(told, ledgerOf(all.slice(1)))
    expect(differing(found)).toEqual(['2026-11-01 a input'])
    expect(reasons(found)).toEqual(['uncounted'])
  })

  it('is explained by the days if the model has equal sums over all days', () => {
    const moved = told.map((each) => (each.day === '2026-11-01' ? { ...each, day: '2026-11-02' } : each))
    const found = compare([...moved, { ...told[0]!, amounts: { input: 0 } }], ledgerOf(all))
    expect(differing(found)).toEqual(['2026-11-01 a input', '2026-11-02 a input'])
    expect(reasons(found)).toEqual(['days', 'days'])
  })

  it('is explained by thinking if output is priced but missing from the table', () => {
    const [day, model] = ['2026-11-01', 'a']
    const counted = { ...noSums(), requests: 1, output: 10, nanos: 500 }
    const reasonOf = (output: number, nanos: number): string | undefined => {
      const found = compare(
        [{ day, model, amounts: { output, nanos }, roundingNanos: 0 }],
        ledgerOf([[day, model, counted]]),
      )
      return plainReason(found[0]!, found)?.kind
    }
    expect(reasonOf(4, 500)).toBe('thinking')
    expect(reasonOf(14, 500)).toBeUndefined()
    expect(reasonOf(4, 200)).toBeUndefined()
  })

  it('is compared with the sum of all models if the table names no model', () => {
    const [day, model] = [DAYS[0]!, undefined]
    const two: Cells = MODELS.map((each) => [day, each, { ...noSums(), nanos: 10, requests: 1 }])
    const ofAll = (nanos: number): readonly Compared[] =>
      compare([{ day, model, amounts: { nanos }, roundingNanos: 0 }], ledgerOf(two))
    expect(differing(ofAll(20))).toEqual([])
    expect(differing(ofAll(21))).toEqual([])
    expect(differing(ofAll(22))).toEqual(['2026-11-01  nanos'])
  })
})

describe('a cost is explained by', () => {
  const NOW = Date.parse('2026-11-22')
  const pricer = createPricer({
    models: new Map([
      [
        'a',
        {
          rows: [
            { fromMs: -Infinity, rates: rates(1000), long: { aboveTokens: 100, rates: rates(3000) } },
            { fromMs: Date.parse('2026-11-10'), rates: rates(700), long: { aboveTokens: 100, rates: rates(1900) } },
          ],
          factors: { fast: 6 },
        },
      ],
    ]),
    ...{ aliases: new Map(), names: PLAIN_NAMES, webSearchNanos: 10_000_000, factors: {}, pricedByModel: [] },
    fingerprint: '',
  })
  const modifiers: readonly ModifierName[] = ['fast']
  const made = responseOf({
    ...{ model: 'a', input: 70, cacheRead: 150, output: 120, webSearches: 3, modifiers },
    timestampMs: Date.parse('2026-11-01T12:00:00Z'),
  })

  function reasonOf(nanos: number): unknown {
    const counted = { ...noSums(), ...{ requests: 1, nanos: pricer.cost(made, NOW).nanos } }
    const told = { day: '2026-11-01', model: 'a', amounts: { nanos }, roundingNanos: 0 }
    const [found] = compare([told], new Map([['2026-11-01', new Map([['a', counted]])]]))
    const prices = new OtherPrices(pricer, NOW)
    prices.add(made, 1)
    return prices.explain(found!)
  }

  // Per token: input 1000, output 5000, cache reads 100; three times as much for long prompts, six times for fast mode.
  const searches = 30_000_000
  it.each([
    ['the list price', 6 * 3 * (70_000 + 15_000 + 600_000) + searches, { kind: 'listed' }],
    ['the price of short prompts', 6 * (70_000 + 15_000 + 600_000) + searches, ['short']],
    [
      'the long-prompt price for only the part above the limit',
      6 * (70_000 + 15_000 + 50 * 200 + 600_000 + 20 * 10_000) + searches,
      ['parts'],
    ],
    ['no charge for searches', 6 * 3 * 685_000, ['searches']],
    ['no modifiers', 3 * 685_000 + searches, ['modifiers']],
    ["today's price", 6 * 1900 * (70 + 15 + 600) + searches, ['today']],
    ['two of these', 685_000 * 3, ['searches', 'modifiers']],
    ['four of these', 700 * 685, ['today', 'short', 'searches', 'modifiers']],
  ])('%s', (_, nanos, expected) => {
    expect(reasonOf(nanos)).toEqual(Array.isArray(expected) ? { kind: 'prices', broken: expected } : expected)
  })

  it('nothing if no combination fits', () => {
    expect(reasonOf(12_345)).toBeUndefined()
  })
})

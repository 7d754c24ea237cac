// The laws on which everything else rests: joining batches is idempotent, commutative and associative, the orders behind
// it are total, and the columnar ledger equals the plain Map of the specification.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Ledger } from '../../../src/core/ledger/ledger.js'
import { StringTable } from '../../../src/core/tables/strings.js'
import { FIRST_MODIFIERS, WINNER_MODIFIERS } from '../../../src/core/ledger/modifiers.js'
import { FLAG, compareOrigin, compareUsage, rowView, type RowView } from '../../../src/core/ledger/usage.js'
import { specOf } from './ledger-spec.js'
import { comparable, countedOf } from './ledger-view.js'
import { PLAIN, batchOf, cut, madeLines, oneLine, retold, type Made, type MadeLine } from '../made-lines.js'

const RUNS = { numRuns: 2_000 }

describe('the ledger', () => {
  it('equals the specification for the same lines', () => {
    fc.assert(
      fc.property(madeLines, (lines) => {
        expect(final([lines])).toEqual(comparable(specOf(lines).counted()))
      }),
      RUNS,
    )
  })

  it('is the same for any order, repetition and batching of the lines', () => {
    fc.assert(
      fc.property(
        madeLines.chain((lines) => fc.tuple(fc.constant(lines), retold(lines))),
        ([lines, batches]) => {
          expect(final(batches)).toEqual(final([lines]))
        },
      ),
      RUNS,
    )
  })

  it('is the same when copies are settled after every batch or once', () => {
    fc.assert(
      fc.property(
        madeLines.chain((lines) => fc.tuple(fc.constant(lines), retold(lines))),
        ([lines, batches]) => {
          expect(final(batches, { between: (ledger) => ledger.settleAliases() })).toEqual(
            comparable(specOf(lines).counted()),
          )
        },
      ),
      RUNS,
    )
  })

  it('is the same when it fills many pages', () => {
    const numbers = [...Array(900).keys()]
    const lines = numbers.flatMap((number): MadeLine[] => {
      const line = {
        ...PLAIN,
        key: `m${number}`,
        request: `r${number}`,
        output: number,
        place: `agent/p${number % 7}/s`,
        tools: [`t${number}`],
      }
      return [
        line,
        { ...line, output: 2 * number },
        ...(number % 3 === 0
          ? [{ ...line, key: `r${number}`, request: '', flags: FLAG.requestOnly, time: 1, tools: [] }]
          : []),
      ]
    })
    const results = numbers.map((number): Made => ({ kind: 'result', tool: `t${number}`, count: number, time: 0 }))
    const all = [...lines, ...results]
    const names = numbers.flatMap((number) => [`m${number}`, `r${number}`])
    const expected = comparable(specOf(all).counted())
    for (const order of [all, all.toReversed()]) {
      expect(
        final(cut(order, [1, 700, 300]), {
          names,
          between: ({ requests: links }) => expect(links.rows.count).toBeLessThanOrEqual(900),
        }),
      ).toEqual(expected)
    }
  })

  it('is not changed by lines that it has joined before', () => {
    fc.assert(
      fc.property(madeLines, (lines) => {
        const ledger = new Ledger(new StringTable())
        ledger.join(batchOf(lines), () => undefined)
        ledger.settleAliases()
        const changed: number[] = []
        for (const line of lines) ledger.join(batchOf([line]), (entry) => changed.push(entry))
        expect(changed).toEqual([])
        expect(ledger.unsettled).toBe(false)
      }),
      RUNS,
    )
  })
})

describe('the order', () => {
  const orders = [
    ['of usage', (a: MadeLine, b: MadeLine) => compareUsage(rowFor(a), a.model, rowFor(b), b.model)],
    ['of origin', (a: MadeLine, b: MadeLine) => compareOrigin(rowFor(a), a.place, rowFor(b), b.place)],
  ] as const

  it.each(orders)('%s is antisymmetric', (_, order) => {
    fc.assert(
      fc.property(oneLine, oneLine, (a, b) => {
        expect(Number.isNaN(order(a, b))).toBe(false)
        expect(Math.sign(order(a, b)) + Math.sign(order(b, a))).toBe(0)
        expect(order(a, a)).toBe(0)
      }),
      RUNS,
    )
  })

  it.each(orders)('%s is transitive', (_, order) => {
    fc.assert(
      fc.property(oneLine, oneLine, oneLine, (a, b, c) => {
        if (order(a, b) <= 0 && order(b, c) <= 0) expect(order(a, c)).toBeLessThanOrEqual(0)
      }),
      RUNS,
    )
  })

  it.each([
    ['of usage', orders[0][1], usageOf],
    ['of origin', orders[1][1], originOf],
  ] as const)('%s has ties only between lines that say the same', (_, order, saysOf) => {
    fc.assert(
      fc.property(oneLine, oneLine, (a, b) => {
        if (order(a, b) === 0) expect(saysOf(a)).toEqual(saysOf(b))
      }),
      RUNS,
    )
  })
})

interface FinalOptions {
  /** Called after each batch. */
  readonly between?: (ledger: Ledger) => unknown
  readonly names?: readonly string[]
}

/** All that is known after joining these batches. */
function final(batches: readonly (readonly Made[])[], { between, names }: FinalOptions = {}): unknown[] {
  const ledger = new Ledger(new StringTable())
  for (const batch of batches) {
    ledger.join(batchOf(batch), () => undefined)
    between?.(ledger)
  }
  ledger.settleAliases()
  return comparable(countedOf(ledger, names))
}

/** The row that a batch of one line holds. */
function rowFor(line: MadeLine): RowView {
  return rowView(batchOf([line]).entries.pages[0]!)
}

/** The fields that the winning line of a response determines. */
function usageOf(line: MadeLine): unknown {
  const { input, output, cacheRead, cacheWrite5m, cacheWrite1h, model, flags } = line
  return [input, output, cacheRead, cacheWrite5m, cacheWrite1h, model, flags & (WINNER_MODIFIERS | FLAG.sidechain)]
}

/** The fields that its first line determines. */
function originOf({ time, place, flags }: MadeLine): unknown {
  return [String(time), place, flags & (FIRST_MODIFIERS | FLAG.subagentOrigin)]
}

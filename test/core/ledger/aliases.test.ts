// Copies that have only a request id: which response they belong to, and what is reported when that changes.
import { describe, expect, it } from 'vitest'
import type { SettledAlias } from '../../../src/core/ledger/aliases.js'
import { Ledger } from '../../../src/core/ledger/ledger.js'
import { StringTable } from '../../../src/core/tables/strings.js'
import { COLUMN } from '../../../src/core/schema.js'
import { FLAG } from '../../../src/core/ledger/usage.js'
import { PLAIN, batchOf, cut, keyOf, type Made, type MadeLine } from '../made-lines.js'

const COPY: MadeLine = { ...PLAIN, key: 'r1', flags: FLAG.requestOnly, output: 4 }
const SMALL: MadeLine = { ...PLAIN, key: 'm1', request: 'r1', output: 2 }
const LARGE: MadeLine = { ...PLAIN, key: 'm2', request: 'r1', output: 3 }

describe('a copy without message id', () => {
  it('is a response of its own until a response with its request is known', () => {
    const { ledger, tell, original } = told([COPY])
    expect([original('r1'), ledger.count]).toEqual(['r1', 1])
    tell(SMALL)
    expect(original('r1')).toBe('m1')
  })

  it('belongs to the best response with its request, in any order', () => {
    for (const order of [
      [COPY, SMALL, LARGE],
      [LARGE, COPY, SMALL],
      [SMALL, LARGE, COPY],
    ]) {
      expect(told(order).original('r1')).toBe('m2')
    }
  })

  it('moves when another response with its request becomes the best', () => {
    const { tell, original, settled } = told([COPY, SMALL, LARGE])
    tell({ ...SMALL, output: 9 })
    expect(original('r1')).toBe('m1')
    expect(settled()).toEqual([{ copy: 'r1', original: 'm1', formerOriginal: 'm2' }])
  })

  it('moves without moving the other copies', () => {
    const requests = ['r1', 'r2', 'r3']
    const copies = requests.map((key, index) => ({ ...COPY, key, output: 4 + index }))
    const carriers = requests.map((request) => ({ ...SMALL, request }))
    for (const [index, moved] of requests.entries()) {
      const { original, output } = told([...copies, ...carriers, { ...LARGE, request: moved }])
      expect(requests.map((key) => original(key))).toEqual(requests.map((key) => (key === moved ? 'm2' : 'm1')))
      expect([output('m1'), output('m2')]).toEqual([moved === 'r3' ? 5 : 6, 4 + index])
    }
  })

  it('belongs to the smaller key when two responses tie', () => {
    const equal = [SMALL, { ...LARGE, output: SMALL.output }]
    const [smaller] = ['m1', 'm2'].sort((a, b) => keyOf(a).high - keyOf(b).high || keyOf(a).low - keyOf(b).low)
    for (const order of [equal, equal.toReversed()]) expect(told([COPY, ...order]).original('r1')).toBe(smaller)
  })

  it('stays a response of its own when a response without a request is read', () => {
    expect(told([COPY, { ...SMALL, request: '' }]).original('r1')).toBe('r1')
  })
})

describe('settleAliases', () => {
  it('reports each copy once after it or its original changed', () => {
    const { tell, settled } = told([COPY, SMALL])
    expect(settled()).toEqual([{ copy: 'r1', original: 'm1', formerOriginal: undefined }])
    tell()
    expect(settled()).toEqual([])
    tell({ ...COPY, output: 7 })
    expect(settled()).toEqual([{ copy: 'r1', original: 'm1', formerOriginal: 'm1' }])
    tell({ ...SMALL, key: 'm3', request: 'r9', output: 7 })
    expect(settled()).toEqual([])
  })
})

describe('a request id that all responses share', () => {
  const LINES = 100_000
  // Booked like a first pass: a copy early on, and aliases settled every 2,000 lines.
  const work = (requestOf: (number: number) => string, copyOf: string): number => {
    const ledger = new Ledger(new StringTable())
    const steps = countedSteps(ledger)
    const lines = Array.from({ length: LINES }, (_, number) => ({
      ...PLAIN,
      key: `m${number}`,
      request: requestOf(number),
      output: number % 7,
    }))
    for (const batch of [[{ ...COPY, key: copyOf }], ...cut(lines, [2_000]), lines]) {
      ledger.join(batchOf(batch), () => undefined)
      ledger.settleAliases()
    }
    expect(ledger.canonical(0)).toBeGreaterThan(0)
    expect(ledger.requests.rows.count).toBe(LINES)
    return steps()
  }

  it('takes at most 1.5 times the steps of separate request ids', () => {
    const one = work(() => 'r1', 'r1')
    const each = work((number) => `r${number}`, 'r1')
    expect(one / each).toBeLessThan(1.5)
  })

  it('takes at most 1.5 times the steps when each response also has a request id of its own', () => {
    const shared = (other: (number: number) => string): number => {
      const ledger = new Ledger(new StringTable())
      const steps = countedSteps(ledger)
      const lines = Array.from({ length: LINES }, (_, number) => ({
        ...PLAIN,
        key: `m${number}`,
        request: `r${number}`,
      }))
      const replays = lines.map((line, number) => ({ ...line, request: other(number) }))
      for (const batch of [lines, replays, replays]) ledger.join(batchOf(batch), () => undefined)
      expect(ledger.requests.rows.count).toBe(2 * LINES)
      return steps()
    }
    expect(shared(() => 'all') / shared((number) => `other${number}`)).toBeLessThan(1.5)
  })
})

/** Counts accesses to the rows of a ledger from now on. */
function countedSteps({ entries, requests: links }: Ledger): () => number {
  let steps = 0
  for (const { rows } of [entries, links]) {
    const page = rows.page.bind(rows)
    const word = rows.word.bind(rows)
    rows.page = (row) => ((steps += 1), page(row))
    rows.word = (row, column) => ((steps += 1), word(row, column))
  }
  return () => steps
}

/** A ledger that joined these lines, one batch each, with its answers by name. */
function told(lines: readonly Made[]) {
  const ledger = new Ledger(new StringTable())
  let last: SettledAlias[] = []
  const tell = (...more: readonly Made[]): void => {
    for (const line of more) ledger.join(batchOf([line]), () => undefined)
    last = []
    ledger.settleAliases((settled) => last.push(settled))
  }
  tell(...lines)
  const names = ['m1', 'm2', 'm3', 'r1', 'r2', 'r3']
  const nameOf = (entry: number): string => names.find((name) => entryOf(ledger, name) === entry)!
  return {
    ledger,
    tell,
    /** Output tokens of a response joined with its copies. */
    output: (name: string): number => {
      const { words, base } = ledger.counted(entryOf(ledger, name))
      return words[base + COLUMN.output]!
    },
    original: (name: string): string => nameOf(ledger.canonical(entryOf(ledger, name))),
    settled: () =>
      last.map(({ copy, original, formerOriginal }) => ({
        copy: nameOf(copy),
        original: original === undefined ? undefined : nameOf(original),
        formerOriginal: formerOriginal === undefined ? undefined : nameOf(formerOriginal),
      })),
  }
}

function entryOf(ledger: Ledger, name: string): number {
  const { low, high } = keyOf(name)
  return ledger.entries.find(low, high)
}

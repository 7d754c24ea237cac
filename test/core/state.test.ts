// A state loaded from what was committed, at any time, shows and counts the same as one that never stopped.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_SAVED } from '../../src/core/cursor.js'
import { MEASURE } from '../../src/core/schema.js'
import { STATE_LAYOUT, State } from '../../src/core/state.js'
import { NewerStateError, type Change, type Heading } from '../../src/core/tables/table.js'
import { FLAG } from '../../src/core/ledger/usage.js'
import { DrivenState, shownBy } from './driven-state.js'
import { comparable, countedOf } from './ledger/ledger-view.js'
import { PLAIN, batchOf, madeLines, type Made } from './made-lines.js'

const lateLines = fc.array(madeLines, { minLength: 1, maxLength: 4 })
const CURSOR = { size: 10, mtimeMs: 1.5, inode: 2 ** 40, offset: 9, fingerprint: { low: 1, high: 2 } }

describe('a state and one reloaded after every commit', () => {
  it('show the same', () => {
    fc.assert(
      fc.property(lateLines, fc.boolean(), (batches, rewrites) => {
        const stays = new DrivenState()
        const restarts = new DrivenState()
        for (const batch of batches) {
          for (const driven of [stays, restarts]) pass(driven, batch)
          if (rewrites) restarts.rewrite()
          restarts.restart()
          expect(amountsOf(restarts)).toEqual(amountsOf(stays))
          expect(ledgerOf(restarts)).toEqual(ledgerOf(stays))
        }
      }),
      { numRuns: 1_000 },
    )
  })

  it('show the same when booking in steps with restarts in between', () => {
    let steps = 0
    fc.assert(
      fc.property(
        lateLines,
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 0, max: 3 }),
        (batches, most, restartEvery) => {
          const atOnce = new DrivenState()
          const inSteps = new DrivenState()
          for (const batch of batches) {
            pass(atOnce, batch)
            inSteps.tell(batch)
            for (let step = 1; inSteps.state.totals.waiting; step += 1) {
              inSteps.book(undefined, most)
              inSteps.commit()
              if (step % restartEvery === 0) inSteps.restart()
              if (step > 1) steps += 1
            }
            expect(amountsOf(inSteps)).toEqual(amountsOf(atOnce))
            expect(ledgerOf(inSteps)).toEqual(ledgerOf(atOnce))
          }
        },
      ),
      { numRuns: 1_000 },
    )
    expect(steps).toBeGreaterThan(1_000)
  })

  it('have the same last activity for each series', () => {
    const stays = new DrivenState()
    const restarts = new DrivenState()
    const batches = [
      [PLAIN, { ...PLAIN, key: 'm2', time: 500 }],
      [{ ...PLAIN, key: 'm3', place: 'agent/two/s1', time: 0 }],
    ]
    for (const batch of batches) {
      for (const driven of [stays, restarts]) pass(driven, batch)
      restarts.restart()
    }
    expect(restarts.series).toEqual(stays.series)
    expect([...stays.series.values()].map(({ lastActivity }) => lastActivity)).toEqual(['1000', '0'])
  })

  const copy: Made = { ...PLAIN, key: 'r1', flags: FLAG.requestOnly, time: 0 }
  it.each<[string, Made[][]]>([
    ['the first line of a response is a copy without message id', [[copy, { ...PLAIN, request: 'r1', time: 2000 }]]],
    ['the first line of a response is read in a later pass', [[PLAIN], [{ ...PLAIN, time: 0 }]]],
    ['a response moves to another project', [[PLAIN], [{ ...PLAIN, time: 0, place: 'agent/two/s1' }]]],
  ])('have the same last activity when %s', (_, batches) => {
    const stays = new DrivenState()
    const restarts = new DrivenState()
    for (const batch of batches) for (const driven of [stays, restarts]) pass(driven, batch)
    restarts.restart()
    expect(restarts.series).toEqual(stays.series)
  })

  it('have the same birth of a series once it is committed', () => {
    const driven = new DrivenState()
    pass(driven, [PLAIN])
    driven.state.totals.series.setBirth(0, 1)
    driven.restart()
    expect(driven.state.totals.series.birth(0)).toBe(0)
    driven.state.totals.series.setBirth(0, 1)
    driven.commit()
    driven.restart()
    expect(driven.state.totals.series.birth(0)).toBe(1)
  })

  it('have the same cursors', () => {
    const driven = new DrivenState()
    for (let file = 0; file < 600; file += 1) driven.state.cursors.set(`/f${file}`, { ...CURSOR, size: file })
    driven.commit()
    driven.state.cursors.delete('/f3')
    driven.state.cursors.set('/new', CURSOR)
    driven.state.cursors.set('/f599', { ...CURSOR, size: 1 })
    driven.state.cursors.delete('/f300')
    driven.commit()
    const paths = ['/new', ...Array.from({ length: 600 }, (_, file) => `/f${file}`)]
    const known = (): unknown[] => paths.map((path) => driven.state.cursors.get(path))
    const before = known()
    expect(before.filter((cursor) => cursor !== undefined)).toHaveLength(599)
    driven.restart()
    expect(known()).toEqual(before)
    const { cursors } = driven.state
    cursors.set('/in-the-free-row', CURSOR)
    expect(cursors.rows.count).toBe(600)
  })

  it('have the same saved state of sources, which is limited in size', () => {
    const driven = new DrivenState()
    driven.state.cursors.set('/a', { ...CURSOR, saved: '{"turn":7}' })
    driven.state.cursors.set('/b', CURSOR)
    driven.commit()
    driven.state.cursors.set('/b', { ...CURSOR, saved: 'é\ud800' })
    driven.state.cursors.set('/a', CURSOR)
    driven.commit()
    driven.restart()
    expect(driven.state.cursors.get('/a')).toEqual(CURSOR)
    expect(driven.state.cursors.get('/b')).toEqual({ ...CURSOR, saved: 'é\ud800' })
    driven.state.cursors.delete('/b')
    driven.state.cursors.set('/c', CURSOR)
    expect(driven.state.cursors.get('/c')).toEqual(CURSOR)
    expect(() => driven.state.cursors.set('/a', { ...CURSOR, saved: 'x'.repeat(MAX_SAVED + 1) })).toThrow(
      /4097 characters of \/a/,
    )
  })

  it('have the same prices, instance name and number of pushes', () => {
    const driven = new DrivenState()
    driven.state.prices = 'first'
    driven.commit()
    expect([...driven.state.changes()]).toEqual([])
    Object.assign(driven.state, { prices: 'second', instance: 'a-b', pushed: 3 })
    const written = [...driven.state.changes()].map(({ table }) => driven.state.heading.tables[table]?.name)
    expect(written).toEqual(['meta'])
    driven.commit()
    driven.restart()
    const { instance, pushed } = driven.state
    expect({ instance, pushed }).toEqual({ instance: 'a-b', pushed: 3 })
  })
})

describe('a commit', () => {
  it('writes only the rows that changed', () => {
    const state = new State()
    state.prices = 'some'
    const lines = Array.from({ length: 600 }, (_, number): Made => ({ ...PLAIN, key: `k${number}` }))
    state.ledger.join(batchOf(lines), () => undefined)
    state.saved()
    expect([...state.changes()]).toEqual([])
    state.ledger.join(batchOf([{ ...PLAIN, key: 'k300', output: 9 }]), () => undefined)
    const written = [...state.changes()].map(({ table, row, bytes }) => [
      state.heading.tables[table]?.name,
      row,
      bytes.length,
    ])
    expect(written).toEqual([
      ['entries', 300, 64],
      ['meta', 0, expect.any(Number)],
    ])
  })

  it('completes a state that was rewritten between joining and booking', () => {
    const driven = new DrivenState()
    pass(driven, [PLAIN])
    // Compacted while a pass has joined lines and not yet booked them.
    driven.tell([{ ...PLAIN, key: 'm2' }])
    driven.rewrite()
    driven.book()
    driven.commit()
    driven.restart()
    expect(driven.state.totals.waiting).toBe(false)
    expect(driven.total[MEASURE.requests]).toBe(2)
  })
})

describe('loading a state', () => {
  const { heading, changes } = stored([PLAIN])
  const named = (name: string) => (change: Change) => heading.tables[change.table]?.name === name
  const without = (name: string): Change[] => changes.filter((change) => !named(name)(change))
  const row = (name: string, bytes: Uint8Array, at = 0): Change => ({
    table: heading.tables.findIndex((each) => each.name === name),
    row: at,
    bytes,
  })

  it.each<[string, Change[], RegExp]>([
    ['a missing meta table', without('meta'), /meta/],
    ['an unknown table', [...changes, { table: 99, row: 0, bytes: new Uint8Array(64) }], /no table 99/],
    ['part of a row', [...changes, row('entries', new Uint8Array(30))], /do not fit/],
    ['a gap between rows', [...changes, row('entries', new Uint8Array(64), 7)], /do not fit/],
    ['missing strings', without('texts'), /no text/],
  ])('rejects %s', (_, given, error) => {
    expect(() => new State().load(heading, given)).toThrow(error)
  })

  it.each<[string, Heading]>([
    ['a later layout', { ...heading, layout: STATE_LAYOUT + 1 }],
    ['a new table', { ...heading, tables: [...heading.tables, { name: 'later', width: 2 }] }],
    [
      'wider rows',
      {
        ...heading,
        tables: heading.tables.map((table) => (table.name === 'series' ? { ...table, width: 40 } : table)),
      },
    ],
  ])('rejects %s with NewerStateError', (_, later) => {
    expect(() => new State().load(later, changes)).toThrow(NewerStateError)
  })

  it('gives a fresh state if nothing is stored', () => {
    const state = new State()
    state.load(heading, [])
    expect(state.loaded).toBe(false)
  })
})

it('a state of an earlier layout loads, with tables in another order and without those added later', () => {
  const { heading, changes, driven } = stored([PLAIN, { ...PLAIN, key: 'm2', place: 'agent/two/s1' }])
  const tables = [...heading.tables].filter(({ name }) => name !== 'saved').reverse()
  const numbers = heading.tables.map(({ name }) => tables.findIndex((table) => table.name === name))
  const state = new State()
  state.load(
    { layout: 2, tables },
    changes.map((change) => ({ ...change, table: numbers[change.table]! })),
  )
  expect([...state.everything()]).toEqual([...driven.state.everything()])
})

function pass(driven: DrivenState, lines: readonly Made[]): void {
  driven.tell(lines)
  if (driven.state.totals.waiting) driven.book()
  driven.commit()
}

function amountsOf(driven: DrivenState): unknown {
  const { series, ...rest } = shownBy(driven)
  return { series: series.map(([name, { amounts, unpriced }]) => [name, amounts, unpriced]), ...rest }
}

function ledgerOf({ state }: DrivenState): unknown {
  return comparable(countedOf(state.ledger))
}

function stored(lines: readonly Made[]): {
  readonly heading: Heading
  readonly changes: Change[]
  readonly driven: DrivenState
} {
  const driven = new DrivenState()
  pass(driven, lines)
  return {
    driven,
    heading: driven.state.heading,
    changes: [...driven.state.everything()].map((change) => ({ ...change, bytes: change.bytes.slice() })),
  }
}

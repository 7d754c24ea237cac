// What is committed is all there is: a state that starts anew from its pages, at any time, shows and counts the same as
// one that never stopped.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { STATE_LAYOUT, State } from '../../src/core/state.js'
import { FLAG } from '../../src/core/usage.js'
import { NOW_MS } from './booking-spec.js'
import { DrivenState, shownBy } from './driven-state.js'
import { comparable, countedOf } from './ledger-view.js'
import { PLAIN, batchOf, madeLines, type Made } from './made-lines.js'

const lateLines = fc.array(madeLines, { minLength: 1, maxLength: 4 })
const CURSOR = { size: 10, mtimeMs: 1.5, inode: 2 ** 40, offset: 9, fingerprint: { low: 1, high: 2 } }

describe('a state and one that is loaded from its pages after every commit', () => {
  it('show the same', () => {
    fc.assert(
      fc.property(lateLines, (batches) => {
        const stays = new DrivenState()
        const restarts = new DrivenState()
        for (const batch of batches) {
          for (const driven of [stays, restarts]) pass(driven, batch)
          restarts.restart()
          expect(amountsOf(restarts)).toEqual(amountsOf(stays))
          expect(ledgerOf(restarts)).toEqual(ledgerOf(stays))
        }
      }),
      { numRuns: 1_000 },
    )
  })

  it('show the same when it books a few at a time, and restarts in between', () => {
    let steps = 0
    fc.assert(
      fc.property(lateLines, fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 3 }), (batches, most, restartEvery) => {
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
      }),
      { numRuns: 1_000 },
    )
    expect(steps).toBeGreaterThan(1_000)
  })

  it('know the time of the latest response of each series alike', () => {
    const stays = new DrivenState()
    const restarts = new DrivenState()
    const batches = [[PLAIN, { ...PLAIN, key: 'm2', time: 500 }], [{ ...PLAIN, key: 'm3', place: 'agent/two/s1', time: 0 }]]
    for (const batch of batches) {
      for (const driven of [stays, restarts]) pass(driven, batch)
      restarts.restart()
    }
    expect(restarts.series).toEqual(stays.series)
    expect([...stays.series.values()].map(({ lastActivity }) => lastActivity)).toEqual(['1000', '0'])
  })

  const copy: Made = { ...PLAIN, key: 'r1', flags: FLAG.requestOnly, time: 0 }
  it.each<[string, Made[][]]>([
    ['its first line was a copy without message id', [[copy, { ...PLAIN, request: 'r1', time: 2000 }]]],
    ['its first line was read in a later pass', [[PLAIN], [{ ...PLAIN, time: 0 }]]],
    ['it moved to another project', [[PLAIN], [{ ...PLAIN, time: 0, place: 'agent/two/s1' }]]],
  ])('know the same time of the latest response when %s', (_, batches) => {
    const stays = new DrivenState()
    const restarts = new DrivenState()
    for (const batch of batches) for (const driven of [stays, restarts]) pass(driven, batch)
    restarts.restart()
    expect(restarts.series).toEqual(stays.series)
  })

  it('show a series at 0 until it was seen, across a restart too', () => {
    const driven = new DrivenState()
    pass(driven, [PLAIN])
    const series = (): boolean => driven.state.totals.series.shown(0, NOW_MS, 0)
    driven.restart()
    expect(series()).toBe(false)
    driven.state.totals.series.scraped(1, NOW_MS)
    driven.restart()
    expect(series()).toBe(false)
    driven.state.totals.series.scraped(1, NOW_MS)
    expect(series()).toBe(false)
    driven.commit()
    expect(series()).toBe(true)
    driven.restart()
    expect(series()).toBe(true)
  })

  it('know the same files', () => {
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

  it('know the same prices', () => {
    const driven = new DrivenState()
    driven.state.prices = 'first'
    driven.commit()
    expect([...driven.state.changes()]).toEqual([])
    driven.state.prices = 'second'
    const written = [...driven.state.changes()].map(([key]) => key)
    expect(written).toEqual(['meta'])
  })
})

describe('a commit', () => {
  it('writes the pages that changed and no others', () => {
    const state = new State()
    state.prices = 'some'
    const lines = Array.from({ length: 600 }, (_, number): Made => ({ ...PLAIN, key: `k${number}` }))
    state.ledger.join(batchOf(lines), () => undefined)
    state.saved()
    expect([...state.changes()]).toEqual([])
    state.ledger.join(batchOf([{ ...PLAIN, key: 'k300', output: 9 }]), () => undefined)
    expect([...state.changes()].map(([key]) => key)).toEqual(['entries/00000001'])
  })
})

describe('pages that make no sense together are refused', () => {
  const pages = pagesOf([PLAIN])
  const meta = (layout: number): Uint8Array => new TextEncoder().encode(JSON.stringify({ layout, prices: 'some' }))

  it.each([
    ['no heading', pages.filter(([key]) => key !== 'meta'), /heading/],
    ['another layout', [...pages.filter(([key]) => key !== 'meta'), ['meta', meta(STATE_LAYOUT + 1)]], /layout/],
    ['a table that is not known', [...pages, ['unknown/00000000', new Uint8Array(64)]], /no table/],
    ['a page cut short', pages.map(([key, page]) => [key, key.startsWith('entries') ? page.subarray(0, 30) : page]), /does not continue/],
    ['a page that is missing', pages.map(([key, page]) => [key.replace('entries/00000000', 'entries/00000001'), page]), /does not continue/],
    ['cursors without paths', [...pages, ['cursors/00000000', new Uint8Array(40)]], /paths/],
    ['text that is missing', pages.filter(([key]) => !key.startsWith('texts')), /no text/],
  ] as const)('%s', (_, given, error) => {
    expect(() => new State().load(given as readonly (readonly [string, Uint8Array])[])).toThrow(error)
  })

  it('no pages at all are a fresh state', () => {
    const state = new State()
    state.load([])
    expect(state.loaded).toBe(false)
  })
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

function pagesOf(lines: readonly Made[]): (readonly [string, Uint8Array])[] {
  const driven = new DrivenState()
  driven.tell(lines)
  driven.book()
  return [...driven.state.changes()].map(([key, page]) => [key, page.slice()] as const).sort(([a], [b]) => (a < b ? -1 : 1))
}

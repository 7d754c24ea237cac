// Web searches of tools: use and result arrive in either order, each tool counts once, and the earliest result wins.
import { describe, expect, it } from 'vitest'
import { ToolCounts, type Key } from '../../../src/core/ledger/tool-counts.js'

const A: Key = { low: 1, high: 10 }
const B: Key = { low: 2, high: 20 }
const TOOL = 7
const OTHER_TOOL = 8

describe('searches of a response', () => {
  it('are those of its tools, whether the use or the result is read first', () => {
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      const searches = new ToolCounts()
      const steps = [() => use(searches, TOOL, A), () => result(searches, TOOL, 3)]
      for (const step of order) steps[step]!()
      expect(searches.total([A])).toBe(3)
      expect(searches.total([B])).toBe(0)
    }
  })

  it('count each tool once, even if the response has several keys', () => {
    const searches = new ToolCounts()
    for (const key of [A, A, B]) use(searches, TOOL, key)
    use(searches, OTHER_TOOL, B)
    result(searches, TOOL, 3)
    result(searches, OTHER_TOOL, 4)
    expect([searches.total([A]), searches.total([B]), searches.total([A, B])]).toEqual([3, 7, 7])
    expect(searches.uses.count).toBe(3)
  })

  it.each([
    [
      'the earlier line',
      [
        [5, 200],
        [3, 100],
      ],
      3,
    ],
    [
      'the larger count of equal times',
      [
        [3, 100],
        [5, 100],
      ],
      5,
    ],
    [
      'a line with a time before one without',
      [
        [9, Number.NaN],
        [2, 100],
      ],
      2,
    ],
    [
      'the larger count of lines without a time',
      [
        [2, Number.NaN],
        [9, Number.NaN],
      ],
      9,
    ],
  ] as const)('come from %s', (_, told, expected) => {
    for (const order of [told, [...told].reverse()]) {
      const searches = new ToolCounts()
      use(searches, TOOL, A)
      for (const [count, time] of order) result(searches, TOOL, count, time)
      expect(searches.total([A])).toBe(expected)
    }
  })

  it('report whether a line is new', () => {
    const searches = new ToolCounts()
    expect([use(searches, TOOL, A), use(searches, TOOL, A)]).toEqual([true, false])
    expect([result(searches, TOOL, 3), result(searches, TOOL, 3), result(searches, TOOL, 2)]).toEqual([
      true,
      false,
      false,
    ])
  })

  it('are the same after loading', () => {
    const searches = new ToolCounts()
    for (let tool = 0; tool < 600; tool += 1) {
      use(searches, tool, A)
      result(searches, tool, 1)
    }
    const loaded = new ToolCounts()
    for (const [row, bytes] of searches.uses.changes()) loaded.uses.load(row, bytes)
    for (const [row, bytes] of searches.results.changes()) loaded.results.load(row, bytes)
    loaded.reindex()
    expect(loaded.total([A])).toBe(600)
    expect([use(loaded, 599, A), result(loaded, 599, 1)]).toEqual([false, false])
  })
})

describe('joining searches', () => {
  it('reports the responses whose sum may change, and no others', () => {
    const mine = new ToolCounts()
    use(mine, TOOL, A)
    use(mine, TOOL, B)
    const theirs = new ToolCounts()
    use(theirs, OTHER_TOOL, A)
    result(theirs, TOOL, 3)
    const told: Key[] = []
    const join = (): void => mine.join(pack(theirs.uses), pack(theirs.results), (key) => told.push(key))
    join()
    expect(told.sort((a, b) => a.low - b.low)).toEqual([A, A, B])
    join()
    expect(told).toHaveLength(3)
    expect([mine.total([A]), mine.total([B])]).toEqual([3, 3])
  })

  it('works across pages', () => {
    const theirs = new ToolCounts()
    for (let tool = 0; tool < 700; tool += 1) {
      use(theirs, tool, A)
      result(theirs, tool, 2, tool)
    }
    const mine = new ToolCounts()
    mine.join(pack(theirs.uses), pack(theirs.results), () => undefined)
    expect(mine.total([A])).toBe(1_400)
    expect(mine.result(699, 0, 5, 698)).toBe(true)
    expect(mine.result(0, 0, 5, 1)).toBe(false)
  })
})

function use(searches: ToolCounts, tool: number, { low, high }: Key): boolean {
  return searches.use(tool, 0, low, high)
}

function result(searches: ToolCounts, tool: number, count: number, time = 100): boolean {
  return searches.result(tool, 0, count, time)
}

function pack({ words, count }: ToolCounts['uses']) {
  return { pages: words, count }
}

// Rows in pages: values are kept, changes mark rows, and loaded rows equal the written ones.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ROWS_PER_PAGE, Rows } from '../../../src/core/tables/rows.js'

const WIDTH = 6

describe('rows', () => {
  it('hold their own words and doubles across pages', () => {
    const rows = filled(5 * ROWS_PER_PAGE + 3)
    expect(rows.count).toBe(5 * ROWS_PER_PAGE + 3)
    for (let row = 0; row < rows.count; row += 1) {
      expect([rows.word(row, 0), rows.word(row, 5), rows.double(row, 1)]).toEqual([row, 0xffff_ffff - row, row + 0.5])
      expect(rows.page(row)[rows.base(row)]).toBe(row)
      expect(rows.doublePage(row)[rows.base(row) / 2 + 1]).toBe(row + 0.5)
    }
  })

  it('start as zeros', () => {
    const rows = new Rows(WIDTH)
    for (let row = 0; row < 3 * ROWS_PER_PAGE; row += 1) rows.append()
    expect(rows.words.every((page) => page.every((word) => word === 0))).toBe(true)
  })

  it('may have an odd width if they hold only words', () => {
    const rows = new Rows(3)
    for (let row = 0; row < 2 * ROWS_PER_PAGE; row += 1) rows.setWord(rows.append(), 2, row)
    const loaded = new Rows(3)
    for (const [row, bytes] of rows.changes()) loaded.load(row, bytes)
    expect(Array.from({ length: loaded.count }, (_, row) => loaded.word(row, 2))).toEqual(
      Array.from({ length: 2 * ROWS_PER_PAGE }, (_, row) => row),
    )
  })

  it('are zeros again after clear', () => {
    const rows = new Rows(2)
    for (let row = 0; row < ROWS_PER_PAGE + 5; row += 1) rows.setWord(rows.append(), 1, 7)
    rows.clear()
    expect([rows.count, [...rows.changes()], rows.pages()]).toEqual([0, [], []])
    expect(rows.word(rows.append(), 1)).toBe(0)
    expect(rows.pages()).toHaveLength(1)
  })
})

describe('changes', () => {
  it('are runs of the rows written since they were saved', () => {
    const rows = filled(3 * ROWS_PER_PAGE)
    expect(changed(rows)).toEqual([
      [0, 256],
      [256, 256],
      [512, 256],
    ])
    rows.saved()
    expect(changed(rows)).toEqual([])
    rows.setWord(0, 0, 1)
    expect(changed(rows)).toEqual([[0, 1]])
    rows.setDouble(2 * ROWS_PER_PAGE, 1, 1)
    rows.setWord(2 * ROWS_PER_PAGE + 1, 1, 1)
    rows.setWord(2 * ROWS_PER_PAGE + 3, 1, 1)
    expect(changed(rows)).toEqual([
      [0, 1],
      [512, 2],
      [515, 1],
    ])
    rows.saved()
    rows.page(ROWS_PER_PAGE)[0] = 7
    rows.touch(ROWS_PER_PAGE)
    expect(changed(rows)).toEqual([[256, 1]])
    rows.append()
    expect(changed(rows)).toEqual([
      [256, 1],
      [768, 1],
    ])
  })

  it('give the current rows when applied to stored ones, and so do all rows when loaded afresh', () => {
    const write = fc.record({ kind: fc.constantFrom('append', 'set', 'save'), at: fc.nat(), value: fc.nat() })
    fc.assert(
      fc.property(fc.nat(3 * ROWS_PER_PAGE), fc.array(write, { maxLength: 60 }), (start, writes) => {
        const rows = filled(start)
        const stored = new Rows(WIDTH)
        const store = (): void => {
          for (const [row, bytes] of rows.changes()) stored.load(row, bytes)
          rows.saved()
        }
        store()
        for (const { kind, at, value } of writes) {
          if (kind === 'save') store()
          else rows.setWord(kind === 'append' || rows.count === 0 ? rows.append() : at % rows.count, 2, value)
        }
        store()
        expect(wordsOf(stored)).toEqual(wordsOf(rows))
        const anew = new Rows(WIDTH)
        for (const [row, bytes] of rows.all()) anew.load(row, bytes)
        expect(wordsOf(anew)).toEqual(wordsOf(rows))
      }),
      { numRuns: 200 },
    )
  })
})

describe('loading rows', () => {
  const written = filled(2 * ROWS_PER_PAGE + 3)
  const runs = [...written.changes()].map(([row, bytes]) => [row, bytes.slice()] as const)

  it('gives the same rows and appends after them', () => {
    const rows = new Rows(WIDTH)
    for (const [row, bytes] of runs) rows.load(row, bytes)
    expect(rows.count).toBe(written.count)
    for (let row = 0; row < rows.count; row += 1) expect(rows.double(row, 1)).toBe(row + 0.5)
    expect(changed(rows)).toEqual([])
    const added = rows.append()
    rows.setWord(added, 0, added)
    expect([added, rows.word(added, 0), rows.word(added - 1, 0)]).toEqual([written.count, added, added - 1])
  })

  it('accepts runs across pages, and replaces existing rows', () => {
    const rows = filled(ROWS_PER_PAGE - 1)
    const run = Buffer.concat(runs.map(([, bytes]) => bytes))
    rows.load(100, run.subarray(0, ROWS_PER_PAGE * WIDTH * 4))
    expect([rows.count, rows.word(99, 0), rows.word(100, 0), rows.word(355, 0)]).toEqual([356, 99, 0, 255])
  })

  it('fills columns that stored rows lack with 0', () => {
    const rows = new Rows(WIDTH + 4)
    for (const [row, bytes] of runs) rows.load(row, bytes, WIDTH)
    expect(rows.count).toBe(written.count)
    for (const row of [0, 1, 255, 256, 514]) {
      expect([rows.word(row, 0), rows.double(row, 1), rows.word(row, 5)]).toEqual([row, row + 0.5, 0xffff_ffff - row])
      expect([6, 7, 8, 9].map((column) => rows.word(row, column))).toEqual([0, 0, 0, 0])
    }
  })

  it.each([
    ['rows after a gap', 1, runs[0]![1], WIDTH],
    ['part of a row', 0, runs[0]![1].subarray(4), WIDTH],
    ['rows that are too wide', 0, runs[0]![1], WIDTH * 2],
  ])('rejects %s', (_, row, bytes, width) => {
    expect(() => new Rows(WIDTH).load(row, bytes, width)).toThrow(/do not fit/)
  })
})

function filled(count: number): Rows {
  const rows = new Rows(WIDTH)
  for (let row = 0; row < count; row += 1) {
    rows.append()
    rows.setWord(row, 0, row)
    rows.setDouble(row, 1, row + 0.5)
    rows.setWord(row, 5, 0xffff_ffff - row)
  }
  return rows
}

function changed(rows: Rows): [row: number, rows: number][] {
  return [...rows.changes()].map(([row, bytes]) => [row, bytes.length / (WIDTH * 4)])
}

function wordsOf(rows: Rows): number[][] {
  return Array.from({ length: rows.count }, (_, row) =>
    Array.from({ length: WIDTH }, (_, column) => rows.word(row, column)),
  )
}

// Rows in pages: numbers stay, changes mark their pages, and loaded pages are what was written.
import { describe, expect, it } from 'vitest'
import { ROWS_PER_PAGE, Rows } from '../../src/core/rows.js'

const WIDTH = 6

describe('rows', () => {
  it('hold words and doubles, each row its own, over many pages', () => {
    const rows = filled(5 * ROWS_PER_PAGE + 3)
    expect(rows.count).toBe(5 * ROWS_PER_PAGE + 3)
    for (let row = 0; row < rows.count; row += 1) {
      expect([rows.word(row, 0), rows.word(row, 5), rows.double(row, 1)]).toEqual([row, 0xffff_ffff - row, row + 0.5])
      expect(rows.page(row)[rows.base(row)]).toBe(row)
      expect(rows.doublePage(row)[rows.base(row) / 2 + 1]).toBe(row + 0.5)
    }
  })

  it('begin as zeros', () => {
    const rows = new Rows(WIDTH)
    for (let row = 0; row < 3 * ROWS_PER_PAGE; row += 1) rows.append()
    expect(rows.words.every((page) => page.every((word) => word === 0))).toBe(true)
  })

  it('of words alone may have an odd width', () => {
    const rows = new Rows(3)
    for (let row = 0; row < 2 * ROWS_PER_PAGE; row += 1) rows.setWord(rows.append(), 2, row)
    const loaded = new Rows(3)
    for (const [page, bytes] of rows.changes()) loaded.load(page, bytes)
    expect(Array.from({ length: loaded.count }, (_, row) => loaded.word(row, 2))).toEqual(Array.from({ length: 2 * ROWS_PER_PAGE }, (_, row) => row))
  })

  it('forgotten leave nothing behind in the memory that others get', () => {
    const rows = new Rows(2)
    for (let row = 0; row < ROWS_PER_PAGE + 5; row += 1) rows.setWord(rows.append(), 1, 7)
    rows.clear()
    expect([rows.count, [...rows.changes()], rows.pages()]).toEqual([0, [], []])
    expect(rows.word(rows.append(), 1)).toBe(0)
    expect(rows.pages()).toHaveLength(1)
  })
})

describe('changes', () => {
  it('are the pages written to since they were saved', () => {
    const rows = filled(3 * ROWS_PER_PAGE)
    expect(changed(rows)).toEqual([0, 1, 2])
    rows.saved()
    expect(changed(rows)).toEqual([])
    rows.setWord(0, 0, 1)
    expect(changed(rows)).toEqual([0])
    rows.setDouble(2 * ROWS_PER_PAGE, 1, 1)
    expect(changed(rows)).toEqual([0, 2])
    rows.saved()
    rows.page(ROWS_PER_PAGE)[0] = 7
    rows.touch(ROWS_PER_PAGE)
    expect(changed(rows)).toEqual([1])
    rows.append()
    expect(changed(rows).sort()).toEqual([1, 3])
  })

  it('cut the last page to its rows', () => {
    const bytes = [...filled(ROWS_PER_PAGE + 2).changes()].map(([, page]) => page.byteLength)
    expect(bytes).toEqual([ROWS_PER_PAGE * WIDTH * 4, 2 * WIDTH * 4])
  })
})

describe('loading', () => {
  const written = filled(2 * ROWS_PER_PAGE + 3)
  const pages = [...written.changes()].map(([page, bytes]) => [page, bytes.slice()] as const)

  it('gives the same rows, and goes on after them', () => {
    const rows = new Rows(WIDTH)
    for (const [page, bytes] of pages) rows.load(page, bytes)
    expect(rows.count).toBe(written.count)
    for (let row = 0; row < rows.count; row += 1) expect(rows.double(row, 1)).toBe(row + 0.5)
    expect(changed(rows)).toEqual([])
    const added = rows.append()
    rows.setWord(added, 0, added)
    expect([added, rows.word(added, 0), rows.word(added - 1, 0)]).toEqual([written.count, added, added - 1])
  })

  it.each([
    ['a page out of order', [pages[1]!]],
    ['a page twice', [pages[0]!, pages[0]!]],
    ['a page after one that is not full', [pages[0]!, [1, pages[2]![1]] as const, [2, pages[1]![1]] as const]],
    ['a page with part of a row', [[0, pages[0]![1].subarray(4)] as const]],
    ['an empty page', [[0, new Uint8Array(0)] as const]],
    ['a page with too many rows', [[0, new Uint8Array((ROWS_PER_PAGE + 1) * WIDTH * 4)] as const]],
  ])('refuses %s', (_, given) => {
    const rows = new Rows(WIDTH)
    expect(() => given.forEach(([page, bytes]) => rows.load(page, bytes))).toThrow(/does not continue/)
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

function changed(rows: Rows): number[] {
  return [...rows.changes()].map(([page]) => page)
}

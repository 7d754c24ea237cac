// Rows of a batch or of a ledger as lines of text, with every column.
import type { PackedRows } from '../../src/core/ledger/batch.js'
import { REQUEST_INDEX_WORDS } from '../../src/core/ledger/request-index.js'
import { COLUMN, DOUBLE_COLUMN, USAGE_WORDS } from '../../src/core/schema.js'
import { ROWS_PER_PAGE } from '../../src/core/tables/rows.js'

/** @param text resolves a string number of the rows */
export function rowNotes(entries: PackedRows, links: PackedRows, text: (number: number) => string): string[] {
  const requests = rowsOf(links, REQUEST_INDEX_WORDS).map(([low, high, entry]) => ({
    request: `${low} ${high}`,
    entry,
  }))
  return rowsOf(entries, USAGE_WORDS).map((row, entry) => {
    const time = new Float64Array(row.buffer)[DOUBLE_COLUMN.time]
    const names = `${text(row[COLUMN.model]!)} ${text(row[COLUMN.session]!)}`
    const own = requests.filter((link) => link.entry === entry).map(({ request }) => request)
    row[COLUMN.model] = 0
    return [...row.subarray(0, 10), names, time, ...own.sort()].join(' ')
  })
}

function rowsOf({ pages, count }: PackedRows, width: number): Uint32Array[] {
  return Array.from({ length: count }, (_, row) => {
    const base = (row % ROWS_PER_PAGE) * width
    return pages[Math.floor(row / ROWS_PER_PAGE)]!.slice(base, base + width)
  })
}

// Converts states of layout 2, stored in LMDB as pages of 256 rows, into the same rows under other names.
import type { Change, Heading } from '../core/tables/table.js'
import type { FileCalls } from './files.js'
import { DamagedError } from './journal-format.js'
import { readPages } from './lmdb-pages.js'

/** Name of the database's file. */
export const FORMER = 'state.mdb'

const ROWS_PER_PAGE = 256
/** Width of rows in 32-bit words; 0: texts, as a JSON array for each page. */
const TABLES = {
  meta: 0,
  texts: 0,
  entries: 16,
  links: 3,
  'search-uses': 4,
  'search-results': 6,
  places: 4,
  projects: 2,
  series: 24,
  exceptions: 18,
  corrections: 2,
  cursors: 10,
  paths: 0,
  directories: 4,
  'directory-paths': 0,
} as const
const NAMES = Object.keys(TABLES)

export const FORMER_HEADING: Heading = {
  layout: 2,
  tables: Object.entries(TABLES).map(([name, width]) => ({ name, width })),
}

/** Throws DamagedError, and errors of the disk. */
export function* formerChanges(files: FileCalls, fd: number): Generator<Change> {
  for (const [key, page] of readPages(files, fd)) {
    const [name, number = '0'] = key.split('/') as [string, string?]
    const table = NAMES.indexOf(name)
    if (table < 0) throw new DamagedError(`it has an unknown page "${key}"`)
    yield { table, row: Number.parseInt(number, 16) * ROWS_PER_PAGE, bytes: page }
  }
}

// Rows of the database as the store uses it: keys and sealed pages, and how much room they take.
import type { RootDatabase } from 'lmdb'
import { DamagedError } from './lmdb-file.js'
import { HEADER_KEY, encodeHeader, sealedLength } from './sealed.js'
import type { Header } from './sealed.js'

export type Database = RootDatabase<Uint8Array, Buffer>
/** A page to write with its seal, or null to delete. */
export type Row = readonly [key: Buffer, change: { readonly page: Uint8Array; readonly seal: number } | null]

/** Every row, in the order of the keys. One buffer is used for all values: copies would leave 30 MB of holes behind. */
export function* rowsOf(db: Database): Generator<readonly [key: Buffer, value: Buffer]> {
  for (const key of db.getKeys({})) {
    const value = db.getBinaryFast(key)
    // A key without a value is a tree that contradicts itself.
    if (value === undefined) throw new DamagedError('a key has no page')
    yield [key, value]
  }
}

/** Leaves nothing but the header. */
export function forget(db: Database, header: Header): void {
  db.clearSync()
  if (header.commit > 0) db.putSync(HEADER_KEY, encodeHeader(header))
}

interface Stats {
  readonly pageSize: number
  readonly lastPageNumber: number
  readonly lastTxnId: number
}

export function statsOf(db: Database): Stats {
  return db.getStats() as Stats
}

/**
 * A generous estimate of the length of the file once `rows` are in it: their values, four pages of tree for each but
 * no more than a tree has, and slack. If it falls short, LMDB will say so. It uses no count that may be damaged.
 */
export function lengthAfter(db: Database, pages: number, rows: readonly Row[]): { readonly file: number; readonly written: number; readonly longest: number } {
  const { pageSize, lastPageNumber } = statsOf(db)
  // One more for the header.
  const changed = rows.length + 1
  let length = lastPageNumber + 1 + 65 + Math.min(4 * changed, (pages + changed) / 2)
  let written = 0
  let longest = 0
  for (const [, change] of rows) {
    const bytes = change === null ? 0 : sealedLength(change.page)
    length += Math.ceil((bytes + 24) / pageSize)
    written += bytes
    longest = Math.max(longest, bytes)
  }
  return { file: Math.ceil(length) * pageSize, written, longest }
}

// The position in each file, and what to do when the file has changed. In doubt a file is read again from byte 0, which
// the ledger makes harmless.
import { PathRows } from './tables/path-rows.js'
import { TextColumn } from './tables/text-column.js'

/** The stat of a file. */
export interface FileStat {
  readonly size: number
  /** Milliseconds since the epoch, with fractions. */
  readonly mtimeMs: number
  readonly inode: number
}

export function isUnchanged(a: FileStat, b: FileStat): boolean {
  return a.inode === b.inode && a.size === b.size && a.mtimeMs === b.mtimeMs
}

/** The state of a file when it was last read; the stat is from before the read. */
export interface Cursor extends FileStat {
  /** End of the last complete line that was read, in bytes. */
  readonly offset: number
  /** Fingerprint of the bytes before `offset`, as `fingerprint` computes it. */
  readonly fingerprint: Fingerprint
  /**
   * State of a source whose lines depend on earlier ones, at `offset`; at most MAX_SAVED characters, empty if there is
   * none.
   */
  readonly saved?: string
}

/** Maximum length of a file's saved state, in characters. */
export const MAX_SAVED = 4_096

export interface Fingerprint {
  readonly low: number
  readonly high: number
}

export type Decision =
  | { readonly kind: 'unchanged' }
  /** Read from there if the fingerprint of the bytes before still matches. */
  | { readonly kind: 'resume'; readonly from: number; readonly fingerprint: Fingerprint; readonly saved?: string }
  | { readonly kind: 'restart' }

/**
 * Only a file that has grown in place is resumed. A file of the same size with another time may have been rewritten, a
 * smaller one was truncated, and another inode is another file (claude-code-logs 6).
 * @param sequential the meaning of its lines depends on the state saved after the lines before
 */
export function decide(cursor: Cursor | undefined, now: FileStat, sequential = false): Decision {
  if (cursor === undefined || cursor.inode !== now.inode) return { kind: 'restart' }
  if (isUnchanged(cursor, now)) return { kind: 'unchanged' }
  if (now.size <= cursor.size || cursor.offset === 0) return { kind: 'restart' }
  const { offset: from, fingerprint, saved } = cursor
  if (!sequential) return { kind: 'resume', from, fingerprint }
  return saved === undefined ? { kind: 'restart' } : { kind: 'resume', from, fingerprint, saved }
}

const COLUMN = { fingerprintLow: 8, fingerprintHigh: 9 } as const
const DOUBLE = { size: 0, mtimeMs: 1, inode: 2, offset: 3 } as const
const WIDTH = 10

/** The cursors of all files, by path. Usage read from a file that is forgotten stays in the ledger. */
export class Cursors extends PathRows {
  readonly saved = new TextColumn()

  constructor() {
    super(WIDTH)
  }

  /** The cursor of an existing file; marks it as seen. */
  get(path: string): Cursor | undefined {
    const row = this.find(path)
    if (row === undefined) return undefined
    const saved = this.saved.get(row)
    return {
      size: this.rows.double(row, DOUBLE.size),
      mtimeMs: this.rows.double(row, DOUBLE.mtimeMs),
      inode: this.rows.double(row, DOUBLE.inode),
      offset: this.rows.double(row, DOUBLE.offset),
      fingerprint: {
        low: this.rows.word(row, COLUMN.fingerprintLow),
        high: this.rows.word(row, COLUMN.fingerprintHigh),
      },
      ...(saved !== '' && { saved }),
    }
  }

  set(path: string, cursor: Cursor): void {
    const { saved = '' } = cursor
    if (saved.length > MAX_SAVED)
      throw new RangeError(`a source saved ${saved.length} characters of ${path}, more than ${MAX_SAVED}`)
    const row = this.take(path)
    this.saved.set(row, saved)
    this.rows.setDouble(row, DOUBLE.size, cursor.size)
    this.rows.setDouble(row, DOUBLE.mtimeMs, cursor.mtimeMs)
    this.rows.setDouble(row, DOUBLE.inode, cursor.inode)
    this.rows.setDouble(row, DOUBLE.offset, cursor.offset)
    this.rows.setWord(row, COLUMN.fingerprintLow, cursor.fingerprint.low)
    this.rows.setWord(row, COLUMN.fingerprintHigh, cursor.fingerprint.high)
  }
}

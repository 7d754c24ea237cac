// What each directory looked like when its names were last read: as long as it looks the same, it has the same names, and
// a stat answers for what takes four times as long to read.
import { PathRows } from './tables/path-rows.js'

/** What one stat says of a directory. */
export interface DirectoryStat {
  /** When its names, or its rights, last changed; nobody can set it back. Milliseconds since the epoch, with fractions. */
  readonly changedMs: number
  readonly inode: number
}

const DOUBLE = { changedMs: 0, inode: 1 } as const
const WIDTH = 4

export class Directories extends PathRows {
  constructor() {
    super(WIDTH)
  }

  /** Whether a directory that is there has the names that were last read; sights it. */
  has(path: string, now: DirectoryStat): boolean {
    const row = this.find(path)
    return (
      row !== undefined &&
      this.rows.double(row, DOUBLE.changedMs) === now.changedMs &&
      this.rows.double(row, DOUBLE.inode) === now.inode
    )
  }

  /** @param stat from before its names were read; undefined: they are to be read again, whatever it looks like */
  set(path: string, stat: DirectoryStat | undefined): void {
    const row = this.take(path)
    const { changedMs, inode } = stat ?? { changedMs: Number.NaN, inode: 0 }
    // What was read once more and is the same need not be written again.
    if (Object.is(this.rows.double(row, DOUBLE.changedMs), changedMs) && this.rows.double(row, DOUBLE.inode) === inode)
      return
    this.rows.setDouble(row, DOUBLE.changedMs, changedMs)
    this.rows.setDouble(row, DOUBLE.inode, inode)
  }
}

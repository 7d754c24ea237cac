// The stat of each directory when its names were last read. While it is unchanged, so are the names, and a stat
// replaces a read that takes four times as long.
import { PathRows } from './tables/path-rows.js'

/** The stat of a directory. */
export interface DirectoryStat {
  /**
   * When its names or its permissions last changed; nobody can set it back. Milliseconds since the epoch, with
   * fractions.
   */
  readonly changedMs: number
  readonly inode: number
}

const DOUBLE = { changedMs: 0, inode: 1 } as const
const WIDTH = 4

export class Directories extends PathRows {
  constructor() {
    super(WIDTH)
  }

  /** Whether a directory still has the names that were last read; marks it as seen. */
  has(path: string, now: DirectoryStat): boolean {
    const row = this.find(path)
    return (
      row !== undefined &&
      this.rows.double(row, DOUBLE.changedMs) === now.changedMs &&
      this.rows.double(row, DOUBLE.inode) === now.inode
    )
  }

  /** @param stat from before its names were read; if undefined, they are read again in any case */
  set(path: string, stat: DirectoryStat | undefined): void {
    const row = this.take(path)
    const { changedMs, inode } = stat ?? { changedMs: Number.NaN, inode: 0 }
    // An unchanged directory need not be written again.
    if (Object.is(this.rows.double(row, DOUBLE.changedMs), changedMs) && this.rows.double(row, DOUBLE.inode) === inode)
      return
    this.rows.setDouble(row, DOUBLE.changedMs, changedMs)
    this.rows.setDouble(row, DOUBLE.inode, inode)
  }
}

// The stat of a file, to detect whether somebody else has changed or replaced it.
/** The stat of a file when it was last written to. It differs if somebody else has changed the file. */
export interface Look {
  readonly device: number
  readonly inode: number
  readonly size: number
  readonly changedMs: number
}

export function lookOf(stat: { dev: number; ino: number; size: number; ctimeMs: number }): Look {
  return { device: stat.dev, inode: stat.ino, size: stat.size, changedMs: stat.ctimeMs }
}

export function isSameFile(a: Look, b: Look): boolean {
  return a.device === b.device && a.inode === b.inode
}

export function looksAlike(a: Look, b: Look): boolean {
  return isSameFile(a, b) && a.size === b.size && a.changedMs === b.changedMs
}

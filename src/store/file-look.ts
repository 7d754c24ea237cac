// What a file looks like from outside, to tell whether somebody else has touched or replaced it.
/** What a file looked like when it was last written to: it looks otherwise when somebody else has touched it. */
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

// A value derived from files, recomputed when a `stat` shows a change. A change that cannot be read is reported once, and
// the last good value stays.
import { statSync } from 'node:fs'

export interface Followed<S, T> {
  /** Identifies the origin of the value; another origin counts as a change. */
  readonly source: () => S
  readonly files: (source: S) => readonly string[]
  readonly read: (source: S) => T
  readonly changed: () => void
  readonly refused: (error: unknown) => void
}

/**
 * Each call of the result checks the files, and rereads them if necessary. @throws the first time, what `read` throws
 */
export function follow<S, T>({ source, files, read, changed, refused }: Followed<S, T>): () => T {
  let from = source()
  // Taken before reading, so that the next check sees a change in the meantime.
  let seen = markOf(files(from))
  let value = read(from)
  return () => {
    const current = source()
    const mark = markOf(files(current))
    if (current === from && mark === seen) return value
    from = current
    seen = mark
    try {
      value = read(current)
      changed()
    } catch (error) {
      refused(error)
    }
    return value
  }
}

/** A replaced file has another inode, and a written file another time; a change of permissions changes the ctime. */
function markOf(paths: readonly string[]): string {
  return paths
    .map((path) => {
      try {
        const { ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true })
        return [ino, size, mtimeNs, ctimeNs].join()
      } catch (error) {
        return (error as NodeJS.ErrnoException).code
      }
    })
    .join(';')
}

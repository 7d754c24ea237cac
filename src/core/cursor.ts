// Where we are in each file, and what to do with a file that looks like this now.
// Any doubt means reading it again from byte 0, which the ledger makes harmless.
import { Rows } from './rows.js'

/** What one stat says of a file. */
export interface FileStat {
  readonly size: number
  /** Milliseconds since the epoch, with fractions. */
  readonly mtimeMs: number
  readonly inode: number
}

/** What we knew of a file when we last read it; the stat is from before the read. */
export interface Cursor extends FileStat {
  /** End of the last whole line that was read, in bytes. */
  readonly offset: number
  /** Of the bytes before `offset`, as `fingerprint` makes it. */
  readonly fingerprint: Fingerprint
}

export interface Fingerprint {
  readonly low: number
  readonly high: number
}

export type Decision =
  | { readonly kind: 'unchanged' }
  /** Read from there, if the fingerprint of the bytes before it still holds. */
  | { readonly kind: 'resume'; readonly from: number; readonly fingerprint: Fingerprint }
  | { readonly kind: 'restart' }

/**
 * Only a file that has grown in place is resumed. One of the same size with another time may have been rewritten, a smaller
 * one was truncated, another inode is another file (claude-code-logs 6).
 */
export function decide(cursor: Cursor | undefined, now: FileStat): Decision {
  if (cursor === undefined || cursor.inode !== now.inode) return { kind: 'restart' }
  if (cursor.size === now.size && cursor.mtimeMs === now.mtimeMs) return { kind: 'unchanged' }
  if (now.size > cursor.size && cursor.offset > 0) {
    return { kind: 'resume', from: cursor.offset, fingerprint: cursor.fingerprint }
  }
  return { kind: 'restart' }
}

const COLUMN = { fingerprintLow: 8, fingerprintHigh: 9 } as const
const DOUBLE = { size: 0, mtimeMs: 1, inode: 2, offset: 3 } as const
const WIDTH = 10
const PATHS_PER_PAGE = 256

/** The cursors of all files, by path. Rows of files that are gone are used again. */
export class Cursors {
  readonly rows = new Rows(WIDTH)
  /** Path of each row; empty where the row is free. */
  readonly #paths: string[] = []
  readonly #changedPaths = new Set<number>()
  readonly #rowOf = new Map<string, number>()
  readonly #free: number[] = []
  /** Sighting in which each row's file was last seen. */
  readonly #sighted: number[] = []
  #sighting = 0

  get count(): number {
    return this.#rowOf.size
  }

  /** The cursor of a file that is there; sights it. */
  get(path: string): Cursor | undefined {
    const row = this.#rowOf.get(path)
    if (row === undefined) return undefined
    this.#sighted[row] = this.#sighting
    return {
      size: this.rows.double(row, DOUBLE.size),
      mtimeMs: this.rows.double(row, DOUBLE.mtimeMs),
      inode: this.rows.double(row, DOUBLE.inode),
      offset: this.rows.double(row, DOUBLE.offset),
      fingerprint: {
        low: this.rows.word(row, COLUMN.fingerprintLow),
        high: this.rows.word(row, COLUMN.fingerprintHigh),
      },
    }
  }

  set(path: string, cursor: Cursor): void {
    const row = this.#rowOf.get(path) ?? this.#take(path)
    this.#sighted[row] = this.#sighting
    this.rows.setDouble(row, DOUBLE.size, cursor.size)
    this.rows.setDouble(row, DOUBLE.mtimeMs, cursor.mtimeMs)
    this.rows.setDouble(row, DOUBLE.inode, cursor.inode)
    this.rows.setDouble(row, DOUBLE.offset, cursor.offset)
    this.rows.setWord(row, COLUMN.fingerprintLow, cursor.fingerprint.low)
    this.rows.setWord(row, COLUMN.fingerprintHigh, cursor.fingerprint.high)
  }

  /** Forgets a file. What was read from it stays in the ledger. */
  delete(path: string): void {
    const row = this.#rowOf.get(path)
    if (row === undefined) return
    this.#rowOf.delete(path)
    this.#paths[row] = ''
    this.#changedPaths.add(Math.floor(row / PATHS_PER_PAGE))
    this.#free.push(row)
  }

  /** From here on, files that are there are sighted by `get` and `set`. */
  startSighting(): void {
    this.#sighting += 1
  }

  /** Forgets files not sighted since `startSighting`, but those to keep. */
  deleteUnsighted(keep: (path: string) => boolean): void {
    for (const [path, row] of this.#rowOf) if (this.#sighted[row] !== this.#sighting && !keep(path)) this.delete(path)
  }

  *pathChanges(): Generator<readonly [page: number, paths: readonly string[]]> {
    for (const page of this.#changedPaths) yield [page, this.#paths.slice(page * PATHS_PER_PAGE, (page + 1) * PATHS_PER_PAGE)]
  }

  loadPaths(page: number, paths: readonly string[]): void {
    if (this.#paths.length !== page * PATHS_PER_PAGE) throw new Error(`path page ${page} does not follow ${this.#paths.length} paths`)
    this.#paths.push(...paths)
  }

  reindex(): void {
    if (this.#paths.length !== this.rows.count) throw new Error(`${this.#paths.length} paths for ${this.rows.count} cursors`)
    for (const [row, path] of this.#paths.entries()) {
      if (path === '') this.#free.push(row)
      else this.#rowOf.set(path, row)
    }
  }

  saved(): void {
    this.rows.saved()
    this.#changedPaths.clear()
  }

  #take(path: string): number {
    const row = this.#free.pop() ?? this.rows.append()
    this.#paths[row] = path
    this.#rowOf.set(path, row)
    this.#changedPaths.add(Math.floor(row / PATHS_PER_PAGE))
    return row
  }
}

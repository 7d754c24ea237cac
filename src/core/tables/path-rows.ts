// A table with a row for each path. Rows of removed paths are reused.
import { Rows } from './rows.js'
import { TextColumn } from './text-column.js'

export class PathRows {
  readonly rows: Rows
  /** Path of each row; empty if the row is free. */
  readonly pathOf = new TextColumn()
  readonly #rowOf = new Map<string, number>()
  readonly #free: number[] = []
  /** Sighting in which each row's path was last seen. */
  readonly #sighted: number[] = []
  #sighting = 0
  /** Changes whenever a path is added or removed. */
  version = 0

  /** @param width 32-bit words a row */
  constructor(width: number) {
    this.rows = new Rows(width)
  }

  get count(): number {
    return this.#rowOf.size
  }

  paths(): Iterable<string> {
    return this.#rowOf.keys()
  }

  /** The row of an existing path; marks it as seen. */
  protected find(path: string): number | undefined {
    const row = this.#rowOf.get(path)
    if (row !== undefined) this.#sighted[row] = this.#sighting
    return row
  }

  /** The row of a path, which still has the words of another one if it is new; marks the path as seen. */
  protected take(path: string): number {
    const known = this.find(path)
    if (known !== undefined) return known
    const row = this.#free.pop() ?? this.rows.append()
    this.version += 1
    this.pathOf.set(row, path)
    this.#rowOf.set(path, row)
    this.#sighted[row] = this.#sighting
    return row
  }

  delete(path: string): void {
    const row = this.#rowOf.get(path)
    if (row === undefined) return
    this.version += 1
    this.#rowOf.delete(path)
    this.pathOf.set(row, '')
    this.#free.push(row)
  }

  /** Starts a round in which existing paths are marked as seen. */
  startSighting(): void {
    this.#sighting += 1
  }

  /** Forgets paths not seen since `startSighting`, except those to keep. */
  deleteUnsighted(keep: (path: string) => boolean): void {
    for (const [path, row] of this.#rowOf) if (this.#sighted[row] !== this.#sighting && !keep(path)) this.delete(path)
  }

  /** To be called after the rows and their paths were loaded. */
  reindex(): void {
    for (let row = 0; row < this.rows.count; row += 1) {
      const path = this.pathOf.get(row)
      if (path === '') this.#free.push(row)
      else this.#rowOf.set(path, row)
    }
  }
}

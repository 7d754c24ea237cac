// Append-only rows in pages with the layout of `Rows`: the content of a batch.
import { ROWS_PER_PAGE } from './rows.js'

/** Pages of rows in the layout of `Rows`, and their number of rows. */
export interface PackedRows {
  readonly pages: readonly Uint32Array[]
  readonly count: number
}

export class RowList {
  count = 0
  readonly #width: number
  readonly #pages: Uint32Array[] = []

  /** @param width 32-bit words per row */
  constructor(width: number) {
    this.#width = width
  }

  /** Forgets all rows but keeps their memory for others: pages handed out before are overwritten. */
  clear(): void {
    this.count = 0
  }

  /** Adds whole rows. Returns the number of the first. */
  add(rows: Uint32Array): number {
    const first = this.count
    for (let from = 0; from < rows.length;) {
      const at = (this.count % ROWS_PER_PAGE) * this.#width
      const page = (this.#pages[Math.floor(this.count / ROWS_PER_PAGE)] ??= new Uint32Array(
        ROWS_PER_PAGE * this.#width,
      ))
      const fit = Math.min(rows.length - from, page.length - at)
      page.set(from === 0 && fit === rows.length ? rows : rows.subarray(from, from + fit), at)
      from += fit
      this.count += fit / this.#width
    }
    return first
  }

  /** Valid until rows are added after `clear`. */
  packed(): PackedRows {
    return { pages: this.#pages.slice(0, Math.ceil(this.count / ROWS_PER_PAGE)), count: this.count }
  }
}

// Finds the entries that answer a request: a multimap from request key to entries. A copy may have only the request id,
// and may be read before or after its original (aliases.ts). A gateway may give all of its responses the same request
// id; adding another one then looks at none of them.
import { RowChains, pairHash } from './row-chains.js'
import { ROWS_PER_PAGE, Rows } from '../tables/rows.js'

/** 32-bit words per row. */
export const REQUEST_INDEX_WORDS = 3
const REQUEST_LOW = 0
const REQUEST_HIGH = 1
const ENTRY = 2

export class RequestIndex {
  readonly rows = new Rows(REQUEST_INDEX_WORDS)
  /**
   * Row number + 1 of each entry's first link; 0: none. Shows whether a link is new, because most entries have one.
   * undefined: not filled yet.
   */
  #firstOf: Int32Array | undefined = new Int32Array(64)
  /** Rows by request and entry; empty as long as no entry has a second request. */
  readonly #pairs = new RowChains((row) => pairHash(this.rows.word(row, REQUEST_LOW), this.rows.word(row, ENTRY)))
  /** Rows by request; empty as long as no lookup was made. */
  readonly #requests = new RowChains((row) => this.rows.word(row, REQUEST_LOW))

  /** Returns whether the link was new. */
  add(requestLow: number, requestHigh: number, entry: number): boolean {
    let firstOf = this.#firstOf ?? this.fillFirst()
    if (entry >= firstOf.length) firstOf = this.#firstOf = grown(firstOf, entry)
    const first = firstOf[entry]! - 1
    if (first >= 0) {
      const page = this.rows.page(first)
      const base = this.rows.base(first)
      if (page[base] === requestLow && page[base + REQUEST_HIGH] === requestHigh) return false
      if (this.#has(requestLow, requestHigh, entry)) return false
    }
    const row = this.rows.append()
    const page = this.rows.page(row)
    const base = this.rows.base(row)
    page[base + REQUEST_LOW] = requestLow
    page[base + REQUEST_HIGH] = requestHigh
    page[base + ENTRY] = entry
    if (first < 0) firstOf[entry] = row + 1
    return true
  }

  /** Every entry with that request id; usually none or one. */
  entries(requestLow: number, requestHigh: number): readonly number[] {
    const rows = this.#requests.upTo(this.rows.count)
    let found: number[] | undefined
    for (let row = rows.first(requestLow); row >= 0; row = rows.next(row)) {
      if (this.rows.word(row, REQUEST_LOW) !== requestLow || this.rows.word(row, REQUEST_HIGH) !== requestHigh) continue
      found ??= []
      found.push(this.rows.word(row, ENTRY))
    }
    return found ?? NONE
  }

  /** To be called after the rows were loaded from a store. */
  reindex(): void {
    this.#firstOf = undefined
    this.#pairs.clear()
    this.#requests.clear()
  }

  /** Runs when a link is first added, if not before. */
  fillFirst(): Int32Array {
    if (this.#firstOf !== undefined) return this.#firstOf
    let firstOf: Int32Array = new Int32Array(Math.max(64, this.rows.count))
    // Backwards, so that an entry keeps its first link.
    for (let row = this.rows.count - 1; row >= 0; row -= 1) {
      const entry = this.rows.word(row, ENTRY)
      if (entry >= firstOf.length) firstOf = grown(firstOf, entry)
      firstOf[entry] = row + 1
    }
    this.#firstOf = firstOf
    return firstOf
  }

  #has(requestLow: number, requestHigh: number, entry: number): boolean {
    const rows = this.#pairs.upTo(this.rows.count)
    for (let row = rows.first(pairHash(requestLow, entry)); row >= 0; row = rows.next(row)) {
      if (this.rows.word(row, ENTRY) !== entry || this.rows.word(row, REQUEST_LOW) !== requestLow) continue
      if (this.rows.word(row, REQUEST_HIGH) === requestHigh) return true
    }
    return false
  }
}

const NONE: readonly number[] = []

/** A copy with room for an index and many more. */
function grown(array: Int32Array, index: number): Int32Array {
  const more = new Int32Array(Math.max(array.length * 2, index + ROWS_PER_PAGE))
  more.set(array)
  return more
}

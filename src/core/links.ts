// Which entries carry which request id: a multimap from request key to entries, needed because a copied line may keep
// the request id alone (claude-code-logs 3.3, case B') and may be read before or after its original.
import { ROWS_PER_PAGE, Rows } from './rows.js'

/** 32-bit words a row. */
export const LINK_WORDS = 3
const REQUEST_LOW = 0
const REQUEST_HIGH = 1
const ENTRY = 2

export class Links {
  readonly rows = new Rows(LINK_WORDS)
  /** Row number + 1 of each entry's first link; 0: it has none. Tells what is news, as entries have one mostly. undefined: to be filled. */
  #firstOf: Int32Array | undefined = new Int32Array(64)
  /** Row number + 1 at a slot found from the request; 0 is free. undefined: to be filled, as nobody has looked for a request. */
  #slots: Int32Array | undefined

  /** Answers whether that was news. */
  add(requestLow: number, requestHigh: number, entry: number): boolean {
    let firstOf = this.#firstOf ?? this.fillFirst()
    if (entry >= firstOf.length) firstOf = this.#firstOf = grown(firstOf, entry)
    const first = firstOf[entry]! - 1
    if (first >= 0) {
      const page = this.rows.page(first)
      const base = this.rows.base(first)
      if (page[base] === requestLow && page[base + REQUEST_HIGH] === requestHigh) return false
      if (this.entries(requestLow, requestHigh).includes(entry)) return false
    }
    const row = this.rows.append()
    const page = this.rows.page(row)
    const base = this.rows.base(row)
    page[base + REQUEST_LOW] = requestLow
    page[base + REQUEST_HIGH] = requestHigh
    page[base + ENTRY] = entry
    if (first < 0) firstOf[entry] = row + 1
    if (this.#slots !== undefined) this.#index(row, this.#slots)
    return true
  }

  /** Every entry with that request id; mostly none or one. */
  entries(requestLow: number, requestHigh: number): readonly number[] {
    let found: number[] | undefined
    const slots = this.#slots ?? this.#filled()
    const mask = slots.length - 1
    for (let slot = requestLow & mask; ; slot = (slot + 1) & mask) {
      const row = slots[slot]! - 1
      if (row < 0) return found ?? NONE
      if (this.rows.word(row, REQUEST_LOW) === requestLow && this.rows.word(row, REQUEST_HIGH) === requestHigh) {
        found ??= []
        found.push(this.rows.word(row, ENTRY))
      }
    }
  }

  /** After the rows were loaded from a store. */
  reindex(): void {
    this.#firstOf = undefined
    this.#slots = undefined
  }

  /** Done when a link is first added, if not before. */
  fillFirst(): Int32Array {
    if (this.#firstOf !== undefined) return this.#firstOf
    let firstOf: Int32Array = new Int32Array(Math.max(64, this.rows.count))
    // Backwards, so that the first of an entry stays.
    for (let row = this.rows.count - 1; row >= 0; row -= 1) {
      const entry = this.rows.word(row, ENTRY)
      if (entry >= firstOf.length) firstOf = grown(firstOf, entry)
      firstOf[entry] = row + 1
    }
    this.#firstOf = firstOf
    return firstOf
  }

  /** A power of two, at most 5/8 full. */
  #filled(): Int32Array {
    let size = 64
    while ((this.rows.count + 1) * 8 > size * 5) size *= 2
    const slots = new Int32Array(size)
    for (let row = 0; row < this.rows.count; row += 1) place(row, this.rows.word(row, REQUEST_LOW), slots)
    this.#slots = slots
    return slots
  }

  #index(row: number, slots: Int32Array): void {
    if (this.rows.count * 8 > slots.length * 5) this.#filled()
    else place(row, this.rows.word(row, REQUEST_LOW), slots)
  }
}

const NONE: readonly number[] = []

function place(row: number, requestLow: number, slots: Int32Array): void {
  const mask = slots.length - 1
  let slot = requestLow & mask
  while (slots[slot] !== 0) slot = (slot + 1) & mask
  slots[slot] = row + 1
}

/** The same with room for an index, and for many more. */
function grown(array: Int32Array, index: number): Int32Array {
  const more = new Int32Array(Math.max(array.length * 2, index + ROWS_PER_PAGE))
  more.set(array)
  return more
}

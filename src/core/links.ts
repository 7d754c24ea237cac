// Which entries carry which request id: a multimap from request key to entries, needed because a copied line may keep
// the request id alone (claude-code-logs 3.3, case B') and may be read before or after its original.
import { Rows } from './rows.js'

/** 32-bit words a row. */
export const LINK_WORDS = 3
const REQUEST_LOW = 0
const REQUEST_HIGH = 1
const ENTRY = 2

export class Links {
  readonly rows = new Rows(LINK_WORDS)
  /** Row number + 1 at a slot found from the request; 0 is free. undefined: to be filled. */
  #slots: Int32Array | undefined = new Int32Array(64)

  clear(): void {
    this.rows.clear()
    this.#slots?.fill(0)
  }

  /** Answers whether that was news. */
  add(requestLow: number, requestHigh: number, entry: number): boolean {
    if (this.#has(requestLow, requestHigh, entry)) return false
    let slots = this.#slots ?? this.fillSlots()
    if ((this.rows.count + 1) * 8 > slots.length * 5) slots = this.#filled(slots.length * 2)
    const row = this.rows.append()
    this.rows.setWord(row, REQUEST_LOW, requestLow)
    this.rows.setWord(row, REQUEST_HIGH, requestHigh)
    this.rows.setWord(row, ENTRY, entry)
    this.#place(row, slots)
    return true
  }

  /** Every entry with that request id; mostly none or one. */
  entries(requestLow: number, requestHigh: number): readonly number[] {
    let found: number[] | undefined
    const slots = this.#slots ?? this.fillSlots()
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

  #has(requestLow: number, requestHigh: number, entry: number): boolean {
    const slots = this.#slots ?? this.fillSlots()
    const mask = slots.length - 1
    for (let slot = requestLow & mask; ; slot = (slot + 1) & mask) {
      const row = slots[slot]! - 1
      if (row < 0) return false
      const page = this.rows.page(row)
      const base = this.rows.base(row)
      if (page[base + ENTRY] === entry && page[base] === requestLow && page[base + REQUEST_HIGH] === requestHigh) return true
    }
  }

  /** After the rows were loaded from a store. */
  reindex(): void {
    this.#slots = undefined
  }

  /** Done when a request is first looked for, if not before. */
  fillSlots(): Int32Array {
    if (this.#slots !== undefined) return this.#slots
    let size = 64
    while (this.rows.count * 8 > size * 5) size *= 2
    return this.#filled(size)
  }

  #filled(size: number): Int32Array {
    const slots = new Int32Array(size)
    for (let row = 0; row < this.rows.count; row += 1) this.#place(row, slots)
    this.#slots = slots
    return slots
  }

  #place(row: number, slots: Int32Array): void {
    const mask = slots.length - 1
    let slot = this.rows.word(row, REQUEST_LOW) & mask
    while (slots[slot] !== 0) slot = (slot + 1) & mask
    slots[slot] = row + 1
  }
}

const NONE: readonly number[] = []

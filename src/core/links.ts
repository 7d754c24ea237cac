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
  #slots = new Int32Array(64)

  clear(): void {
    this.rows.clear()
    this.#slots.fill(0)
  }

  /** Answers whether that was news. */
  add(requestLow: number, requestHigh: number, entry: number): boolean {
    if (this.#has(requestLow, requestHigh, entry)) return false
    if ((this.rows.count + 1) * 8 > this.#slots.length * 5) this.#resize(this.#slots.length * 2)
    const row = this.rows.append()
    this.rows.setWord(row, REQUEST_LOW, requestLow)
    this.rows.setWord(row, REQUEST_HIGH, requestHigh)
    this.rows.setWord(row, ENTRY, entry)
    this.#place(row)
    return true
  }

  /** Every entry with that request id; mostly none or one. */
  entries(requestLow: number, requestHigh: number): readonly number[] {
    let found: number[] | undefined
    const mask = this.#slots.length - 1
    for (let slot = requestLow & mask; ; slot = (slot + 1) & mask) {
      const row = this.#slots[slot]! - 1
      if (row < 0) return found ?? NONE
      if (this.rows.word(row, REQUEST_LOW) === requestLow && this.rows.word(row, REQUEST_HIGH) === requestHigh) {
        found ??= []
        found.push(this.rows.word(row, ENTRY))
      }
    }
  }

  #has(requestLow: number, requestHigh: number, entry: number): boolean {
    const mask = this.#slots.length - 1
    for (let slot = requestLow & mask; ; slot = (slot + 1) & mask) {
      const row = this.#slots[slot]! - 1
      if (row < 0) return false
      const page = this.rows.page(row)
      const base = this.rows.base(row)
      if (page[base + ENTRY] === entry && page[base] === requestLow && page[base + REQUEST_HIGH] === requestHigh) return true
    }
  }

  reindex(): void {
    let size = 64
    while (this.rows.count * 8 > size * 5) size *= 2
    this.#resize(size)
  }

  #resize(size: number): void {
    this.#slots = new Int32Array(size)
    for (let row = 0; row < this.rows.count; row += 1) this.#place(row)
  }

  #place(row: number): void {
    const mask = this.#slots.length - 1
    let slot = this.rows.word(row, REQUEST_LOW) & mask
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask
    this.#slots[slot] = row + 1
  }
}

const NONE: readonly number[] = []

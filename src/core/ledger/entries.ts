// The grow-only map from response key to the best line seen for it: open addressing over rows of typed arrays.
// The ledger's responses are one of these.
import { ROWS_PER_PAGE, Rows } from '../tables/rows.js'
import type { StringTable } from '../tables/strings.js'
import { COLUMN, USAGE_WORDS, compareOrigin, compareUsage, copyOrigin, copyUsage, type RowView } from './usage.js'

export class Entries {
  readonly rows = new Rows(USAGE_WORDS)
  readonly #strings: StringTable
  /** Row number + 1 at a slot found from the key; 0 is free. A power of two, at most 5/8 full. undefined: to be filled. */
  #slots: Int32Array | undefined = new Int32Array(64)
  readonly #mine: RowView = { words: new Uint32Array(0), doubles: new Float64Array(0), base: 0 }

  constructor(texts: StringTable) {
    this.#strings = texts
  }

  get count(): number {
    return this.rows.count
  }

  /** The entry of a key, or -1. */
  find(keyLow: number, keyHigh: number): number {
    const slots = this.#slots ?? this.fillSlots()
    const mask = slots.length - 1
    for (let slot = keyLow & mask; ; slot = (slot + 1) & mask) {
      const entry = slots[slot]! - 1
      if (entry < 0) return -1
      const page = this.rows.page(entry)
      const base = this.rows.base(entry)
      if (page[base] === keyLow && page[base + 1] === keyHigh) return entry
    }
  }

  /**
   * Joins one record: idempotent, commutative, associative. Answers the entry; `beforeChange` is called with it when it
   * existed and is about to change.
   * @param model, place the record's text numbers, as this map's own `Texts` knows them
   */
  join(record: RowView, model: number, place: number, beforeChange?: (entry: number) => void): number {
    const keyLow = record.words[record.base + COLUMN.keyLow]!
    const keyHigh = record.words[record.base + COLUMN.keyHigh]!
    const known = this.find(keyLow, keyHigh)
    if (known < 0) return this.#add(record, model, place)

    const mine = this.view(known, this.#mine)
    const better =
      compareUsage(record, this.#strings.get(model), mine, this.#strings.get(mine.words[mine.base + COLUMN.model]!)) > 0
    const earlier =
      compareOrigin(
        record,
        this.#strings.get(place),
        mine,
        this.#strings.get(mine.words[mine.base + COLUMN.session]!),
      ) < 0
    const searches = record.words[record.base + COLUMN.searches]!
    const moreSearches = searches > mine.words[mine.base + COLUMN.searches]!
    if (!better && !earlier && !moreSearches) return known

    beforeChange?.(known)
    if (better) copyUsage(record, model, mine)
    if (earlier) copyOrigin(record, place, mine)
    if (moreSearches) mine.words[mine.base + COLUMN.searches] = searches
    this.rows.touch(known)
    return known
  }

  /** Points `into` at an entry's row. */
  view(entry: number, into: RowView = { ...this.#mine }): RowView {
    into.words = this.rows.page(entry)
    into.doubles = this.rows.doublePage(entry)
    into.base = this.rows.base(entry)
    return into
  }

  /** After the rows were loaded from a store. */
  reindex(): void {
    this.#slots = undefined
  }

  /** Done when a key is first looked for, if not before: half a million take a tenth of a second. */
  fillSlots(): Int32Array {
    if (this.#slots !== undefined) return this.#slots
    let size = 64
    while (this.rows.count * 8 > size * 5) size *= 2
    return this.#filled(size)
  }

  #filled(size: number): Int32Array {
    const slots = new Int32Array(size)
    const mask = size - 1
    const { count } = this.rows
    for (let entry = 0; entry < count;) {
      // Page by page: all rows are walked each time the slots double.
      const page = this.rows.page(entry)
      const end = Math.min(count, entry + ROWS_PER_PAGE)
      for (let base = 0; entry < end; base += USAGE_WORDS) {
        let slot = page[base + COLUMN.keyLow]! & mask
        while (slots[slot] !== 0) slot = (slot + 1) & mask
        entry += 1
        slots[slot] = entry
      }
    }
    this.#slots = slots
    return slots
  }

  #add(record: RowView, model: number, place: number): number {
    let slots = this.#slots ?? this.fillSlots()
    if ((this.rows.count + 1) * 8 > slots.length * 5) slots = this.#filled(slots.length * 2)
    const entry = this.rows.append()
    const page = this.rows.page(entry)
    const base = this.rows.base(entry)
    for (let column = 0; column < USAGE_WORDS; column += 1) page[base + column] = record.words[record.base + column]!
    page[base + COLUMN.model] = model
    page[base + COLUMN.session] = place
    this.#place(entry, slots)
    return entry
  }

  #place(entry: number, slots: Int32Array): void {
    const mask = slots.length - 1
    let slot = this.rows.word(entry, COLUMN.keyLow) & mask
    while (slots[slot] !== 0) slot = (slot + 1) & mask
    slots[slot] = entry + 1
  }
}

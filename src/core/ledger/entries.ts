// The grow-only map from response key to the best line seen for it: open addressing over rows of typed arrays.
// The ledger's responses are one of these.
import { ROWS_PER_PAGE, Rows } from '../tables/rows.js'
import type { StringTable } from '../tables/strings.js'
import { COLUMN, USAGE_WORDS } from '../schema.js'
import { Details, NO_DETAIL, compareDetails, type Detail } from './details.js'
import { FLAG, compareOrigin, compareUsage, copyOrigin, copyUsage, type RowView } from './usage.js'

export class Entries {
  readonly rows = new Rows(USAGE_WORDS)
  readonly details = new Details()
  readonly #strings: StringTable
  /**
   * Row number + 1 at a slot computed from the key; 0 is free. Its size is a power of two, at most 5/8 full. undefined:
   * not filled yet.
   */
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
   * Joins one record: idempotent, commutative, associative. Returns the entry; `beforeChange` is called with it if it
   * existed and is about to change.
   * @param model, place the record's string numbers in this map's own `StringTable`
   * @param detail the details of its line; NO_DETAIL if its flags say that there are none
   */
  join(
    record: RowView,
    model: number,
    place: number,
    beforeChange?: (entry: number) => void,
    detail = NO_DETAIL,
  ): number {
    const keyLow = record.words[record.base + COLUMN.keyLow]!
    const keyHigh = record.words[record.base + COLUMN.keyHigh]!
    const known = this.find(keyLow, keyHigh)
    if (known < 0) return this.#add(record, model, place, detail)

    const mine = this.view(known, this.#mine)
    const order =
      compareUsage(record, this.#strings.get(model), mine, this.#modelOf(mine)) ||
      // Without details they are equal: usually it is the same line.
      compareDetails(detail, this.#detailOf(known, mine))
    const better = order > 0
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
    if (better) {
      copyUsage(record, model, mine)
      this.#keepDetail(known, record, detail)
    }
    if (earlier) copyOrigin(record, place, mine)
    if (moreSearches) mine.words[mine.base + COLUMN.searches] = searches
    this.rows.touch(known)
    return known
  }

  /** Which of two entries states more usage: positive if `a` does, 0 if they are the same. */
  compare(a: number, b: number): number {
    const x = this.view(a)
    const y = this.view(b)
    return (
      compareUsage(x, this.#modelOf(x), y, this.#modelOf(y)) ||
      compareDetails(this.#detailOf(a, x), this.#detailOf(b, y))
    )
  }

  /** The details of an entry's winning line. */
  detail(entry: number): Detail {
    return this.#detailOf(entry, this.view(entry, this.#mine))
  }

  /** Points `into` at an entry's row. */
  view(entry: number, into: RowView = { ...this.#mine }): RowView {
    into.words = this.rows.page(entry)
    into.doubles = this.rows.doublePage(entry)
    into.base = this.rows.base(entry)
    return into
  }

  /** To be called after the rows were loaded from a store. */
  reindex(): void {
    this.#slots = undefined
    this.details.reindex()
  }

  /** Runs when a key is first looked up, if not before: half a million entries take a tenth of a second. */
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
      // Page by page, because all rows are visited each time the slots double.
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

  #add(record: RowView, model: number, place: number, detail: Detail): number {
    let slots = this.#slots ?? this.fillSlots()
    if ((this.rows.count + 1) * 8 > slots.length * 5) slots = this.#filled(slots.length * 2)
    const entry = this.rows.append()
    const page = this.rows.page(entry)
    const base = this.rows.base(entry)
    for (let column = 0; column < USAGE_WORDS; column += 1) page[base + column] = record.words[record.base + column]!
    page[base + COLUMN.model] = model
    page[base + COLUMN.session] = place
    this.#keepDetail(entry, record, detail)
    this.#place(entry, slots)
    return entry
  }

  #modelOf({ words, base }: RowView): string {
    return this.#strings.get(words[base + COLUMN.model]!)
  }

  #detailOf(entry: number, { words, base }: RowView): Detail {
    return (words[base + COLUMN.flags]! & FLAG.detailed) === 0 ? NO_DETAIL : this.details.get(entry)
  }

  #keepDetail(entry: number, { words, base }: RowView, detail: Detail): void {
    if ((words[base + COLUMN.flags]! & FLAG.detailed) !== 0) this.details.set(entry, detail)
  }

  #place(entry: number, slots: Int32Array): void {
    const mask = slots.length - 1
    let slot = this.rows.word(entry, COLUMN.keyLow) & mask
    while (slots[slot] !== 0) slot = (slot + 1) & mask
    slots[slot] = entry + 1
  }
}

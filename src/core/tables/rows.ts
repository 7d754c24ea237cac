// Rows of fixed width in pages of typed arrays: the form of state in memory, between threads and in the store.
// A row keeps its number for ever; a change marks it, and a commit writes the marked rows.
import type { Run, Table } from './table.js'

/** Rows per page. */
export const ROWS_PER_PAGE = 256
const SHIFT = 8
const MASK = ROWS_PER_PAGE - 1
/**
 * Pages are cut from slabs that double up to this many pages: few large allocations, and little memory for a small
 * table.
 */
const SLAB_PAGES = 64
/** 32-bit words of marks per page. */
const MARKS = ROWS_PER_PAGE / 32

export class Rows implements Table {
  /** Pages of `words` × 256 32-bit words; `doubles` are views of the same bytes. */
  readonly words: Uint32Array[] = []
  readonly doubles: Float64Array[] = []
  count = 0
  /** 32-bit words a row. */
  readonly width: number
  /** Pages with changed rows, and a bit for each row. */
  readonly #changed = new Set<number>()
  #marks = new Uint32Array(MARKS)
  /** The latest page in `#changed`: most changes follow another one in the same page. */
  #latest = -1
  #slab: ArrayBuffer | undefined
  #slabUsed = 0

  /** @param width 32-bit words per row; even if rows hold doubles, so that these stay aligned */
  constructor(width: number) {
    this.width = width
  }

  /** Forgets all rows but keeps their memory for others. Pages handed out before are overwritten. */
  clear(): void {
    for (const words of this.pages()) words.fill(0)
    this.count = 0
    this.saved()
  }

  /** The pages that hold rows. */
  pages(): readonly Uint32Array[] {
    return this.words.slice(0, Math.ceil(this.count / ROWS_PER_PAGE))
  }

  append(): number {
    const row = this.count
    if (row === this.words.length << SHIFT) this.#addPage()
    this.count += 1
    this.touch(row)
    return row
  }

  /** The page of a row, for code that reads several of its words. */
  page(row: number): Uint32Array {
    return this.words[row >>> SHIFT]!
  }

  doublePage(row: number): Float64Array {
    return this.doubles[row >>> SHIFT]!
  }

  /** Index of the row's first word in its page; halve it for the page of doubles. */
  base(row: number): number {
    return (row & MASK) * this.width
  }

  word(row: number, column: number): number {
    return this.words[row >>> SHIFT]![(row & MASK) * this.width + column]!
  }

  double(row: number, column: number): number {
    return this.doubles[row >>> SHIFT]![((row & MASK) * this.width) / 2 + column]!
  }

  setWord(row: number, column: number, value: number): void {
    this.words[row >>> SHIFT]![(row & MASK) * this.width + column] = value
    this.touch(row)
  }

  setDouble(row: number, column: number, value: number): void {
    this.doubles[row >>> SHIFT]![((row & MASK) * this.width) / 2 + column] = value
    this.touch(row)
  }

  /** Must be called after a write through `page`. */
  touch(row: number): void {
    this.#marks[row >>> 5]! |= 1 << (row & 31)
    const page = row >>> SHIFT
    if (page === this.#latest) return
    this.#changed.add(page)
    this.#latest = page
  }

  *changes(): Generator<Run> {
    for (const page of this.#changed) {
      const first = page * ROWS_PER_PAGE
      const end = Math.min(first + ROWS_PER_PAGE, this.count)
      for (let row = first; row < end; row += 1) {
        if (!this.#marked(row)) continue
        const from = row
        while (row + 1 < end && this.#marked(row + 1)) row += 1
        yield [from, this.#bytes(from, row + 1)]
      }
    }
  }

  *all(): Generator<Run> {
    for (let row = 0; row < this.count; row += ROWS_PER_PAGE) {
      yield [row, this.#bytes(row, Math.min(row + ROWS_PER_PAGE, this.count))]
    }
  }

  saved(): void {
    for (const page of this.#changed) this.#marks.fill(0, page * MARKS, (page + 1) * MARKS)
    this.#changed.clear()
    this.#latest = -1
  }

  load(row: number, bytes: Uint8Array, width = this.width): void {
    const rows = bytes.byteLength / (width * 4)
    if (row > this.count || !Number.isInteger(rows) || width > this.width) {
      throw new Error(
        `${bytes.byteLength} bytes of rows of ${width} words at ${row} do not fit ${this.count} rows of ${this.width}`,
      )
    }
    for (let done = 0; done < rows;) {
      const to = row + done
      if (to === this.words.length << SHIFT) this.#addPage()
      const fit = width === this.width ? Math.min(rows - done, ROWS_PER_PAGE - (to & MASK)) : 1
      this.#bytes(to, to + fit).set(bytes.subarray(done * width * 4, (done + fit) * width * 4))
      done += fit
    }
    this.count = Math.max(this.count, row + rows)
  }

  #marked(row: number): boolean {
    return (this.#marks[row >>> 5]! & (1 << (row & 31))) !== 0
  }

  /** The bytes of a range of rows in one page. */
  #bytes(from: number, to: number): Uint8Array {
    const words = this.words[from >>> SHIFT]!
    return new Uint8Array(words.buffer, words.byteOffset + (from & MASK) * this.width * 4, (to - from) * this.width * 4)
  }

  #addPage(): Uint32Array {
    const length = this.width * ROWS_PER_PAGE
    if (this.#slab === undefined || this.#slabUsed === this.#slab.byteLength) {
      const pages = Math.min(SLAB_PAGES, Math.max(1, this.words.length))
      this.#slab = new ArrayBuffer(pages * length * 4)
      this.#slabUsed = 0
    }
    const words = new Uint32Array(this.#slab, this.#slabUsed, length)
    this.words.push(words)
    if (this.words.length * MARKS > this.#marks.length) {
      const marks = new Uint32Array(this.#marks.length * 2)
      marks.set(this.#marks)
      this.#marks = marks
    }
    this.doubles.push(new Float64Array(this.#slab, this.#slabUsed, length / 2))
    this.#slabUsed += words.byteLength
    return words
  }
}

// Rows of fixed width in pages of typed arrays: the one shape in which state lies in memory, crosses threads and is stored.
// A row keeps its number for ever; a change marks its page, and a commit writes the marked pages.

/** Rows a page; a page of 64-byte rows is 16 KiB, small enough to rewrite for one appended line. */
export const ROWS_PER_PAGE = 256
const SHIFT = 8
const MASK = ROWS_PER_PAGE - 1
/** Pages are cut from slabs that double up to so many pages: few large allocations, and little for a small table. */
const SLAB_PAGES = 64

export class Rows {
  /** Pages of `words` × 256 32-bit words; the same bytes are seen as doubles through `doubles`. */
  readonly words: Uint32Array[] = []
  readonly doubles: Float64Array[] = []
  count = 0
  readonly #width: number
  readonly #changed = new Set<number>()
  /** Of the pages in `#changed` the latest: most changes follow one in the same page. */
  #latest = -1
  #slab: ArrayBuffer | undefined
  #slabUsed = 0

  /** @param width 32-bit words a row; even where rows hold doubles, so that these stay aligned. */
  constructor(width: number) {
    this.#width = width
  }

  /** Forgets all rows and keeps their memory for others. Pages given away before are written over. */
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
    return (row & MASK) * this.#width
  }

  word(row: number, column: number): number {
    return this.words[row >>> SHIFT]![(row & MASK) * this.#width + column]!
  }

  double(row: number, column: number): number {
    return this.doubles[row >>> SHIFT]![((row & MASK) * this.#width) / 2 + column]!
  }

  setWord(row: number, column: number, value: number): void {
    this.words[row >>> SHIFT]![(row & MASK) * this.#width + column] = value
    this.touch(row)
  }

  setDouble(row: number, column: number, value: number): void {
    this.doubles[row >>> SHIFT]![((row & MASK) * this.#width) / 2 + column] = value
    this.touch(row)
  }

  /** To be called by code that writes through `page`. */
  touch(row: number): void {
    const page = row >>> SHIFT
    if (page === this.#latest) return
    this.#changed.add(page)
    this.#latest = page
  }

  /** Bytes of the pages changed since `saved()`, the last one cut to its rows. Views: copy them or use them at once. */
  *changes(): Generator<readonly [page: number, bytes: Uint8Array]> {
    for (const page of this.#changed) {
      const rows = Math.min(ROWS_PER_PAGE, this.count - page * ROWS_PER_PAGE)
      const words = this.words[page]!
      yield [page, new Uint8Array(words.buffer, words.byteOffset, rows * this.#width * 4)]
    }
  }

  saved(): void {
    this.#changed.clear()
    this.#latest = -1
  }

  /** Takes a stored page back; pages come in order, and only the last may be partly filled. */
  load(page: number, bytes: Uint8Array): void {
    const rows = bytes.byteLength / (this.#width * 4)
    if (page !== this.words.length || !Number.isInteger(rows) || rows < 1 || rows > ROWS_PER_PAGE || this.count % ROWS_PER_PAGE !== 0) {
      throw new Error(`page ${page} of ${bytes.byteLength} bytes does not continue ${this.words.length} pages of ${this.#width} words a row`)
    }
    const words = this.#addPage()
    new Uint8Array(words.buffer, words.byteOffset, words.byteLength).set(bytes)
    this.count += rows
  }

  #addPage(): Uint32Array {
    const length = this.#width * ROWS_PER_PAGE
    if (this.#slab === undefined || this.#slabUsed === this.#slab.byteLength) {
      const pages = Math.min(SLAB_PAGES, Math.max(1, this.words.length))
      this.#slab = new ArrayBuffer(pages * length * 4)
      this.#slabUsed = 0
    }
    const words = new Uint32Array(this.#slab, this.#slabUsed, length)
    this.words.push(words)
    this.doubles.push(new Float64Array(this.#slab, this.#slabUsed, length / 2))
    this.#slabUsed += words.byteLength
    return words
  }
}

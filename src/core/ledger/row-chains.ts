// Finds rows by a hash, in 12 bytes per row. Rows with one hash form a chain, so that adding the hundred thousandth row
// of a key takes no longer than adding the first.

const LEAST = 64

export class RowChains {
  readonly #hashOf: (row: number) => number
  /** Row number + 1 of the latest row of each chain; 0: none. Its size is a power of two. */
  #heads = new Int32Array(LEAST)
  /** For each row, row number + 1 of the previous row in its chain; 0: it is the last. */
  #next = new Int32Array(LEAST)
  #count = 0

  /** @param hashOf hash of an added row, an integer whose lower bits differ for different keys */
  constructor(hashOf: (row: number) => number) {
    this.#hashOf = hashOf
  }

  /** Adds all rows up to that number, each once and in order. Must be called before a lookup. */
  upTo(count: number): this {
    if (count > this.#next.length) this.#grow(count)
    for (; this.#count < count; this.#count += 1) this.#insert(this.#count)
    return this
  }

  /** The latest row that may have that hash, or -1. A chain may also contain rows with other hashes. */
  first(hash: number): number {
    return this.#heads[hash & (this.#heads.length - 1)]! - 1
  }

  /** The next row of the chain, or -1. */
  next(row: number): number {
    return this.#next[row]! - 1
  }

  /** Forgets all rows, which may change from now on. */
  clear(): void {
    this.#count = 0
    if (this.#heads.length === LEAST) this.#heads.fill(0)
    else {
      this.#heads = new Int32Array(LEAST)
      this.#next = new Int32Array(LEAST)
    }
  }

  #insert(row: number): void {
    const slot = this.#hashOf(row) & (this.#heads.length - 1)
    this.#next[row] = this.#heads[slot]!
    this.#heads[slot] = row + 1
  }

  #grow(count: number): void {
    let size = this.#heads.length
    while (size < count) size *= 2
    this.#heads = new Int32Array(size)
    this.#next = new Int32Array(size)
    for (let row = 0; row < this.#count; row += 1) this.#insert(row)
  }
}

/** A hash of two numbers, whose lower bits differ if only one of the numbers does. */
export function pairHash(a: number, b: number): number {
  return a ^ Math.imul(b, 0x9e3779b1)
}

// Finds rows by a hash of what they say. Rows of one hash hang in a chain, so that it costs no row more to be the
// hundred thousandth of a key than to be the first.

export class RowChains {
  readonly #hashOf: (row: number) => number
  /** Row number + 1 of the latest row of each chain; 0: it has none. A power of two. */
  #heads = new Int32Array(64)
  /** For each row, row number + 1 of the one before it in its chain; 0: it is the last. */
  #next = new Int32Array(64)
  #count = 0

  /** @param hashOf of a row that was added, an integer, the lower bits of which differ where keys do */
  constructor(hashOf: (row: number) => number) {
    this.#hashOf = hashOf
  }

  /** Adds rows up to that number; each is added once, in their order. */
  addUpTo(count: number): void {
    if (count > this.#next.length) this.#grow(count)
    for (; this.#count < count; this.#count += 1) this.#hang(this.#count)
  }

  /** The latest row whose hash may be that one, or -1: it shares its chain with others. */
  first(hash: number): number {
    return this.#heads[hash & (this.#heads.length - 1)]! - 1
  }

  /** The next row of the chain, or -1. */
  next(row: number): number {
    return this.#next[row]! - 1
  }

  clear(): void {
    this.#heads.fill(0)
    this.#count = 0
  }

  #hang(row: number): void {
    const slot = this.#hashOf(row) & (this.#heads.length - 1)
    this.#next[row] = this.#heads[slot]!
    this.#heads[slot] = row + 1
  }

  #grow(count: number): void {
    let size = this.#heads.length
    while (size < count) size *= 2
    this.#heads = new Int32Array(size)
    this.#next = new Int32Array(size)
    for (let row = 0; row < this.#count; row += 1) this.#hang(row)
  }
}

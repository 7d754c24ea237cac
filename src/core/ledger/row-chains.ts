// Finds rows by a hash of what they say, in 12 bytes a row. Rows of one hash hang in a chain, so that it costs no row more
// to be the hundred thousandth of a key than to be the first.

const LEAST = 64

export class RowChains {
  readonly #hashOf: (row: number) => number
  /** Row number + 1 of the latest row of each chain; 0: it has none. A power of two. */
  #heads = new Int32Array(LEAST)
  /** For each row, row number + 1 of the one before it in its chain; 0: it is the last. */
  #next = new Int32Array(LEAST)
  #count = 0

  /** @param hashOf of a row that was added, an integer, the lower bits of which differ where keys do */
  constructor(hashOf: (row: number) => number) {
    this.#hashOf = hashOf
  }

  /** The same with all rows up to that number: each is added once, in their order, when somebody looks for one. */
  upTo(count: number): this {
    if (count > this.#next.length) this.#grow(count)
    for (; this.#count < count; this.#count += 1) this.#hang(this.#count)
    return this
  }

  /** The latest row whose hash may be that one, or -1: it shares its chain with others. */
  first(hash: number): number {
    return this.#heads[hash & (this.#heads.length - 1)]! - 1
  }

  /** The next row of the chain, or -1. */
  next(row: number): number {
    return this.#next[row]! - 1
  }

  /** Forgets all rows, which may be others from now on. */
  clear(): void {
    this.#count = 0
    if (this.#heads.length === LEAST) this.#heads.fill(0)
    else {
      this.#heads = new Int32Array(LEAST)
      this.#next = new Int32Array(LEAST)
    }
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

/** A hash of two, the lower bits of which differ when only one of them does. */
export function pairHash(a: number, b: number): number {
  return a ^ Math.imul(b, 0x9e3779b1)
}

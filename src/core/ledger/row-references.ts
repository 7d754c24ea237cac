// A reference to another row for some rows, in four bytes per row; a Map takes ten times as much for each reference.

const NOTHING = new Int32Array(0)

export class RowReferences {
  /** Number of the other row + 1; 0: none. */
  #others: Int32Array = NOTHING

  /** Whether any row has ever had a reference. */
  get any(): boolean {
    return this.#others.length > 0
  }

  /** -1: it has none. */
  get(row: number): number {
    return row < this.#others.length ? this.#others[row]! - 1 : -1
  }

  /** @param other -1: none */
  set(row: number, other: number): void {
    if (row >= this.#others.length) {
      const more = new Int32Array(Math.max(row + 64, this.#others.length * 2))
      more.set(this.#others)
      this.#others = more
    }
    this.#others[row] = other + 1
  }
}

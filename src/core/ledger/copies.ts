// Links copies to originals: for each copy its original, and for each original its copies, as a doubly linked
// chain from which any can be removed. Logs may consist of copies and originals only, so it is kept in typed arrays.
import { RowReferences } from './row-references.js'

const NONE: readonly number[] = []

export class Copies {
  readonly #originalOf = new RowReferences()
  readonly #firstCopy = new RowReferences()
  readonly #nextCopy = new RowReferences()
  readonly #copyBefore = new RowReferences()

  /** Whether an entry is a copy or has copies. */
  involve(entry: number): boolean {
    // Usually there are none at all, and this is called for every entry.
    return this.#originalOf.any && (this.#originalOf.get(entry) >= 0 || this.has(entry))
  }

  /** The original of a copy, or -1. */
  originalOf(copy: number): number {
    return this.#originalOf.get(copy)
  }

  /** Whether an entry has copies. */
  has(original: number): boolean {
    return this.#firstCopy.get(original) >= 0
  }

  of(original: number): readonly number[] {
    if (!this.has(original)) return NONE
    const copies: number[] = []
    for (let copy = this.#firstCopy.get(original); copy >= 0; copy = this.#nextCopy.get(copy)) copies.push(copy)
    return copies
  }

  /** Makes an entry a copy of that original instead of any earlier one. */
  set(copy: number, original: number): void {
    const former = this.#originalOf.get(copy)
    if (former >= 0) this.#unchain(copy, former)
    const next = this.#firstCopy.get(original)
    if (next >= 0) this.#copyBefore.set(next, copy)
    this.#copyBefore.set(copy, -1)
    this.#nextCopy.set(copy, next)
    this.#firstCopy.set(original, copy)
    this.#originalOf.set(copy, original)
  }

  #unchain(copy: number, original: number): void {
    const before = this.#copyBefore.get(copy)
    const next = this.#nextCopy.get(copy)
    if (before < 0) this.#firstCopy.set(original, next)
    else this.#nextCopy.set(before, next)
    if (next >= 0) this.#copyBefore.set(next, before)
  }
}

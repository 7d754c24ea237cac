// Which entries are copies of which: of each copy its original, and of each original its copies, as a chain in both
// directions, so that any can leave it. Logs may hold nothing but copies and originals: it lies in typed arrays.
import { RowReferences } from './row-references.js'

const NONE: readonly number[] = []

export class Copies {
  readonly #originalOf = new RowReferences()
  readonly #firstCopy = new RowReferences()
  readonly #nextCopy = new RowReferences()
  readonly #copyBefore = new RowReferences()

  /** Whether an entry is a copy or has copies. */
  involve(entry: number): boolean {
    // Mostly there are none at all, and this is asked of every entry.
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

  /** Makes an entry a copy of that original, of whichever it was before. */
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

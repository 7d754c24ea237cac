// Interned text: a string keeps its number for ever.
import { decodeJson, textRuns, type Run, type Table } from './table.js'

export class StringTable implements Table {
  readonly width = 0
  readonly #texts: string[] = []
  readonly #numbers = new Map<string, number>()
  #firstUnsaved = 0

  get count(): number {
    return this.#texts.length
  }

  intern(text: string): number {
    const known = this.#numbers.get(text)
    if (known !== undefined) return known
    const number = this.#texts.push(text) - 1
    this.#numbers.set(text, number)
    return number
  }

  /** The number of a text, if it has one. */
  find(text: string): number | undefined {
    return this.#numbers.get(text)
  }

  get(number: number): string {
    const text = this.#texts[number]
    if (text === undefined) throw new RangeError(`no text ${number} among ${this.#texts.length}`)
    return text
  }

  *changes(): Generator<Run> {
    yield* textRuns(this.#from(this.#firstUnsaved))
  }

  *all(): Generator<Run> {
    yield* textRuns(this.#from(0))
  }

  saved(): void {
    this.#firstUnsaved = this.#texts.length
  }

  load(row: number, bytes: Uint8Array): void {
    if (row > this.#texts.length) throw new Error(`text ${row} does not follow ${this.#texts.length} texts`)
    for (const [index, text] of (decodeJson(bytes) as string[]).entries()) {
      if (this.intern(text) !== row + index)
        throw new Error(`text ${row + index} has the number ${this.intern(text)} already`)
    }
    this.#firstUnsaved = this.#texts.length
  }

  *#from(first: number): Generator<readonly [number, string]> {
    for (let number = first; number < this.#texts.length; number += 1) yield [number, this.#texts[number]!]
  }
}

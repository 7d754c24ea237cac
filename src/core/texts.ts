// Interned text: a string has one number for ever. Kept in append-only pages, so that a store rewrites only the last.

const PER_PAGE = 256

export class Texts {
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

  /** The pages that hold text interned since `saved()`. */
  *changes(): Generator<readonly [page: number, texts: readonly string[]]> {
    if (this.#firstUnsaved >= this.#texts.length) return
    const last = Math.floor((this.#texts.length - 1) / PER_PAGE)
    for (let page = Math.floor(this.#firstUnsaved / PER_PAGE); page <= last; page += 1) {
      yield [page, this.#texts.slice(page * PER_PAGE, (page + 1) * PER_PAGE)]
    }
  }

  saved(): void {
    this.#firstUnsaved = this.#texts.length
  }

  load(page: number, texts: readonly string[]): void {
    if (page * PER_PAGE !== this.#texts.length) throw new Error(`text page ${page} does not follow ${this.#texts.length} texts`)
    for (const text of texts) this.intern(text)
    this.#firstUnsaved = this.#texts.length
  }
}

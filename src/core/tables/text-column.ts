// A text for each row of a table, or none: paths, and the saved state of a source for a file.
import { decodeJson, textRuns, type Run, type Table } from './table.js'

export class TextColumn implements Table {
  readonly width = 0
  readonly #texts: string[] = []
  readonly #changed = new Set<number>()

  /** Empty if the row has none. */
  get(row: number): string {
    return this.#texts[row] ?? ''
  }

  set(row: number, text: string): void {
    if (this.get(row) === text) return
    this.#put(row, text)
    this.#changed.add(row)
  }

  *changes(): Generator<Run> {
    const rows = [...this.#changed].sort((a, b) => a - b)
    yield* textRuns(rows.map((row) => [row, this.get(row)] as const))
  }

  *all(): Generator<Run> {
    yield* textRuns(this.#present())
  }

  saved(): void {
    this.#changed.clear()
  }

  load(row: number, bytes: Uint8Array): void {
    for (const [index, text] of (decodeJson(bytes) as string[]).entries()) this.#put(row + index, text)
  }

  *#present(): Generator<readonly [number, string]> {
    for (let row = 0; row < this.#texts.length; row += 1) if (this.#texts[row] !== '') yield [row, this.#texts[row]!]
  }

  #put(row: number, text: string): void {
    while (this.#texts.length < row) this.#texts.push('')
    this.#texts[row] = text
  }
}

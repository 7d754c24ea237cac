// Numbers of the models' names. A log may make up as many as it likes: past a bound, names that are new are one.
import type { Entries } from './entries.js'
import type { StringTable } from '../tables/strings.js'
import { COLUMN } from '../schema.js'

/** A hundred times as many as there are. */
export const MAX_MODELS = 10_000
/** What all models past the bound are called. */
export const OTHER_MODEL = 'other'

export class ModelNames {
  readonly #strings: StringTable
  readonly #entries: Entries
  /** Numbers of the models that entries have; found when there is first a name that is no known text. */
  #known: Set<number> | undefined

  constructor(texts: StringTable, entries: Entries) {
    this.#strings = texts
    this.#entries = entries
  }

  number(name: string): number {
    const text = this.#strings.find(name)
    if (text !== undefined) return text
    this.#known ??= this.#ofEntries()
    if (this.#known.size >= MAX_MODELS) return this.#strings.intern(OTHER_MODEL)
    const number = this.#strings.intern(name)
    this.#known.add(number)
    return number
  }

  #ofEntries(): Set<number> {
    const known = new Set<number>()
    const { rows, count } = this.#entries
    for (let entry = 0; entry < count; entry += 1) known.add(rows.word(entry, COLUMN.model))
    return known
  }
}

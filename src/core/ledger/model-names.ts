// Numbers of model names. A log may make up any number of them; beyond a limit, all new names become one.
import type { Entries } from './entries.js'
import type { StringTable } from '../tables/strings.js'
import { COLUMN } from '../schema.js'

/** A hundred times the number that exists. */
export const MAX_MODELS = 10_000
/** Name of all models beyond the limit. */
export const OTHER_MODEL = 'other'

export class ModelNames {
  readonly #strings: StringTable
  readonly #entries: Entries
  /** Numbers of the models that entries have; collected when the first unknown name appears. */
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

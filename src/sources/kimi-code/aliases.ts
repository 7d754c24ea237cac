// Resolves the user's model aliases, as learned from the requests read so far (other-agents 4.2).
import { MAX_SAVED } from '../../core/cursor.js'
import { isTuple, restored } from '../saved.js'

/** Prefix of aliases for Kimi Code's own service. */
const PROVIDER = 'kimi-code/'

/** Maximum number of aliases kept, the most recent ones; users have a handful. */
const MOST_ALIASES = 4_096

type Saved = readonly [last: string, aliases: readonly (readonly [alias: string, model: string])[]]

function isSaved(value: unknown): value is Saved {
  return (
    isTuple(value, 'string', 'object') &&
    Array.isArray(value[1]) &&
    value[1].every((each) => isTuple(each, 'string', 'string'))
  )
}

export class Aliases {
  readonly #models: Map<string, string>
  /** Model of the last request; empty before the first. */
  #last: string

  constructor(saved: string | undefined) {
    const [last, aliases] = saved === undefined ? (['', []] as const) : restored(saved, isSaved)
    this.#last = last
    this.#models = new Map(aliases)
  }

  /** Notes that a request went to this model. @param alias as in the request; empty if it names none */
  note(alias: string, model: string): void {
    if (model === '') return
    this.#last = model
    if (alias === '') return
    this.#models.delete(alias)
    this.#models.set(alias, model)
    if (this.#models.size > MOST_ALIASES) this.#models.delete(this.#models.keys().next().value!)
  }

  /** Returns the alias's model, otherwise that of the last request, otherwise the alias without Kimi's prefix. */
  model(alias: string): string {
    return (
      this.#models.get(alias) ?? (this.#last || (alias.startsWith(PROVIDER) ? alias.slice(PROVIDER.length) : alias))
    )
  }

  /** Undefined if the state exceeds MAX_SAVED; the file is then read from its start. */
  save(): string | undefined {
    const saved: Saved = [this.#last, [...this.#models]]
    const json = JSON.stringify(saved)
    return json.length <= MAX_SAVED ? json : undefined
  }
}

// Which model each of the user's aliases stands for, as the requests so far have told (other-agents 4.2).
import { MAX_SAVED } from '../../core/cursor.js'
import { isTuple, restored } from '../saved.js'

/** Before the aliases of Kimi Code's own service. */
const PROVIDER = 'kimi-code/'

/** The older ones are forgotten: users have a handful. */
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
  /** Of the last request. */
  #last: string

  constructor(saved: string | undefined) {
    const [last, aliases] = saved === undefined ? (['', []] as const) : restored(saved, isSaved)
    this.#last = last
    this.#models = new Map(aliases)
  }

  /** A request went to this model. @param alias empty: it named none */
  note(alias: string, model: string): void {
    if (model === '') return
    this.#last = model
    if (alias === '') return
    this.#models.delete(alias)
    this.#models.set(alias, model)
    if (this.#models.size > MOST_ALIASES) this.#models.delete(this.#models.keys().next().value!)
  }

  /** Of a record with this alias; the alias itself where no request was told. */
  model(alias: string): string {
    return (
      this.#models.get(alias) ?? (this.#last || (alias.startsWith(PROVIDER) ? alias.slice(PROVIDER.length) : alias))
    )
  }

  /** undefined: too much to save; the file is then read from its start. */
  save(): string | undefined {
    const saved: Saved = [this.#last, [...this.#models]]
    const json = JSON.stringify(saved)
    return json.length <= MAX_SAVED ? json : undefined
  }
}

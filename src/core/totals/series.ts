// The counters: one row of totals for each agent, project and model. They only grow.
import { Rows } from '../tables/rows.js'
import type { StringTable } from '../tables/strings.js'
import { COLUMN, DOUBLE_COLUMN, type RowView } from '../ledger/usage.js'

/** Columns of doubles in a series row, and in a booked amount. Tokens stand in the order of `TOKEN_TYPES`. */
export const MEASURE = { tokens: 0, cost: 5, requests: 6, searches: 7 } as const
export const MEASURES = 8
/** Tokens of responses that had no price when they were booked. */
const UNPRICED = 8
/** Time of the latest response, milliseconds since the epoch; NaN when none has a time. */
const ACTIVITY = 11
const LABEL = { agent: 18, project: 19, model: 20, birth: 21 } as const

export interface SeriesLabels {
  readonly agent: string
  readonly project: string
  readonly model: string
}

export class Series {
  readonly rows = new Rows(24)
  readonly #strings: StringTable
  readonly #byLabels = new Map<string, number>()

  constructor(texts: StringTable) {
    this.#strings = texts
  }

  get count(): number {
    return this.rows.count
  }

  find({ agent, project, model }: SeriesLabels): number | undefined {
    return this.#byLabels.get(joined(agent, project, model))
  }

  add(labels: SeriesLabels): number {
    const series = this.rows.append()
    this.rows.setWord(series, LABEL.agent, this.#strings.intern(labels.agent))
    this.rows.setWord(series, LABEL.project, this.#strings.intern(labels.project))
    this.rows.setWord(series, LABEL.model, this.#strings.intern(labels.model))
    this.rows.setDouble(series, ACTIVITY, Number.NaN)
    this.#byLabels.set(joined(labels.agent, labels.project, labels.model), series)
    return series
  }

  labels(series: number): SeriesLabels {
    return {
      agent: this.#strings.get(this.rows.word(series, LABEL.agent)),
      project: this.#strings.get(this.rows.word(series, LABEL.project)),
      model: this.#strings.get(this.rows.word(series, LABEL.model)),
    }
  }

  total(series: number, amount: number): number {
    return this.rows.double(series, amount)
  }

  unpriced(series: number): number {
    return this.rows.double(series, UNPRICED)
  }

  grow(series: number, amount: number, by: number): void {
    if (by < 0) throw new RangeError(`a total cannot fall by ${-by}`)
    this.rows.setDouble(series, amount, this.rows.double(series, amount) + by)
  }

  /** Adds what `target` has over `booked`, which then has it too; answers how many tokens were added. Nothing falls. */
  book(series: number, target: Float64Array, booked: Float64Array): number {
    const page = this.rows.doublePage(series)
    const from = this.rows.base(series) / 2
    let tokens = 0
    for (let amount = 0; amount < MEASURES; amount += 1) {
      const more = target[amount]! - booked[amount]!
      if (more <= 0) continue
      page[from + amount]! += more
      booked[amount] = target[amount]!
      if (amount < MEASURE.cost) tokens += more
      this.rows.touch(series)
    }
    return tokens
  }

  /** Adds a response as its row has it, of which nothing was added before. `nanos`: its cost; undefined when it has no price. */
  bookRow(series: number, { words, doubles, base }: RowView, nanos: number | undefined): void {
    const page = this.rows.doublePage(series)
    const from = this.rows.base(series) / 2
    let tokens = 0
    for (let token = 0; token < MEASURE.cost; token += 1) {
      const count = words[base + COLUMN.input + token]!
      page[from + token]! += count
      tokens += count
    }
    page[from + MEASURE.cost]! += nanos ?? 0
    page[from + MEASURE.requests]! += 1
    page[from + MEASURE.searches]! += words[base + COLUMN.searches]!
    if (nanos === undefined) page[from + UNPRICED]! += tokens
    this.rows.touch(series)
    this.noteActivity(series, doubles[base / 2 + DOUBLE_COLUMN.time]!)
  }

  /** Time of the latest response, be it ahead of the clock; milliseconds since the epoch; NaN when none has one. */
  lastActivity(series: number): number {
    return this.rows.double(series, ACTIVITY)
  }

  noteActivity(series: number, time: number): void {
    if (!Number.isNaN(time) && !(this.rows.double(series, ACTIVITY) >= time))
      this.rows.setDouble(series, ACTIVITY, time)
  }

  growUnpriced(series: number, tokens: number): void {
    this.grow(series, UNPRICED, tokens)
  }

  /** What an output keeps of how far each series is on its way from its birth to its value. Stored with the series. */
  birth(series: number): number {
    return this.rows.word(series, LABEL.birth)
  }

  setBirth(series: number, birth: number): void {
    if (this.birth(series) !== birth) this.rows.setWord(series, LABEL.birth, birth)
  }

  reindex(): void {
    for (let series = 0; series < this.rows.count; series += 1) {
      const { agent, project, model } = this.labels(series)
      this.#byLabels.set(joined(agent, project, model), series)
    }
  }
}

function joined(agent: string, project: string, model: string): string {
  return `${agent}\0${project}\0${model}`
}

// The counters: one row of totals for each agent, project and model. They only grow.
import { Rows } from '../tables/rows.js'
import type { StringTable } from '../tables/strings.js'
import {
  COLUMN,
  DOUBLE_COLUMN,
  MEASURE,
  MEASURE_NUMBERS,
  SERIES_DOUBLE,
  SERIES_LABEL,
  SERIES_LABELS,
  SERIES_WORD,
  SERIES_WORDS,
  TOKENS,
  bookTokens,
  type SeriesLabels,
} from '../schema.js'
import type { RowView } from '../ledger/usage.js'

export type { SeriesLabels }

const TOKEN_MEASURES: ReadonlySet<number> = new Set(TOKENS.map(({ name }) => MEASURE[name]))

export class Series {
  readonly rows = new Rows(SERIES_WORDS)
  readonly #strings: StringTable
  readonly #byLabels = new Map<string, number>()

  constructor(texts: StringTable) {
    this.#strings = texts
  }

  get count(): number {
    return this.rows.count
  }

  find(labels: SeriesLabels): number | undefined {
    return this.#byLabels.get(labelKey(labels))
  }

  add(labels: SeriesLabels): number {
    const series = this.rows.append()
    for (const label of SERIES_LABELS)
      this.rows.setWord(series, SERIES_LABEL[label], this.#strings.intern(labels[label]))
    this.rows.setDouble(series, SERIES_DOUBLE.activity, Number.NaN)
    this.#byLabels.set(labelKey(labels), series)
    return series
  }

  labels(series: number): SeriesLabels {
    const values = SERIES_LABELS.map((label) => [label, this.#strings.get(this.rows.word(series, SERIES_LABEL[label]))])
    return Object.fromEntries(values) as SeriesLabels
  }

  total(series: number, measure: number): number {
    return this.rows.double(series, measure)
  }

  unpriced(series: number): number {
    return this.rows.double(series, SERIES_DOUBLE.unpriced)
  }

  loggedCost(series: number): number {
    return this.rows.double(series, SERIES_DOUBLE.loggedCost)
  }

  grow(series: number, measure: number, by: number): void {
    if (by < 0) throw new RangeError(`a total cannot fall by ${-by}`)
    this.rows.setDouble(series, measure, this.rows.double(series, measure) + by)
  }

  /**
   * Adds the difference between `target` and `booked`, and raises `booked` accordingly. Returns the number of tokens
   * added. Nothing falls.
   */
  book(series: number, target: Float64Array, booked: Float64Array): number {
    const page = this.rows.doublePage(series)
    const from = this.rows.base(series) / 2
    let tokens = 0
    for (const measure of MEASURE_NUMBERS) {
      const more = target[measure]! - booked[measure]!
      if (more <= 0) continue
      page[from + measure]! += more
      booked[measure] = target[measure]!
      if (TOKEN_MEASURES.has(measure)) tokens += more
      this.rows.touch(series)
    }
    return tokens
  }

  /**
   * Adds a response as its row states it; nothing must have been added for it before. `nanos`: its cost, undefined if
   * it has no price.
   */
  bookRow(series: number, { words, doubles, base }: RowView, nanos: number | undefined): void {
    const page = this.rows.doublePage(series)
    const from = this.rows.base(series) / 2
    const tokens = bookTokens(words, base, page, from)
    page[from + MEASURE.cost]! += nanos ?? 0
    page[from + MEASURE.requests]! += 1
    page[from + MEASURE.searches]! += words[base + COLUMN.searches]!
    if (nanos === undefined) page[from + SERIES_DOUBLE.unpriced]! += tokens
    this.rows.touch(series)
    this.noteActivity(series, doubles[base / 2 + DOUBLE_COLUMN.time]!)
  }

  /**
   * Time of the latest response, even if ahead of the clock, in milliseconds since the epoch; NaN if none has a time.
   */
  lastActivity(series: number): number {
    return this.rows.double(series, SERIES_DOUBLE.activity)
  }

  noteActivity(series: number, time: number): void {
    if (!Number.isNaN(time) && !(this.rows.double(series, SERIES_DOUBLE.activity) >= time))
      this.rows.setDouble(series, SERIES_DOUBLE.activity, time)
  }

  growUnpriced(series: number, tokens: number): void {
    this.grow(series, SERIES_DOUBLE.unpriced, tokens)
  }

  growLoggedCost(series: number, nanos: number): void {
    this.grow(series, SERIES_DOUBLE.loggedCost, nanos)
  }

  /** An output's record of how far each series is between its birth and its value. Stored with the series. */
  birth(series: number): number {
    return this.rows.word(series, SERIES_WORD.birth)
  }

  setBirth(series: number, birth: number): void {
    if (this.birth(series) !== birth) this.rows.setWord(series, SERIES_WORD.birth, birth)
  }

  reindex(): void {
    for (let series = 0; series < this.rows.count; series += 1) {
      this.#byLabels.set(labelKey(this.labels(series)), series)
    }
  }
}

/** A text for each combination of labels, in the order in which series are created. */
export function labelKey(labels: SeriesLabels): string {
  return SERIES_LABELS.map((label) => labels[label]).join('\0')
}

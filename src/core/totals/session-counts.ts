// The number of sessions in each project in which a response originates from them. A session that turns out to hold
// only copies gives its place to the next one of the project, so that no count ever falls.
import { COLUMN, SERIES_LABEL, USAGE_WORDS } from '../schema.js'
import { KeyHash } from '../ledger/hash.js'
import type { Ledger } from '../ledger/ledger.js'
import { RowChains } from '../ledger/row-chains.js'
import { RowReferences } from '../ledger/row-references.js'
import { sessionId } from '../sessions.js'
import { ROWS_PER_PAGE, Rows } from '../tables/rows.js'
import type { Series } from './series.js'

/**
 * A counted session: the number of its name among the strings + 1, 0 if the place is free; and the series in which it
 * counts.
 */
const SESSION = { name: 0, series: 1 } as const

/** Number of taken places after which all chains are rebuilt, at some microseconds per row. */
const MOST_TAKEN = 1_024

/**
 * The agent's session id identifies a session wherever its logs are: moving them creates no second one. It counts once
 * in each project in which it has responses, whatever their models.
 */
export class SessionCounts {
  readonly rows = new Rows(2)
  readonly #ledger: Ledger
  readonly #series: Series
  /** Number of booked entries. */
  readonly #booked: () => number
  /** By series. */
  readonly #counts: number[] = []
  /** Row that counts a session, by the session's name. */
  readonly #rowOf = new RowReferences()
  readonly #rowsById = new RowChains((row) => this.#hashOf(this.rows.word(row, SESSION.name) - 1))
  readonly #hash = new KeyHash()
  /** Sessions with responses booked since `settle`, and their series; hardly any of them are new. */
  readonly #noted: (readonly [name: number, series: number])[] = []
  /** Responses left a session or a project since `settle`. */
  #moved = false
  /** Free places, by project. */
  readonly #free = new Map<string, number[]>()
  /**
   * Free places that were taken but are still in the chain of another id, by the session and project that took them.
   */
  readonly #taken = new Map<string, number>()

  constructor(ledger: Ledger, series: Series, booked: () => number) {
    this.#ledger = ledger
    this.#series = series
    this.#booked = booked
  }

  /** Sessions counted in a series; a session with responses in several series of its project counts in the first. */
  count(series: number): number {
    return this.#counts[series] ?? 0
  }

  /** A response was booked. @param name number of its session's name among the strings */
  note(name: number, series: number): void {
    const row = this.#rowOf.get(name)
    if (row >= 0 && this.rows.word(row, SESSION.name) === name + 1 && this.inOneProject(this.#seriesOf(row), series))
      return
    this.#noted.push([name, series])
  }

  /** A booked response moved to another session or project, or turned out to be a copy. */
  noteMove(): void {
    this.#moved = true
  }

  /** Counts what was noted; moves first, because new sessions take the places that moves free. */
  settle(): void {
    if (this.#noted.length === 0 && !this.#moved) return
    if (this.#moved) this.#freeDeserted()
    this.#moved = false
    for (const [name, series] of this.#noted.splice(0)) this.#add(name, series)
  }

  inOneProject(a: number, b: number): boolean {
    const { rows } = this.#series
    return (
      a === b ||
      (rows.word(a, SERIES_LABEL.project) === rows.word(b, SERIES_LABEL.project) &&
        rows.word(a, SERIES_LABEL.agent) === rows.word(b, SERIES_LABEL.agent))
    )
  }

  /** To be called after the rows were loaded from a store. */
  reindex(): void {
    for (let row = 0; row < this.rows.count; row += 1) {
      const name = this.rows.word(row, SESSION.name) - 1
      if (name < 0) this.#leave(row)
      else this.#rowOf.set(name, row)
      this.#counts[this.#seriesOf(row)] = this.count(this.#seriesOf(row)) + 1
    }
  }

  /** Counts the sessions of a state that was stored before sessions were counted. */
  addFormer(): void {
    if (this.rows.count === 0) this.#visit((name, series) => this.note(name, series))
    this.settle()
  }

  #add(name: number, series: number): void {
    let row = this.#find(name, series)
    if (row < 0) {
      const free = this.#free.get(this.#projectOf(series))?.pop()
      row = free ?? this.#append(series)
      this.rows.setWord(row, SESSION.name, name + 1)
      if (free !== undefined) this.#noteTaken(free, name, series)
    }
    this.#rowOf.set(name, row)
  }

  #noteTaken(row: number, name: number, series: number): void {
    this.#taken.set(this.#sessionIn(name, series), row)
    if (this.#taken.size >= MOST_TAKEN) this.#rebuildChains()
  }

  /** Rebuilds the chains from the ids that the rows have now. */
  #rebuildChains(): void {
    this.#rowsById.clear()
    this.#taken.clear()
  }

  /** The row that counts a session in the project of a series, or -1. */
  #find(name: number, series: number): number {
    const taken = this.#taken.size > 0 ? this.#taken.get(this.#sessionIn(name, series)) : undefined
    if (taken !== undefined) return taken
    const id = this.#idOf(name)
    const rows = this.#rowsById.upTo(this.rows.count)
    for (let row = rows.first(this.#hashOf(name)); row >= 0; row = rows.next(row)) {
      const other = this.rows.word(row, SESSION.name) - 1
      if (other >= 0 && this.#idOf(other) === id && this.inOneProject(this.#seriesOf(row), series)) return row
    }
    return -1
  }

  #append(series: number): number {
    const row = this.rows.append()
    this.rows.setWord(row, SESSION.series, series)
    this.#counts[series] = this.count(series) + 1
    return row
  }

  /** Frees the places of sessions from which no response originates any more. */
  #freeDeserted(): void {
    const held = new Set<number>()
    this.#visit((name, series) => held.add(this.#find(name, series)))
    for (let row = 0; row < this.rows.count; row += 1) {
      if (held.has(row) || this.rows.word(row, SESSION.name) === 0) continue
      this.rows.setWord(row, SESSION.name, 0)
      this.#leave(row)
    }
    this.#rebuildChains()
  }

  /** Sessions of booked responses with their series; immediate repetitions are left out. */
  #visit(visit: (name: number, series: number) => void): void {
    const { words } = this.#ledger.entries.rows
    let latestName = -1
    let latestSeries = -1
    for (let entry = 0, booked = this.#booked(); entry < booked; entry += 1) {
      const page = words[Math.floor(entry / ROWS_PER_PAGE)]!
      const base = (entry % ROWS_PER_PAGE) * USAGE_WORDS
      let name = page[base + COLUMN.session]!
      if (this.#ledger.involvesAliases(entry)) {
        if (this.#ledger.canonical(entry) !== entry) continue
        const counted = this.#ledger.counted(entry)
        name = counted.words[counted.base + COLUMN.session]!
      }
      const series = page[base + COLUMN.series]!
      if (name === latestName && series === latestSeries) continue
      latestName = name
      latestSeries = series
      visit(name, series)
    }
  }

  /** Marks a row's place as free. */
  #leave(row: number): void {
    const project = this.#projectOf(this.#seriesOf(row))
    const free = this.#free.get(project)
    if (free === undefined) this.#free.set(project, [row])
    else free.push(row)
  }

  #sessionIn(name: number, series: number): string {
    return `${this.#projectOf(series)} ${this.#idOf(name)}`
  }

  /** Identifies the project of a series. */
  #projectOf(series: number): string {
    const { rows } = this.#series
    return `${rows.word(series, SERIES_LABEL.agent)} ${rows.word(series, SERIES_LABEL.project)}`
  }

  #seriesOf(row: number): number {
    return this.rows.word(row, SESSION.series)
  }

  #idOf(name: number): string {
    return sessionId(this.#ledger.strings.get(name))
  }

  /** @param name -1 for a free place, whose hash does not matter */
  #hashOf(name: number): number {
    return name < 0 ? 0 : this.#hash.start(0).text(this.#idOf(name)).finish().low
  }
}

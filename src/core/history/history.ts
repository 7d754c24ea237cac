// Computes earlier values of the totals, step by step: the current totals minus all later responses. The values end at
// the current totals, and are never above them.
import { MODIFIER } from '../ledger/modifiers.js'
import { MEASURE, MEASURES, TOKENS, type SeriesLabels } from '../schema.js'
import { sessionId } from '../sessions.js'
import type { State } from '../state.js'
import { responseReader, type CountedResponse } from '../totals/responses.js'

/** Indices of a series' amounts: the measures, then these. */
const UNPRICED = MEASURES
const LOGGED_COST = MEASURES + 1
const SESSIONS = MEASURES + 2
const AMOUNTS = MEASURES + 3

export interface HistoryOptions {
  readonly state: Pick<State, 'ledger' | 'totals' | 'strings'>
  /** Whether a model's raw name has a price. */
  readonly pricer: { knows(rawModel: string): boolean }
  /**
   * Milliseconds since the epoch. Responses with later times have been read, so they count at the last step before it.
   */
  readonly nowMs: number
  /** Milliseconds; at least 1. Steps are numbered from the epoch. */
  readonly stepMs: number
  /** Earlier times count as no time; milliseconds since the epoch. */
  readonly sinceMs: number
  /** Series for which this is false have no history. */
  readonly includes?: (series: number) => boolean
}

/** Called once for each series that a step changed, with steps in order. */
export type Changed = (step: number, series: number) => void

/**
 * Amounts without a time are included from the start: responses without a believable time, and surpluses of
 * corrections. If a correction moved a response to a series that did not count it again, that series' earliest usage is
 * missing instead.
 */
export class History {
  readonly series: {
    readonly count: number
    labels(series: number): SeriesLabels
    total(series: number, measure: number): number
    unpriced(series: number): number
    loggedCost(series: number): number
  }
  /** Sessions count in the first series of their project. */
  readonly sessions = { count: (series: number): number => this.#amount(series, SESSIONS) }

  readonly #options: HistoryOptions
  readonly #read: ReturnType<typeof responseReader>
  /** By series, then by amount. Below 0 until a series has made up for responses that it did not count again. */
  readonly #amounts: Float64Array
  /** By series: the first series of its project. */
  readonly #firstOfProject: Uint32Array
  readonly #firstSteps: Float64Array
  /** Responses sorted by step, then by entry. A number holds both: (step - #origin) * booked entries + entry. */
  #events = new Float64Array(0)
  #origin = 0
  #next = 0
  readonly #idOfName = new Map<number, number>()
  readonly #ids = new Map<string, number>()
  readonly #known = new Map<number, boolean>()
  /** Sessions in a project, as in `#sessionOf`, that have not begun yet. */
  readonly #sessionsToCome = new Set<number>()

  /** Starts with the current totals. */
  constructor(options: HistoryOptions) {
    const { state, nowMs } = options
    const { series, sessions } = state.totals
    this.#options = options
    this.#read = responseReader(state, nowMs)
    this.#amounts = new Float64Array(series.count * AMOUNTS)
    this.#firstOfProject = new Uint32Array(series.count)
    this.#firstSteps = new Float64Array(series.count).fill(Infinity)
    this.series = {
      count: series.count,
      labels: (row) => series.labels(row),
      total: (row, measure) => this.#amount(row, measure),
      unpriced: (row) => this.#amount(row, UNPRICED),
      loggedCost: (row) => this.#amount(row, LOGGED_COST),
    }
    const firsts = new Map<string, number>()
    for (let row = 0; row < series.count; row += 1) {
      if (!this.includes(row)) continue
      const { agent, project } = series.labels(row)
      const key = `${agent}\0${project}`
      const first = firsts.get(key) ?? row
      firsts.set(key, first)
      this.#firstOfProject[row] = first
      for (let measure = 0; measure < MEASURES; measure += 1) this.#add(row, measure, series.total(row, measure))
      this.#add(row, UNPRICED, series.unpriced(row))
      this.#add(row, LOGGED_COST, series.loggedCost(row))
      this.#add(first, SESSIONS, sessions.count(row))
    }
  }

  includes(series: number): boolean {
    return this.#options.includes?.(series) ?? true
  }

  /** Subtracts all responses that have a time. Must be called once, before `play`. */
  rewind(): void {
    const { state, stepMs, sinceMs, nowMs } = this.#options
    const { booked } = state.totals
    const steps = new Float64Array(booked).fill(Infinity)
    let count = 0
    let origin = Infinity
    for (let entry = 0; entry < booked; entry += 1) {
      const response = this.#read(entry)
      if (response === undefined || !(response.timeMs >= sinceMs) || !this.includes(response.series)) continue
      const { timeMs, series } = response
      const step = timeMs > nowMs ? Math.floor(nowMs / stepMs) : Math.ceil(timeMs / stepMs)
      steps[entry] = step
      count += 1
      origin = Math.min(origin, step)
      this.#firstSteps[series] = Math.min(this.#firstSteps[series]!, step)
      this.#addResponse(response, -1)
      const session = this.#sessionOf(response)
      if (!this.#sessionsToCome.has(session)) {
        this.#sessionsToCome.add(session)
        this.#add(this.#firstOfProject[series]!, SESSIONS, -1)
      }
    }
    const events = new Float64Array(count)
    for (let entry = 0, at = 0; entry < booked; entry += 1)
      if (steps[entry] !== Infinity) events[at++] = (steps[entry]! - origin) * booked + entry
    this.#events = events.sort()
    this.#origin = origin
  }

  /** The first step at which a series has usage; Infinity if none of its usage has a time. Valid after `rewind`. */
  firstStep(series: number): number {
    return this.#firstSteps[series]!
  }

  /** Advances to a step: adds the responses up to its time. */
  play(until: number, changed: Changed): void {
    const { booked } = this.#options.state.totals
    const touched = new Set<number>()
    while (this.#next < this.#events.length) {
      const offset = Math.floor(this.#events[this.#next]! / booked)
      const step = this.#origin + offset
      if (step > until) break
      const end = (offset + 1) * booked
      for (; this.#events[this.#next]! < end; this.#next += 1) {
        const response = this.#read(this.#events[this.#next]! - offset * booked)!
        this.#addResponse(response, 1)
        touched.add(response.series)
        if (!this.#sessionsToCome.delete(this.#sessionOf(response))) continue
        const first = this.#firstOfProject[response.series]!
        this.#add(first, SESSIONS, 1)
        touched.add(first)
      }
      for (const series of touched) changed(step, series)
      touched.clear()
    }
  }

  #addResponse(response: Readonly<CountedResponse>, sign: 1 | -1): void {
    const { series, nanos, loggedNanos, modifiers, model } = response
    let tokens = 0
    for (const { name } of TOKENS) {
      tokens += response[name]
      this.#add(series, MEASURE[name], sign * response[name])
    }
    this.#add(series, MEASURE.cost, sign * nanos)
    this.#add(series, MEASURE.requests, sign * response.requests)
    this.#add(series, MEASURE.searches, sign * response.webSearches)
    const known = this.#knows(model)
    const isLogged = loggedNanos > 0 && (!known || (modifiers & MODIFIER.billed) !== 0)
    if (isLogged) this.#add(series, LOGGED_COST, sign * nanos)
    else if (!known) this.#add(series, UNPRICED, sign * tokens)
  }

  #add(series: number, amount: number, by: number): void {
    this.#amounts[series * AMOUNTS + amount]! += by
  }

  #amount(series: number, amount: number): number {
    return Math.max(0, this.#amounts[series * AMOUNTS + amount]!)
  }

  #knows(model: number): boolean {
    let known = this.#known.get(model)
    if (known === undefined) {
      known = this.#options.pricer.knows(this.#options.state.strings.get(model))
      this.#known.set(model, known)
    }
    return known
  }

  /**
   * A number for a session in a project. The agent's id identifies the session, wherever its logs are
   * (session-counts.ts).
   */
  #sessionOf({ session, series }: Readonly<CountedResponse>): number {
    let id = this.#idOfName.get(session)
    if (id === undefined) {
      const text = sessionId(this.#options.state.strings.get(session))
      id = this.#ids.get(text) ?? this.#ids.size
      this.#ids.set(text, id)
      this.#idOfName.set(session, id)
    }
    return id * this.series.count + this.#firstOfProject[series]!
  }
}

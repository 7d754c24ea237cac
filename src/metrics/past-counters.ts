// The usage counters as scrapes at every step would have shown them. The series, with their names and labels, are the
// current ones; their values at each step come from the history.
import type { History } from '../core/history/history.js'
import type { CompatView } from '../core/totals/compat.js'
import type { Definition } from './catalogue.js'
import { isHistogram, type Labels, type Metric, type Sample } from './metric.js'
import { allCounters } from './usage-counters.js'

/** A counter with its labels. */
export interface PastSeries {
  readonly definition: Definition
  readonly labels: Labels
  /** The step before its first usage, or the first step of the range. */
  readonly birth: number
  /** The current value, which the past values never exceed. */
  readonly shown: number
  /** Calls `run` for its values in the window, in the order of steps, from its birth on. */
  runs(run: Run): void
}

export interface PastCounters {
  /** The series born by the last step, in the order of a scrape. */
  readonly series: readonly PastSeries[]
  /** The first step: that of the first birth, or a later one if requested. Infinity if there are no series. */
  readonly first: number
  /** Moves the window: it begins where the previous one ended, and ends before `until`. */
  window(until: number): void
}

/** A value, and its steps from `from` to `until`, which is exclusive. */
export type Run = (value: number, from: number, until: number) => void

/**
 * Usage before the first step is included in the first values.
 * @param history new, with the current totals; it is rewound
 * @param steps the first and the last one requested
 */
export function createPastCounters(
  history: History,
  compat: readonly CompatView[],
  steps: { readonly first: number; readonly last: number },
): PastCounters {
  const counters = allCounters(history, compat).map((metric) => ({ metric, slots: new Map<Labels, Slot>() }))
  const window: Window = { from: 0, until: 0 }
  const places: (readonly [slot: Slot, row: number])[] = []
  for (const { metric, slots } of counters) {
    for (const { labels, value, series: row = 0 } of samplesOf(metric)) {
      if (!history.includes(row)) continue
      let slot = slots.get(labels)
      if (slot === undefined) slots.set(labels, (slot = new Slot(metric, labels, window)))
      slot.take(row, value)
      slot.shown = slot.value
      places.push([slot, row])
    }
  }
  history.rewind()
  for (const [slot, row] of places) {
    // The samples may lack series that are still at 0.
    slot.take(row, 0)
    slot.birth = Math.min(slot.birth, history.firstStep(row) - 1)
  }
  for (let row = 0; row < history.series.count; row += 1) read(row)

  const series = counters.flatMap(({ slots }) => [...slots.values()]).filter(({ birth }) => birth <= steps.last)
  const first = Math.max(
    steps.first,
    series.reduce((least, { birth }) => Math.min(least, birth), Infinity),
  )
  for (const slot of series) slot.birth = Math.max(slot.birth, first)
  history.play(first, (_, row) => {
    read(row)
  })
  for (const slot of series) slot.begin()
  window.until = first

  function read(row: number, step?: number): void {
    for (const { metric, slots } of counters) {
      for (const { labels, value } of samplesOf(metric, row, row + 1)) slots.get(labels)?.take(row, value, step)
    }
  }

  return {
    series,
    first,
    window(until) {
      for (const slot of series) slot.begin()
      window.from = window.until
      window.until = until
      history.play(until - 1, (step, row) => {
        read(row, step)
      })
    },
  }
}

/** Steps; `until` is exclusive. */
interface Window {
  from: number
  until: number
}

class Slot implements PastSeries {
  readonly definition: Definition
  readonly labels: Labels
  birth = Infinity
  shown = 0
  /** Value at the step to which the history was played. */
  value = 0
  readonly #window: Readonly<Window>
  /** Value at the start of the window. */
  #before = 0
  /** Changes in the window: alternately a step and the value from that step on. */
  readonly #changes: number[] = []
  /** For a sum: the share of each series, in the order in which a scrape adds them. */
  readonly #shares: Map<number, number> | undefined

  constructor({ definition, shares }: Metric, labels: Labels, window: Readonly<Window>) {
    this.definition = definition
    this.labels = labels
    this.#window = window
    this.#shares = shares && new Map()
  }

  begin(): void {
    this.#before = this.value
    this.#changes.length = 0
  }

  runs(run: Run): void {
    const { from, until } = this.#window
    const changes = this.#changes
    let value = this.#before
    let since = Math.max(this.birth, from)
    for (let at = 0; at < changes.length; at += 2) {
      const step = changes[at]!
      if (step > since) run(value, since, step)
      since = Math.max(since, step)
      value = changes[at + 1]!
    }
    if (since < until) run(value, since, until)
  }

  /** @param step if given, the change is recorded */
  take(row: number, value: number, step?: number): void {
    const now = this.#shares === undefined ? value : this.#sumWith(this.#shares, row, value)
    if (now === this.value) return
    this.value = now
    if (step === undefined) return
    const changes = this.#changes
    if (changes[changes.length - 2] === step) changes[changes.length - 1] = now
    else changes.push(step, now)
  }

  /** Sums all shares again, so that rounding is the same as in a scrape. */
  #sumWith(shares: Map<number, number>, row: number, value: number): number {
    if (shares.get(row) === value) return this.value
    shares.set(row, value)
    let sum = 0
    for (const share of shares.values()) sum += share
    return sum
  }
}

function samplesOf(metric: Metric, first?: number, end?: number): Iterable<Sample> {
  const value = metric.read(first, end)
  if (isHistogram(value)) throw new Error(`${metric.definition.name} is no counter`)
  return value
}

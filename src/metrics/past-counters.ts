// The counters of usage as someone who had asked at every step would have seen them. Which there are, and their names and
// labels, is what is shown now; their numbers at each step are those of the history.
import type { History } from '../core/history/history.js'
import type { CompatView } from '../core/totals/compat.js'
import type { Definition } from './catalogue.js'
import { isHistogram, type Labels, type Metric, type Sample } from './metric.js'
import { allCounters } from './usage-counters.js'

/** A counter with its labels. */
export interface PastSeries {
  readonly definition: Definition
  readonly labels: Labels
  /** The step before its first usage, or the first step of all. */
  readonly birth: number
  /** What is shown now; it was never more. */
  readonly shown: number
  /** Its values in the window, in the order of steps; none before its birth. */
  runs(run: Run): void
}

export interface PastCounters {
  /** Those that were born by the last step, in the order in which a scrape shows them. */
  readonly series: readonly PastSeries[]
  /** The first step: that of the first birth, unless a later one was asked for. Infinity when there are no series. */
  readonly first: number
  /** Goes on to a step, which is excluded, from where the window before ended. */
  window(until: number): void
}

/** A value, and the steps at which it held: from one up to another, which is excluded. */
export type Run = (value: number, from: number, until: number) => void

/**
 * Usage before the first step is in the first values.
 * @param history as the totals are now: it is rewound
 * @param steps the first and the last one asked for
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
    // What is still at 0 may not be among the samples.
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

/** Steps; `until` is excluded. */
interface Window {
  from: number
  until: number
}

class Slot implements PastSeries {
  readonly definition: Definition
  readonly labels: Labels
  birth = Infinity
  shown = 0
  /** As far as the history was played. */
  value = 0
  readonly #window: Readonly<Window>
  /** At the start of the window. */
  #before = 0
  /** In the window: a step, and the value from there on, alternately. */
  readonly #changes: number[] = []
  /** Of a sum: the share of each series, in the order in which a scrape adds them. */
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

  /** @param step if given, the change is kept */
  take(row: number, value: number, step?: number): void {
    const now = this.#shares === undefined ? value : this.#sumWith(this.#shares, row, value)
    if (now === this.value) return
    this.value = now
    if (step === undefined) return
    const changes = this.#changes
    if (changes[changes.length - 2] === step) changes[changes.length - 1] = now
    else changes.push(step, now)
  }

  /** Added up anew, so that it comes to what a scrape shows. */
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

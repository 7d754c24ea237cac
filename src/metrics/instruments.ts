// Counters, gauges and histograms for the exporter's own metrics. They only count; an output prints them.
import type { Definition } from './catalogue.js'
import type { HistogramValue, Labels, Metric, Sample } from './metric.js'

type Of<Type extends Definition['type']> = Definition & { readonly type: Type }

export interface Counter extends Metric {
  inc(by?: number): void
}

export interface LabelledCounter<Value extends string> extends Metric {
  inc(value: Value): void
  add(counts: Readonly<Partial<Record<Value, number>>>): void
  byValue(): Readonly<Record<Value, number>>
}

export interface Gauge extends Metric {
  /** If undefined, it has no sample until it has a value again. */
  set(value: number | undefined): void
}

export interface LabelledGauge extends Metric {
  set(labelValue: string, value: number): void
}

export interface Histogram extends Metric {
  observe(value: number): void
}

const NO_LABELS: Labels = {}

export function counter(definition: Of<'counter'>): Counter {
  let count = 0
  return {
    definition,
    read: () => [{ labels: NO_LABELS, value: count }],
    inc: (by = 1) => void (count += by),
  }
}

/** A counter with one label whose values are known: each exists from the start, at 0. */
export function labelledCounter<Value extends string>(
  definition: Of<'counter'>,
  values: readonly Value[],
): LabelledCounter<Value> {
  const counts = new Map(values.map((value) => [value, { labels: { [definition.labels[0]!]: value }, value: 0 }]))
  return {
    definition,
    read: () => counts.values(),
    inc: (value) => void (counts.get(value)!.value += 1),
    add(more) {
      for (const value in more) counts.get(value)!.value += more[value]!
    },
    byValue: () =>
      Object.fromEntries(Array.from(counts, ([value, count]) => [value, count.value])) as Record<Value, number>,
  }
}

export function gauge(definition: Of<'gauge'>): Gauge {
  let current: number | undefined = 0
  return {
    definition,
    read: () => (current === undefined ? [] : [{ labels: NO_LABELS, value: current }]),
    set: (value) => void (current = value),
  }
}

/** A gauge with one label; a label value exists once it was set. */
export function labelledGauge(definition: Of<'gauge'>): LabelledGauge {
  const samples = new Map<string, { readonly labels: Labels; value: number }>()
  return {
    definition,
    read: () => samples.values(),
    set(labelValue, value) {
      const sample = samples.get(labelValue)
      if (sample === undefined) samples.set(labelValue, { labels: { [definition.labels[0]!]: labelValue }, value })
      else sample.value = value
    },
  }
}

/** Always 1; its labels carry the information. */
export function info(definition: Of<'gauge'>, labels: () => Labels): Metric {
  let known: Sample | undefined
  return {
    definition,
    read() {
      const now = labels()
      if (definition.labels.some((name) => known?.labels[name] !== now[name])) known = { labels: now, value: 1 }
      return [known!]
    },
  }
}

/** A number that is kept elsewhere. */
export function reading(definition: Definition, value: () => number): Metric {
  return { definition, read: () => [{ labels: NO_LABELS, value: value() }] }
}

export function histogram(definition: Of<'histogram'> & { readonly buckets: readonly number[] }): Histogram {
  const bounds = definition.buckets
  const counts = new Float64Array(bounds.length + 1)
  let sum = 0
  return {
    definition,
    read: (): HistogramValue => ({ counts, sum }),
    observe(value) {
      let bucket = 0
      while (bucket < bounds.length && value > bounds[bucket]!) bucket += 1
      counts[bucket]! += 1
      sum += value
    },
  }
}

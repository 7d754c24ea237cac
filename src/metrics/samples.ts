// Metrics that keep no number: what they show is read when someone asks.
import type { MetricObject, Registry } from 'prom-client'
import type { Definition } from './catalogue.js'
import { Counter, Gauge } from './prom-client.js'

/** To divide nano-dollars by. */
export const NANOS = 1e9

type Labels = Readonly<Record<string, string>>

export interface Sample {
  readonly value: number
  readonly labels: Record<string, string>
  /** Printed like `labels`, but formatted once for each object: the library remembers (registry.js). */
  readonly sharedLabels: Labels
}

/** @param labels the same object at each scrape makes it cheap */
export function sample<L extends object>(labels: L & { readonly [K in keyof L]: string }, value: number): Sample {
  return { value, labels: NO_LABELS, sharedLabels: labels }
}
const NO_LABELS: Record<string, string> = {}

/** Registers a counter or gauge whose samples are what `read` gives at each scrape. */
export function registerRead(registry: Registry, definition: Definition, read: () => Iterable<Sample>): void {
  const { name, help, labels } = definition
  const common = { name, help, labelNames: [...labels], registers: [registry] }
  const metric = definition.type === 'counter' ? new Counter(common) : new Gauge(common)
  // The library would keep each number, and look each one's labels up by hashing them, at every scrape.
  Object.assign(metric, {
    get(this: MetricObject) {
      const { help: shownHelp, name: shownName, type } = this
      return Promise.resolve({ help: shownHelp, name: shownName, type, aggregator: 'sum', values: [...read()] })
    },
  })
}

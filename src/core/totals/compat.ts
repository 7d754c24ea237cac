// The totals of one agent's series under other names: those of the agent's own telemetry, which boards made for it ask for.
import type { MEASURE } from '../schema.js'
import type { SeriesLabels } from './series.js'

export interface CompatView {
  /** Only its series are shown. */
  readonly agent: string
  readonly counters: readonly CompatCounter[]
}

export interface CompatCounter {
  /** In Prometheus, of a counter. */
  readonly name: string
  readonly help: string
  /** Over OTLP. Receivers make the name in Prometheus from both. */
  readonly otlp: { readonly name: string; readonly unit: string }
  readonly labels: readonly string[]
  /** The samples of a series of that agent. Their labels tell them, and any two series, apart. */
  readonly samplesOf: (series: SeriesLabels) => readonly CompatSample[]
}

export interface CompatSample {
  /** In the order of the counter's. */
  readonly labels: Readonly<Record<string, string>>
  /** Its value is their sum; costs are in US dollars. */
  readonly measures: readonly (keyof typeof MEASURE)[]
}

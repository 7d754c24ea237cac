// The totals of one agent's series under the metric names of the agent's own telemetry, for dashboards made for it.
import type { MEASURE } from '../schema.js'
import type { SeriesLabels } from './series.js'

export interface CompatView {
  /** Only series of this agent are shown. */
  readonly agent: string
  readonly counters: readonly CompatCounter[]
}

export interface CompatCounter {
  /** Name of the counter in Prometheus. */
  readonly name: string
  readonly help: string
  /** Name and unit over OTLP, from which receivers make the name in Prometheus. */
  readonly otlp: { readonly name: string; readonly unit: string }
  readonly labels: readonly string[]
  /** The samples of one series. Their labels distinguish them, and distinguish the samples of different series. */
  readonly samplesOf: (series: SeriesLabels) => readonly CompatSample[]
}

export interface CompatSample {
  /** In the order of the counter's labels. */
  readonly labels: Readonly<Record<string, string>>
  /** Its value is the sum of these; costs are in US dollars. */
  readonly measures: readonly (keyof typeof MEASURE)[]
}

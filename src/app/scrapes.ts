// Answers scrapes. Loads what only scrapes need as late as possible, so that threads start reading earlier.
import type { State } from '../core/state.js'
import type { Metric } from '../metrics/metric.js'
import type { Births } from '../outputs/births.js'
import type { Format, Print, Prometheus } from '../outputs/prometheus.js'

export interface Scrapes {
  /** Loads what only scrapes need, while logs are read or the program is idle. */
  readonly prepare: () => void
  readonly scrape: (format: Format) => Promise<Print>
}

export interface ScrapesOptions {
  /** All metrics except those of the process itself. Loads what is needed to read them. */
  readonly metrics: () => Promise<readonly Metric[]>
  readonly births: Births
  readonly state: State
  /** Whether the process's own metrics are exposed, too. */
  readonly serving: boolean
  readonly commit: () => void
  readonly signal: AbortSignal
}

export function createScrapes(options: ScrapesOptions): Scrapes {
  const { births, state, serving, commit, signal } = options

  async function load(): Promise<Prometheus> {
    const [metrics, { createPrometheus }] = await Promise.all([options.metrics(), import('../outputs/prometheus.js')])
    return createPrometheus({ metrics, births, store, ofProcess: serving })
  }
  function store(): void {
    // Not between a join and its booking, which would store entries as if they had been booked. In that case the pass
    // commits.
    if (!signal.aborted && !state.totals.waiting) commit()
  }
  let loading: Promise<Prometheus> | undefined
  function loaded(): Promise<Prometheus> {
    if (loading === undefined) {
      loading = load()
      // A scrape rejects with the error; `prepare` ignores it.
      loading.catch(() => undefined)
    }
    return loading
  }

  return {
    prepare: () => void loaded(),
    async scrape(format) {
      const prometheus = await loaded()
      return prometheus.print(format)
    },
  }
}

// Answers scrapes. What only a scrape needs is loaded late, so that threads start reading before.
import type { State } from '../core/state.js'
import type { Metric } from '../metrics/metric.js'
import type { Births } from '../outputs/births.js'
import type { Format, Print, Prometheus } from '../outputs/prometheus.js'

export interface Scrapes {
  /** Loads what only a scrape needs: while logs are read, or when there is nothing else to do. */
  readonly prepare: () => void
  readonly scrape: (format: Format) => Promise<Print>
}

export interface ScrapesOptions {
  /** All but those of the process itself. Loads what is needed to read them. */
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
    // Not between a join and its booking, which would store entries as if they had been booked; the pass commits then.
    if (!signal.aborted && !state.totals.waiting) commit()
  }
  let loading: Promise<Prometheus> | undefined
  function loaded(): Promise<Prometheus> {
    if (loading === undefined) {
      loading = load()
      // A scrape rejects with what went wrong; `prepare` waits for nothing.
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

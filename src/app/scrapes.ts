// Answers scrapes: prints the exposition, and records which series a scraper has seen.
import type { State } from '../core/state.js'
import type { Scrape } from '../http/server.js'
import type { Exposition, Format } from '../outputs/prometheus.js'
import type { Clock } from '../process/clock.js'
import type { LiveConfig } from './live-config.js'

export interface Scrapes {
  /** Loads what only a scrape needs: while logs are read, or when there is nothing else to do. */
  readonly prepare: () => void
  readonly scrape: (format: Format) => Promise<Scrape>
}

export interface ScrapesOptions {
  readonly exposition: Exposition
  readonly state: State
  readonly liveConfig: LiveConfig
  readonly clock: Clock
  /** False until there is something to show. */
  readonly complete: () => boolean
  /** Whether the process's own metrics are exposed, too. */
  readonly serving: boolean
  readonly commit: () => void
  readonly signal: AbortSignal
}

export function createScrapes(options: ScrapesOptions): Scrapes {
  const { exposition, state, liveConfig, clock, complete, serving, commit, signal } = options

  async function load(): Promise<void> {
    const { registerUsage } = await import('../metrics/usage.js')
    registerUsage(exposition.registry, { totals: state.totals, liveConfig, clock, complete })
    if (serving) await exposition.addProcess()
  }
  let loading: Promise<void> | undefined
  function loaded(): Promise<void> {
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
      await loaded()
      const { series } = state.totals
      // Series made while this is printed have not been seen.
      const seen = complete() ? series.count : 0
      const printed = await exposition.print(format)
      return {
        ...printed,
        sent() {
          if (signal.aborted) return
          // Not between a join and its booking, which would store entries as if they had been booked; the pass commits then.
          if (series.scraped(seen, clock.monotonic()) && !state.totals.waiting) commit()
        },
      }
    },
  }
}

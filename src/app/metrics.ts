// The list of metrics that all outputs read. Usage metrics are loaded late, so that threads start reading earlier.
import type { State } from '../core/state.js'
import type { Metric } from '../metrics/metric.js'
import { COMPAT_VIEWS } from '../sources/index.js'
import type { LiveConfig } from './live-config.js'

export interface MetricsOptions {
  /** The exporter's own metrics. */
  readonly own: readonly Metric[]
  readonly state: State
  readonly liveConfig: LiveConfig
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** False until there is something to show. */
  readonly complete: () => boolean
}

export function createMetrics({
  own,
  state,
  liveConfig,
  now,
  complete,
}: MetricsOptions): () => Promise<readonly Metric[]> {
  let loading: Promise<readonly Metric[]> | undefined
  async function load(): Promise<readonly Metric[]> {
    const { usageMetrics } = await import('../metrics/usage.js')
    const asked = liveConfig.config.compat
    const compat = COMPAT_VIEWS.filter(({ agent }) => asked.includes(agent))
    return [...own, ...usageMetrics({ totals: state.totals, liveConfig, now, complete, compat })]
  }
  return () => (loading ??= load())
}

// Computes `/api/summary` on request: the spend, and the state of the exporter.
import type { Summary } from '../http/summary-schema.js'
import { zoneName } from '../metrics/calendar.js'
import type { PushTelemetry } from '../metrics/push-telemetry.js'
import type { Health } from '../metrics/telemetry.js'
import { isUp, type RootAccess } from './access.js'
import { NAMED, createSpend, type SpendOptions } from './spend.js'
import type { Trouble } from './troubles.js'

export interface SummaryOptions extends SpendOptions {
  readonly version: string
  readonly demo: boolean
  /** False until the first pass is complete. */
  readonly complete: () => boolean
  readonly files: () => number
  readonly roots: () => readonly RootAccess[]
  /** The agents that the user asked for, or whose directories were found. */
  readonly agents: () => Iterable<string>
  readonly troubles: () => readonly Trouble[]
  readonly health: () => Health
  /** Undefined if push is not configured. */
  readonly pushTelemetry?: PushTelemetry | undefined
}

export function createSummary(options: SummaryOptions): () => Summary {
  const { version, demo, state, liveConfig, now, complete } = options
  const spend = createSpend(options)
  return () => {
    const { errors, skipped, lastPassMs } = options.health()
    return {
      version,
      demo,
      time: new Date(now()).toISOString(),
      time_zone: zoneName(liveConfig.config.timeZone),
      spend: complete() ? spend() : null,
      exporter: {
        ready: complete(),
        last_pass: timeOf(lastPassMs),
        ...(options.pushTelemetry && { last_push: timeOf(options.pushTelemetry.lastAcceptedMs()) }),
        log_files: options.files(),
        responses: state.ledger.count,
        errors,
        skipped_lines: skipped,
        ...unpricedModels(options),
        troubles: options.troubles(),
        agents: [...options.agents()].map((agent) => ({ agent, up: isUp(agent, options.roots()) })),
        roots: options.roots().map(({ agent, path, access, unreadFiles, unreadPlaces }) => ({
          agent,
          path,
          found: access !== 'missing' && access !== 'unreachable',
          access,
          unread_files: unreadFiles,
          unread_folders: unreadPlaces,
        })),
      },
    }
  }
}

const timeOf = (ms: number | undefined): string | null => (ms === undefined ? null : new Date(ms).toISOString())

/** Models without a price now. Models that have got one since are left out: their responses were repriced. */
function unpricedModels({
  state,
  liveConfig,
  now,
}: SummaryOptions): Pick<Summary['exporter'], 'unpriced' | 'unpriced_others'> {
  const { series } = state.totals
  const tokens = new Map<string, number>()
  for (let row = 0; row < series.count; row += 1) {
    if (series.unpriced(row) === 0) continue
    const { model } = series.labels(row)
    if (liveConfig.pricer.ratesNow(model, now()) === undefined)
      tokens.set(model, (tokens.get(model) ?? 0) + series.unpriced(row))
  }
  const models = [...tokens]
    .map(([model, count]) => ({ model, tokens: count }))
    .sort((a, b) => b.tokens - a.tokens || (a.model < b.model ? -1 : 1))
  const others = models.slice(NAMED)
  return {
    unpriced: models.slice(0, NAMED),
    unpriced_others: { count: others.length, tokens: others.reduce((total, each) => total + each.tokens, 0) },
  }
}

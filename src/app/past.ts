// Determines the range of a backfill, and computes the counters for it.
import { ConfigError } from '../config/config-error.js'
import type { Moment } from '../config/backfill-settings.js'
import type { Config } from '../config/config.js'
import { History } from '../core/history/history.js'
import { spanOfDate } from '../metrics/calendar.js'
import { createPastCounters, type PastCounters } from '../metrics/past-counters.js'
import { COMPAT_VIEWS } from '../sources/index.js'
import type { App } from './app.js'

/** No agent existed before 2020. An earlier time comes from a wrong clock, and counts as no time. */
const BELIEVED_SINCE_MS = Date.UTC(2020, 0, 1)

export interface BackfillOptions {
  readonly config: Config
  /** Milliseconds since the epoch. */
  readonly nowMs: number
  readonly signal: AbortSignal
}

/**
 * The first and the last step of the range given by --from and --to, which ends at `nowMs` at the latest.
 * @throws ConfigError if the range contains no step
 */
export function stepsOf(config: Config, nowMs: number): { readonly first: number; readonly last: number } {
  const { backfillFrom, backfillTo, backfillStepMs: stepMs, timeZone } = config
  const toMs = Math.min(backfillTo === undefined ? nowMs : endOf(backfillTo, timeZone), nowMs)
  const fromMs = backfillFrom === undefined ? BELIEVED_SINCE_MS : startOf(backfillFrom, timeZone)
  const steps = { first: Math.ceil(fromMs / stepMs), last: Math.floor(toMs / stepMs) }
  if (steps.first > steps.last)
    throw new ConfigError(
      fromMs > toMs
        ? `--to (${isoOf(toMs)}) is before --from (${isoOf(fromMs)})`
        : `no multiple of --step is between --from (${isoOf(fromMs)}) and --to (${isoOf(toMs)})`,
    )
  return steps
}

const isoOf = (ms: number): string => new Date(ms).toISOString()

const startOf = (moment: Moment, timeZone: string): number =>
  'ms' in moment ? moment.ms : spanOfDate(moment.date, timeZone).fromMs
const endOf = (moment: Moment, timeZone: string): number =>
  'ms' in moment ? moment.ms : spanOfDate(moment.date, timeZone).toMs

export interface PastOptions {
  readonly config: Config
  readonly nowMs: number
  readonly includes: (series: number) => boolean
}

export function pastOf(
  { state, liveConfig }: App,
  steps: { readonly first: number; readonly last: number },
  { config, nowMs, includes }: PastOptions,
): { readonly past: PastCounters; readonly last: number } {
  const history = new History({
    ...{ state, pricer: liveConfig.pricer, nowMs, includes },
    stepMs: config.backfillStepMs,
    sinceMs: BELIEVED_SINCE_MS,
  })
  const compat = COMPAT_VIEWS.filter(({ agent }) => config.compat.includes(agent))
  return { past: createPastCounters(history, compat, steps), last: steps.last }
}

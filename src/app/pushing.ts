// Decides when to push: when the first pass is complete, at intervals from then on, and once more on stop.
import { hostname } from 'node:os'
import type { PushConfig } from '../config/push.js'
import type { State } from '../core/state.js'
import type { Metric } from '../metrics/metric.js'
import type { PushTelemetry } from '../metrics/push-telemetry.js'
import { readCredentials } from '../outputs/otlp/credentials.js'
import { createPush, type Push } from '../outputs/otlp/otlp.js'
import { createPushBirths } from '../outputs/otlp/push-births.js'
import type { Log } from '../process/log.js'

/** Time limit of the last push. Twice this time, and closing everything else, must fit into the limit on a stop. */
const LAST_PUSH_MS = 1_000

export interface PushingOptions {
  readonly push: PushConfig
  readonly metrics: () => Promise<readonly Metric[]>
  readonly telemetry: PushTelemetry
  readonly state: State
  readonly commit: () => void
  readonly commits: () => number
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Milliseconds of a clock that never goes back. */
  readonly monotonic: () => number
  /** False until there is something to show. */
  readonly complete: () => boolean
  /** If false, pushes only on request. */
  readonly serving: boolean
  readonly log: Log
}

export interface Pushing {
  /** Must be called when a pass has ended. */
  passed(): void
  /**
   * Pushes once, and again if series were shown at 0, so that their values arrive. Resolves with whether all was
   * accepted.
   */
  once(): Promise<boolean>
  /** Must be called when no pass is running any more, before the state is closed. */
  stop(): Promise<void>
}

/** @throws Error with a message of one line if a file of headers or certificates cannot be used */
export const checkFiles = ({ target }: PushConfig): void => void readCredentials(target)

/** Resource attributes, which identify the exporter's series to receivers. */
export function identityOf(
  { attributes, hostName }: Pick<PushConfig, 'attributes' | 'hostName'>,
  instance: string,
): Readonly<Record<string, string>> {
  return {
    'service.name': 'agent-usage-exporter',
    ...(hostName && { 'host.name': hostname() }),
    ...attributes,
    // Always the state's: another id would start every series anew.
    'service.instance.id': instance,
  }
}

export function createPushing(options: PushingOptions): Pushing {
  const { push: config, telemetry, state, now, monotonic, complete, serving, log } = options
  const { target, deltaAsked } = config
  if (deltaAsked)
    log.warn({}, 'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE asks for deltas: pushes are cumulative regardless')
  const births = createPushBirths({
    ...options,
    commit() {
      // Not between a join and its booking, which would store entries as if they had been booked. In that case the pass
      // commits.
      if (!state.totals.waiting) options.commit()
    },
  })
  let starting: Promise<Push> | undefined

  async function start(): Promise<Push> {
    return createPush({
      ...{ target, births, telemetry, now, monotonic, log },
      metrics: await options.metrics(),
      identity: identityOf(config, state.instance),
    })
  }
  function started(): Promise<Push> {
    if (starting !== undefined) return starting
    // If the state is older than the last push, it is unknown which series have shown their value.
    if (state.pushed === undefined || state.behind) births.showAll()
    return (starting = start())
  }

  return {
    passed() {
      if (!serving || starting !== undefined || !complete()) return
      started()
        .then((push) => push.now())
        .catch((error: unknown) => {
          log.error({ error }, 'cannot start pushing')
        })
    },
    async once() {
      // A partial history is never shown.
      if (!complete()) return false
      const push = await started()
      const unborn = births.pending()
      const accepted = await push.now()
      return accepted && unborn ? push.now() : accepted
    },
    async stop() {
      const push = await starting?.catch(() => undefined)
      await (serving ? push?.stop(LAST_PUSH_MS) : push?.close())
    },
  }
}

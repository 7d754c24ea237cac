// A push of a driven state to a receiver, set up as in the program, without the rest of the program.
import { createPushTelemetry, type PushTelemetry } from '../../../src/metrics/push-telemetry.js'
import { usageMetrics } from '../../../src/metrics/usage.js'
import { createPush, type Push } from '../../../src/outputs/otlp/otlp.js'
import { createPushBirths } from '../../../src/outputs/otlp/push-births.js'
import type { PushTarget } from '../../../src/outputs/otlp/target.js'
import { onTestFinished } from 'vitest'
import type { DrivenState } from '../../core/driven-state.js'
import { PRICES } from '../../core/pricing/made-prices.js'
import type { Pushed } from '../../support/otlp-receiver.js'

export interface Logged {
  readonly level: 'info' | 'warn' | 'error'
  readonly message: string
  readonly fields: Readonly<Record<string, unknown>>
}

export interface Pushing {
  readonly push: Push
  readonly telemetry: PushTelemetry
  readonly logged: readonly Logged[]
  /** A sample of the push's own metrics, such as `failures connect`. */
  readonly own: (key: string) => number | undefined
}

/** @param driven a state whose logs have been read once */
export function pushing(driven: DrivenState, url: string, target: Partial<PushTarget> = {}): Pushing {
  const { state } = driven
  let commits = 0
  const births = createPushBirths({
    state,
    commits: () => commits,
    commit() {
      driven.commit()
      commits += 1
    },
  })
  if (state.pushed === undefined) births.showAll()
  const telemetry = createPushTelemetry(() => () => driven.nowMs)
  const logged: Logged[] = []
  const log = (level: Logged['level']) => (fields: object, message: string) =>
    void logged.push({ level, message, fields: fields as Logged['fields'] })
  const push = createPush({
    target: {
      url: `${url}/v1/metrics`,
      intervalMs: 3_600_000,
      timeoutMs: 60_000,
      gzip: true,
      headers: {},
      ...target,
    },
    metrics: usageMetrics({
      totals: state.totals,
      liveConfig: { config: { timeZone: 'UTC', weekStart: 'monday', budgets: [] }, pricer: PRICES },
      now: () => driven.nowMs,
      complete: () => true,
    }),
    births,
    telemetry,
    identity: { 'service.instance.id': 'id' },
    now: () => driven.nowMs,
    monotonic: () => performance.now(),
    log: { debug: () => undefined, info: log('info'), warn: log('warn'), error: log('error') },
  })
  onTestFinished(() => push.close())
  const own = (key: string): number | undefined => {
    for (const metric of telemetry.metrics) {
      const value = metric.read()
      if ('counts' in value) continue
      for (const sample of value) {
        const name = /otlp_(.*?)(?:_total)?$/.exec(metric.definition.name)![1]!
        if ([name, ...Object.values(sample.labels)].join(' ') === key) return sample.value
      }
    }
    return undefined
  }
  return { push, telemetry, logged, own }
}

/** Value of the counter of responses, by project. */
export const requestsIn = ({ points }: Pushed): Record<string, number> =>
  Object.fromEntries(
    points
      .filter(({ name }) => name === 'agent_usage_requests_total')
      .map(({ labels, value }) => [labels['project']!, value]),
  )

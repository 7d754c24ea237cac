// What a pass ends with: what was joined is booked and committed in one go, so that no scrape sees what a crash could
// take back. Much is booked in several such steps, between which scrapes are answered.
import { setImmediate } from 'node:timers/promises'
import type { State } from './core/state.js'
import type { Booked } from './core/totals.js'
import type { InForce } from './in-force.js'
import type { ParserPool } from './worker/pool.js'

/** Responses in a step: some milliseconds. */
const STEP = 2_000

export interface SettlingOptions {
  readonly state: State
  readonly commit: () => void
  readonly inForce: InForce
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** False: one pass, and then the end. */
  readonly serving: boolean
  readonly pool: ParserPool | undefined
  /** `maxSeries`: the bound on series, if it was met. */
  readonly booked: (outcome: Booked, maxSeries: number | undefined) => void
  readonly signal: AbortSignal
}

export interface Settling {
  /** @param passComplete nothing that was found was left unread */
  readonly settle: (passComplete: boolean) => Promise<void>
  /** Whether a pass was complete: there is something to show. */
  readonly complete: () => boolean
}

export function createSettling({ state, commit, inForce, now, serving, pool, booked, signal }: SettlingOptions): Settling {
  const { totals } = state
  let complete = false

  /** @param most new responses to book */
  function step(most: number): void {
    const { pricer, prices, config: { maxSeries } } = inForce
    // Since the last booking, be it before a restart or a reload.
    if (state.prices !== prices.fingerprint) {
      totals.repriceAll()
      state.prices = prices.fingerprint
    }
    if (totals.waiting) {
      const outcome = totals.book({ pricer, nowMs: now(), maxSeries }, most)
      booked(outcome, totals.folded.size > 0 ? maxSeries : undefined)
    }
    if (!complete && (!state.loaded || state.behind || !serving)) totals.series.showAll()
    commit()
  }

  return {
    complete: () => complete,
    async settle(passComplete) {
      // A first pass that was broken off is forgotten: half a history would look like spend when the rest follows.
      if (!passComplete && !complete && !state.loaded) return
      // That was all there is to read; threads take a while to end.
      if (passComplete && !serving) pool?.rest()
      const much = complete && state.ledger.count - totals.booked > STEP
      // Of much, the first commit is by far the largest: it writes all that was joined.
      step(much ? 0 : Infinity)
      while (totals.waiting && !signal.aborted) {
        await setImmediate()
        step(complete ? STEP : Infinity)
      }
      if (!passComplete) return
      complete = true
      pool?.makeRoom()
    },
  }
}

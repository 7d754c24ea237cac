// Ends a pass: books what was joined and commits it in one step, so that a scrape never shows what a crash could undo. Large
// bookings take several steps, and scrapes are answered between them.
import { setImmediate } from 'node:timers/promises'
import type { State } from '../core/state.js'
import type { Pricer } from '../core/pricing/pricing.js'
import type { Booked } from '../core/totals/totals.js'
import type { ParserPool } from '../worker/pool.js'

/** Responses in a step: some milliseconds. */
const STEP_SIZE = 2_000

export interface PublisherOptions {
  readonly state: State
  readonly commit: () => void
  /** Asked at each step: it may have been read again. */
  readonly liveConfig: {
    readonly config: { readonly maxSeries: number }
    readonly prices: { readonly fingerprint: string }
    readonly pricer: Pricer
  }
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** False: one pass, and then the end. */
  readonly serving: boolean
  /** Whoever sees what is shown has seen what was shown before the start: to him, a new series begins at 0. */
  readonly watched: boolean
  /** Called before a commit of history: nobody was there to see its series at 0, so they begin with their value. */
  readonly historyBooked: () => void
  readonly pool: ParserPool | undefined
  /** `maxSeries`: the bound on series, if it was met. */
  readonly responsesBooked: (outcome: Booked, maxSeries: number | undefined) => void
  /** Responses in a step. */
  readonly stepSize?: number | undefined
  readonly signal: AbortSignal
}

export interface Publisher {
  /** @param passComplete nothing that was found was left unread */
  readonly publish: (passComplete: boolean) => Promise<void>
  /** Whether a pass was complete: there is something to show. */
  readonly complete: () => boolean
}

export function createPublisher({
  state,
  commit,
  liveConfig,
  now,
  serving,
  watched,
  historyBooked,
  pool,
  responsesBooked,
  stepSize = STEP_SIZE,
  signal,
}: PublisherOptions): Publisher {
  const { totals } = state
  let complete = false
  /** Fingerprint of the prices of the last booking, be it before a restart. */
  let pricedWith = state.prices

  /** @param most new responses to book */
  function step(most: number): void {
    const {
      pricer,
      prices,
      config: { maxSeries },
    } = liveConfig
    const nowMs = now()
    if (pricedWith !== prices.fingerprint || nowMs >= totals.repriceAtMs) totals.repriceAll()
    pricedWith = prices.fingerprint
    if (totals.waiting) {
      const outcome = totals.book({ pricer, nowMs, maxSeries }, most, stepSize)
      responsesBooked(outcome, totals.folded.size > 0 ? maxSeries : undefined)
    }
    // Empty until every response has its final price: a program that starts from this state prices everything again.
    state.prices = totals.repricing || totals.repriceAtMs < Infinity ? '' : prices.fingerprint
    if (!watched || (!complete && (!state.loaded || state.behind))) historyBooked()
    commit()
  }

  return {
    complete: () => complete,
    async publish(passComplete) {
      // A first pass that was broken off is forgotten: half a history would look like spend when the rest follows.
      if (!passComplete && !complete && !state.loaded) return
      // That was all there is to read; threads take a while to end.
      if (passComplete && !serving) pool?.rest()
      const much = complete && state.ledger.count - totals.booked > stepSize
      // Of much, the first commit is by far the largest: it writes all that was joined.
      step(much ? 0 : Infinity)
      while (totals.waiting && !signal.aborted) {
        // Totals from before a restart are shown while new prices are applied, and grow with them.
        if (passComplete && state.ledger.count === totals.booked) complete = true
        await setImmediate()
        step(complete ? stepSize : Infinity)
      }
      if (!passComplete) return
      complete = true
      pool?.makeRoom()
    },
  }
}

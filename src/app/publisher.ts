// Ends a pass: books what was joined and commits it in one step, so that a scrape never shows what a crash could undo.
// Large bookings take several steps, between which scrapes are answered.
import { setImmediate } from 'node:timers/promises'
import type { State } from '../core/state.js'
import type { Pricer } from '../core/pricing/pricing.js'
import type { Booked } from '../core/totals/totals.js'
import type { ParserPool } from '../worker/pool.js'

/** Responses per step, which takes some milliseconds. */
const STEP_SIZE = 2_000

export interface PublisherOptions {
  readonly state: State
  readonly commit: () => void
  /** Read on each step, because it can be reloaded. */
  readonly liveConfig: {
    readonly config: { readonly maxSeries: number }
    readonly prices: { readonly fingerprint: string }
    readonly pricer: Pricer
  }
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** False if the program ends after one pass. */
  readonly serving: boolean
  /** The reader of the output has also seen earlier output, from before the start, so a new series begins at 0. */
  readonly watched: boolean
  /** Called before history is committed: nobody could have seen its series at 0, so they begin at their value. */
  readonly historyBooked: () => void
  readonly pool: ParserPool | undefined
  /** `maxSeries`: the bound on series, if it was met. */
  readonly responsesBooked: (outcome: Booked, maxSeries: number | undefined) => void
  /** Responses per step. */
  readonly stepSize?: number | undefined
  readonly signal: AbortSignal
}

export interface Publisher {
  /** @param passComplete everything that was found has been read */
  readonly publish: (passComplete: boolean) => Promise<void>
  /** Whether a pass was complete, so that there is something to show. */
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
  /** Fingerprint of the prices of the last booking, possibly from before a restart. */
  let pricedWith = state.prices

  /** @param most maximum number of new responses to book */
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
    // Empty until every response has its final price, so that a program that starts from this state reprices
    // everything.
    state.prices = totals.repricing || totals.repriceAtMs < Infinity ? '' : prices.fingerprint
    if (!watched || (!complete && (!state.loaded || state.behind))) historyBooked()
    commit()
  }

  return {
    complete: () => complete,
    async publish(passComplete) {
      // An aborted first pass is forgotten: the rest of a half-read history would later look like spend.
      if (!passComplete && !complete && !state.loaded) return
      // Everything has been read; threads take a while to end.
      if (passComplete && !serving) pool?.rest()
      const much = complete && state.ledger.count - totals.booked > stepSize
      // The first commit of a large booking is by far the largest, because it writes everything that was joined.
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

// How far ahead of the clock a response's time is believed. Past that, its clock was wrong, or ours is: the response counts,
// but as one without a time, until our clock comes near.

/** A day: clocks that are set to the wrong zone are off by less. */
export const AHEAD_MS = 86_400_000

/** The latest time that is believed. Milliseconds since the epoch. */
export function lastBelieved(nowMs: number): number {
  return nowMs + AHEAD_MS
}

/** A response without a time (NaN) is never ahead. */
export function isAhead(timeMs: number, nowMs: number): boolean {
  return timeMs > lastBelieved(nowMs)
}

/** Tells, without a look at every response, whether the clock has passed the time of one of them, either way. */
export class Horizon {
  /** The latest time that was not ahead, and the earliest that was. */
  #within = -Infinity
  #beyond = Infinity

  note(timeMs: number, nowMs: number): void {
    if (isAhead(timeMs, nowMs)) this.#beyond = Math.min(this.#beyond, timeMs)
    else if (timeMs > this.#within) this.#within = timeMs
  }

  /** Whether at `nowMs` the same times are ahead as when they were noted. */
  holds(nowMs: number): boolean {
    return !isAhead(this.#within, nowMs) && isAhead(this.#beyond, nowMs)
  }
}

// How far ahead of the clock the time of a response is believed. Beyond that, one of the two clocks was wrong: the
// response counts, but as one without a time, until the clock comes near.

/** A day: clocks set to the wrong zone are off by less. */
export const AHEAD_MS = 86_400_000

/** The latest time that is believed, in milliseconds since the epoch. */
export function lastBelieved(nowMs: number): number {
  return nowMs + AHEAD_MS
}

/** A response without a time (NaN) is never ahead. */
export function isAhead(timeMs: number, nowMs: number): boolean {
  return timeMs > lastBelieved(nowMs)
}

/** Tells without a scan of all responses whether the clock has passed the time of one of them, in either direction. */
export class Horizon {
  /** The latest time that was not ahead, and the earliest that was. */
  #within = -Infinity
  #beyond = Infinity

  note(timeMs: number, nowMs: number): void {
    if (isAhead(timeMs, nowMs)) this.#beyond = Math.min(this.#beyond, timeMs)
    else if (timeMs > this.#within) this.#within = timeMs
  }

  /** Whether the same times are ahead at `nowMs` as when they were noted. */
  holds(nowMs: number): boolean {
    return !isAhead(this.#within, nowMs) && isAhead(this.#beyond, nowMs)
  }
}

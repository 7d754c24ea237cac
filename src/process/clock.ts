// The wall clock, which jumps when someone sets it, and the monotonic clock, which measures elapsed time.

export interface Clock {
  /** Milliseconds since the epoch; may jump either way. */
  readonly now: () => number
  /** Milliseconds since an arbitrary moment; never goes back. */
  readonly monotonic: () => number
}

/** Drift between the two clocks up to which neither counts as having been set. */
const SLACK_MS = 1_000

/**
 * Records the present moment and returns a function that gives it in milliseconds since the epoch. If the
 * wall clock turns out to have been ahead, the function subtracts the elapsed time from the current time, so that a
 * past moment never lies in the future.
 */
export function moment({ now, monotonic }: Clock): () => number {
  const atMs = now()
  const startMs = monotonic()
  return () => {
    const latestMs = now() - (monotonic() - startMs)
    return atMs > latestMs + SLACK_MS ? latestMs : atMs
  }
}

// The two clocks. The wall clock says what time it is, and jumps whenever someone sets it; only the other measures how
// much time has passed.

export interface Clock {
  /** Milliseconds since the epoch; may jump either way. */
  readonly now: () => number
  /** Milliseconds since any one moment; never goes back. */
  readonly monotonic: () => number
}

/** Clocks that nobody sets still differ by so much over months. */
const SLACK_MS = 1_000

/**
 * Notes the present moment, to be asked for later. If the wall clock turns out to have been ahead, the answer is as long ago as
 * the time that has passed since, so that no moment of the past lies in the future.
 */
export function moment({ now, monotonic }: Clock): () => number {
  const atMs = now()
  const startMs = monotonic()
  return () => {
    const latestMs = now() - (monotonic() - startMs)
    return atMs > latestMs + SLACK_MS ? latestMs : atMs
  }
}

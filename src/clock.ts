// The two clocks. The wall clock says what time it is, and jumps whenever someone sets it; only the other measures how
// much time has passed.

export interface Clock {
  /** Milliseconds since the epoch; may jump either way. */
  readonly now: () => number
  /** Milliseconds since any one moment; never goes back. */
  readonly monotonic: () => number
}

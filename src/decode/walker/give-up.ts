// The reason why a line is left to another engine, as an index of FALLBACK_REASONS.

export let reason: u32 = 0

/** Sets the reason. Returns 0, which means "no address to continue from". */
export function giveUp(why: u32): usize {
  reason = why
  return 0
}

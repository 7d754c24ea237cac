// Why a line is left to another engine: a number of FALLBACK_REASONS.

export let reason: u32 = 0

/** Answers 0, which stands for "no place to go on from". */
export function giveUp(why: u32): usize {
  reason = why
  return 0
}

// Why a line is left to the other engine. The numbers are places in GIVE_UP_REASONS of core/give-up.ts.

export const MALFORMED: u32 = 0
export const ODD_OUTSIDE: u32 = 1
export const ESCAPED_KEY: u32 = 2
export const ODD_TEXT: u32 = 3
export const ODD_NUMBER: u32 = 4
export const ODD_TIME: u32 = 5
export const TWICE: u32 = 6
export const TOO_DEEP: u32 = 7
export const ITERATION: u32 = 8
export const WEB_SEARCH: u32 = 9
export const SEARCH_COUNT: u32 = 10
export const NO_ID: u32 = 11
export const EXCESS: u32 = 12

export let reason: u32 = 0

/** Answers 0, which stands for "no place to go on from". */
export function giveUp(why: u32): usize {
  reason = why
  return 0
}

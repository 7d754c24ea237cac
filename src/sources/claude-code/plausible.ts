// What one response of Claude can come to at most, besides its tokens. No API wrote a line that says more.
import { isPlausible as canBeOneResponse } from '../plausible.js'
import { sumOf, type Tokens } from './usage-numbers.js'

/** Compactions and advisor passes of one response, and searches with a tool. */
export const MOST_PASSES = 1_024
/** Web searches that a response or a tool result may report. */
export const MOST_SEARCHES = 10_000

/** Of a response as its line tells it: what its passes took counts as its own. */
export function isPlausible(passes: readonly Tokens[], searches: number, tools: number): boolean {
  // The response itself is the first.
  if (passes.length - 1 > MOST_PASSES || tools > MOST_PASSES || searches > MOST_SEARCHES) return false
  return canBeOneResponse(passes.length === 1 ? passes[0]! : sumOf(passes))
}

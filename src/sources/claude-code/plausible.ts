// Upper limits for one response of Claude, besides those for tokens. No API response exceeds them.
import { isPlausible as canBeOneResponse } from '../plausible.js'
import { sumOf, type Tokens } from './usage-numbers.js'

/** Maximum number of compactions and advisor passes of one response, and of its search tools. */
export const MOST_PASSES = 1_024
/** Maximum number of web searches that a response or a tool result may report. */
export const MOST_SEARCHES = 10_000

/** @param passes tokens of the response itself, then of its passes; their sum must be possible for one response */
export function isPlausible(passes: readonly Tokens[], searches: number, tools: number): boolean {
  if (passes.length - 1 > MOST_PASSES || tools > MOST_PASSES || searches > MOST_SEARCHES) return false
  return canBeOneResponse(passes.length === 1 ? passes[0]! : sumOf(passes))
}

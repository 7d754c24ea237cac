// What one response of Claude can come to at most. No API wrote a line that says more, and a counter that never falls
// would show its billions for ever.
import { sumOf, type Tokens } from './usage-numbers.js'

/** A context window of a million tokens is read again by each pass of a response with tools: a hundred times. */
const MOST_PROMPT_TOKENS = 100_000_000
/** A pass answers with 128,000 tokens at most: again a hundred and more. */
export const MOST_OUTPUT_TOKENS = 2 ** 24
/** Compactions and advisor passes of one response, and searches with a tool. */
export const MOST_PASSES = 1_024
/** Web searches that a response or a tool result may report. */
export const MOST_SEARCHES = 10_000

/** Of a response as its line tells it: what its passes took counts as its own. */
export function isPlausible(passes: readonly Tokens[], searches: number, tools: number): boolean {
  // The response itself is the first.
  if (passes.length - 1 > MOST_PASSES || tools > MOST_PASSES || searches > MOST_SEARCHES) return false
  const { input, output, cacheRead, cacheWrite5m, cacheWrite1h } = passes.length === 1 ? passes[0]! : sumOf(passes)
  return output <= MOST_OUTPUT_TOKENS && Math.max(input, cacheRead, cacheWrite5m, cacheWrite1h) <= MOST_PROMPT_TOKENS
}

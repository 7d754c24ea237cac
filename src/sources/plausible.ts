// Upper limits for one response of any model. No API has returned more, and a counter that never falls would show such
// billions for ever.
import type { TokenCounts } from '../core/schema.js'

/** A context window of a million tokens, reread by a hundred passes. */
const MOST_PROMPT_TOKENS = 100_000_000
/** More than a hundred answers of 128,000 tokens. */
export const MOST_OUTPUT_TOKENS = 2 ** 24
/** No response costs as much, in dollars: a log that says so is wrong. */
export const MOST_COST = 10_000

/** Whether a response can have used that many tokens: at most 2^24 of output, and 100 million of each other class. */
export function isPlausible({ input, output, cacheRead, cacheWrite5m, cacheWrite1h }: TokenCounts): boolean {
  return output <= MOST_OUTPUT_TOKENS && Math.max(input, cacheRead, cacheWrite5m, cacheWrite1h) <= MOST_PROMPT_TOKENS
}

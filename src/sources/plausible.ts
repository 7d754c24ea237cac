// What one response of any model can come to at most. No API answered with more, and a counter that never falls would show
// such billions for ever.
import type { TokenCounts } from '../core/schema.js'

/** A context window of a million tokens, read again by a hundred passes. */
const MOST_PROMPT_TOKENS = 100_000_000
/** A hundred answers of 128,000 tokens, and more. */
export const MOST_OUTPUT_TOKENS = 2 ** 24
/** One response costs less: a log that says more is wrong. In dollars. */
export const MOST_COST = 10_000

/** Whether a response can have used so many tokens: at most 2^24 of output, and 100 million of each other class. */
export function isPlausible({ input, output, cacheRead, cacheWrite5m, cacheWrite1h }: TokenCounts): boolean {
  return output <= MOST_OUTPUT_TOKENS && Math.max(input, cacheRead, cacheWrite5m, cacheWrite1h) <= MOST_PROMPT_TOKENS
}

// What one response of Claude can come to at most. A line that tells more was written by no API: a counter that never falls
// would show its billions for ever.

/** Token counts, each class by itself. */
export interface Tokens {
  readonly input: number
  readonly output: number
  readonly cacheRead: number
  readonly cacheWrite5m: number
  readonly cacheWrite1h: number
}

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
  const sum = (count: (tokens: Tokens) => number): number => passes.reduce((total, tokens) => total + count(tokens), 0)
  return (
    sum(({ output }) => output) <= MOST_OUTPUT_TOKENS &&
    sum(({ input }) => input) <= MOST_PROMPT_TOKENS &&
    sum(({ cacheRead }) => cacheRead) <= MOST_PROMPT_TOKENS &&
    sum(({ cacheWrite5m }) => cacheWrite5m) <= MOST_PROMPT_TOKENS &&
    sum(({ cacheWrite1h }) => cacheWrite1h) <= MOST_PROMPT_TOKENS
  )
}

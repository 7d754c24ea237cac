// The five counts of a usage object, as they stand in the log: cached and written tokens are part of `input`, reasoning is
// part of `output` (codex-logs 2.2). `total_tokens` is no count: in estimates it is the only one above 0.
import type { TokenCounts } from '../../core/schema.js'
import type { Fields } from '../json.js'

/** Input, cached, cache write, output, reasoning: integers from 0 to 2^53 - 1. */
export type Counts = readonly [input: number, cached: number, written: number, output: number, reasoning: number]

export const NOTHING: Counts = [0, 0, 0, 0, 0]

export function countsOf(usage: Fields): Counts {
  return [
    count(usage.input_tokens),
    count(usage.cached_input_tokens),
    count(usage.cache_write_input_tokens),
    count(usage.output_tokens),
    count(usage.reasoning_output_tokens),
  ]
}

/** Anything but a finite number above 0 is 0. A thread's running total may exceed 32 bits. */
function count(value: unknown): number {
  if (typeof value !== 'number' || !(value > 0) || value === Infinity) return 0
  return Math.min(Math.trunc(value), Number.MAX_SAFE_INTEGER)
}

export function isSame(a: Counts, b: Counts): boolean {
  return a[0] === b[0] && a[1] === b[1] && a[2] === b[2] && a[3] === b[3] && a[4] === b[4]
}

/** What is left of `a` without `b`; undefined where `b` has more of anything. */
export function difference(a: Counts, b: Counts): Counts | undefined {
  if (a[0] < b[0] || a[1] < b[1] || a[2] < b[2] || a[3] < b[3] || a[4] < b[4]) return undefined
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2], a[3] - b[3], a[4] - b[4]]
}

/** Whether a model was asked or answered. */
export function hasTokens([input, , , output]: Counts): boolean {
  return input > 0 || output > 0
}

/** As classes that do not overlap (codex-logs 4.6). What OpenAI writes to its cache lives for half an hour. */
export function tokensOf([input, cached, written, output]: Counts): TokenCounts {
  const cacheRead = Math.min(cached, input)
  const cacheWrite5m = Math.min(written, input - cacheRead)
  return { input: input - cacheRead - cacheWrite5m, output, cacheRead, cacheWrite5m, cacheWrite1h: 0 }
}

export const MOST_PROMPT_TOKENS = 100_000_000
export const MOST_OUTPUT_TOKENS = 2 ** 24

/** No response comes to more, and a counter that never falls would show its billions for ever. */
export function isPlausible([input, , , output]: Counts): boolean {
  return input <= MOST_PROMPT_TOKENS && output <= MOST_OUTPUT_TOKENS
}

// The token counts of a usage object, and its fields that change the price (claude-code-logs 2.2, 5.2).
import { tokenCount } from '../../core/schema.js'
import { fields, type Fields } from '../json.js'

/** Tokens by class: integers from 0 to 2^32 - 1. */
export type Tokens = Readonly<Record<'input' | 'output' | 'cacheRead' | 'cacheWrite5m' | 'cacheWrite1h', number>>

export interface UsageNumbers extends Tokens {
  readonly fast: boolean
  readonly geoUs: boolean
  readonly batch: boolean
}

export function usageNumbers(usage: Fields): UsageNumbers {
  const split = fields(usage.cache_creation)
  const cacheWrite1h = tokenCount(split?.ephemeral_1h_input_tokens)
  const split5m = tokenCount(split?.ephemeral_5m_input_tokens)
  return {
    input: tokenCount(usage.input_tokens),
    output: tokenCount(usage.output_tokens),
    cacheRead: tokenCount(usage.cache_read_input_tokens),
    // Tokens that the split does not cover were written for 5 minutes (claude-code-logs 5.2).
    cacheWrite5m: Math.max(tokenCount(usage.cache_creation_input_tokens) - cacheWrite1h, split5m),
    cacheWrite1h,
    fast: usage.speed === 'fast',
    geoUs: usage.inference_geo === 'us',
    batch: usage.service_tier === 'batch',
  }
}

export function sumOf(all: readonly Tokens[]): Tokens {
  const sum = (count: (tokens: Tokens) => number): number => all.reduce((total, tokens) => total + count(tokens), 0)
  return {
    input: sum(({ input }) => input),
    output: sum(({ output }) => output),
    cacheRead: sum(({ cacheRead }) => cacheRead),
    cacheWrite5m: sum(({ cacheWrite5m }) => cacheWrite5m),
    cacheWrite1h: sum(({ cacheWrite1h }) => cacheWrite1h),
  }
}

export function hasTokens({ input, output, cacheRead, cacheWrite5m, cacheWrite1h }: Tokens): boolean {
  return input + output + cacheRead + cacheWrite5m + cacheWrite1h > 0
}

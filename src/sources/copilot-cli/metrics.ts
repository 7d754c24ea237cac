// The metrics of one model in a snapshot (other-agents 5.2, 5.3).
import { tokenCount, type TokenCounts } from '../../core/schema.js'
import { fields, type Fields } from '../json.js'
import { MOST_COST, isPlausible } from '../plausible.js'

/** Maximum of a session: one per second for more than a day. */
const MOST_REQUESTS = 100_000
/** Maximum cost of a session, in US dollars. */
const MOST_BILL = 100_000
/** A nano-AIU is worth 1e-11 US dollars. */
const NANO_AIU_PER_NANO_DOLLAR = 100

export interface Metrics {
  /** At least 1. */
  readonly requests: number
  /** Undefined if all counts are 0. */
  readonly tokens: TokenCounts | undefined
  /** Billed amount in nano-dollars; 0 if the log does not state one, for example with a user's own key. */
  readonly costNanos: number
}

export function metricsOf(logged: Fields): Metrics {
  const requests = Math.max(1, tokenCount(fields(logged.requests)?.count))
  return {
    requests,
    // `tokenDetails` is what was billed; `usage` lacks compactions.
    tokens: billedTokens(fields(logged.tokenDetails) ?? {}) ?? usedTokens(fields(logged.usage) ?? {}),
    costNanos: billedNanos(logged.totalNanoAiu, requests),
  }
}

function billedNanos(totalNanoAiu: unknown, requests: number): number {
  const nanos = typeof totalNanoAiu === 'number' ? totalNanoAiu / NANO_AIU_PER_NANO_DOLLAR : 0
  return nanos <= Math.min(requests * MOST_COST, MOST_BILL) * 1e9 ? nanos : 0
}

function billedTokens(details: Fields): Metrics['tokens'] {
  const of = (type: string): number => tokenCount(fields(details[type])?.tokenCount)
  return unlessNone({
    input: of('input'),
    output: of('output'),
    cacheRead: of('cache_read'),
    cacheWrite5m: of('cache_write'),
    cacheWrite1h: 0,
  })
}

function usedTokens(usage: Fields): Metrics['tokens'] {
  const cacheRead = tokenCount(usage.cacheReadTokens)
  const cacheWrite5m = tokenCount(usage.cacheWriteTokens)
  return unlessNone({
    // `inputTokens` includes both cache classes.
    input: Math.max(0, tokenCount(usage.inputTokens) - cacheRead - cacheWrite5m),
    output: tokenCount(usage.outputTokens),
    cacheRead,
    cacheWrite5m,
    cacheWrite1h: 0,
  })
}

function unlessNone(tokens: TokenCounts): Metrics['tokens'] {
  return Object.values(tokens).some((count) => count > 0) ? tokens : undefined
}

/** Whether a session can have made this many requests with these tokens; each request takes at least one token. */
export function arePlausible(tokens: TokenCounts, requests: number): boolean {
  if (requests > MOST_REQUESTS || requests > Object.values(tokens).reduce((sum, count) => sum + count, 0)) return false
  const ofOne = Object.entries(tokens).map(([type, count]) => [type, count / requests])
  return isPlausible(Object.fromEntries(ofOne) as TokenCounts)
}

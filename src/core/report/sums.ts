// Sums of responses. All amounts are integers, so that sums do not depend on their order.
import type { CostOrigin } from '../pricing/cost-origin.js'
import { TOKENS, type TokenClass } from '../schema.js'
import type { CountedResponse } from '../totals/responses.js'

export type Sums = Record<TokenClass, number> & {
  requests: number
  webSearches: number
  nanos: number
  /** The part of `nanos` that comes from logs. */
  loggedNanos: number
  /** Tokens of responses without any cost: their model has no price, and the log states none. */
  unpricedTokens: number
}

export function noSums(): Sums {
  return {
    input: 0,
    output: 0,
    cacheRead: 0,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    requests: 0,
    webSearches: 0,
    nanos: 0,
    loggedNanos: 0,
    unpricedTokens: 0,
  }
}

export function addResponse(sums: Sums, response: Readonly<CountedResponse>, origin: CostOrigin): void {
  for (const { name } of TOKENS) sums[name] += response[name]
  sums.requests += response.requests
  sums.webSearches += response.webSearches
  sums.nanos += response.nanos
  if (origin === 'log') sums.loggedNanos += response.nanos
  if (origin === 'none') sums.unpricedTokens += allTokens(response)
}

export function allTokens(counts: Readonly<Record<TokenClass, number>>): number {
  return TOKENS.reduce((sum, { name }) => sum + counts[name], 0)
}

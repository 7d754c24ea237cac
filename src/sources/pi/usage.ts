// The `usage` of an entry: tokens by class, and what the agent says they cost (other-agents 1.2).
import { tokenCount, type TokenCounts } from '../../core/schema.js'
import { isPlausible } from '../plausible.js'
import { fields, type Fields } from '../json.js'

export interface Usage {
  readonly tokens: TokenCounts
  /** Both kinds of cache writes, as the log counts them. */
  readonly cacheWrite: number
  /** In nano-dollars, by the prices that the agent was built with; 0: it knew none (other-agents 1.3). */
  readonly costNanos: number
}

/** One response costs less: a log that says more is wrong. In dollars. */
const MOST_COST = 10_000

/** undefined: the entry has none. */
export function usageOf(value: unknown): Usage | undefined {
  const usage = fields(value)
  if (usage === undefined) return undefined
  const cacheWrite = tokenCount(usage.cacheWrite)
  const cacheWrite1h = tokenCount(usage.cacheWrite1h)
  const tokens = {
    input: tokenCount(usage.input),
    output: tokenCount(usage.output),
    cacheRead: tokenCount(usage.cacheRead),
    // The total contains what was written for an hour.
    cacheWrite5m: Math.max(0, cacheWrite - cacheWrite1h),
    cacheWrite1h,
  }
  return { tokens, cacheWrite, costNanos: costNanos(fields(usage.cost)) }
}

/** Why it does not count, if it does not. */
export function faultOf({ tokens }: Usage): 'no_tokens' | 'implausible' | undefined {
  if (Object.values(tokens).every((count) => count === 0)) return 'no_tokens'
  return isPlausible(tokens) ? undefined : 'implausible'
}

function costNanos(cost: Fields | undefined): number {
  const total = cost?.total
  return typeof total === 'number' && total > 0 && total <= MOST_COST ? Math.round(total * 1e9) : 0
}

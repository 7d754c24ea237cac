// The `usage` of an entry: tokens by class, and the agent's own cost (other-agents 1.2). Oh My Pi has additional
// fields.
import { tokenCount, type TokenCounts } from '../../core/schema.js'
import { MOST_COST, isPlausible } from '../plausible.js'
import { fields, type Fields } from '../json.js'

export interface Usage {
  readonly tokens: TokenCounts
  /** As the log counts them: both kinds of cache writes are one class. They are part of names. */
  readonly counts: readonly [input: number, output: number, cacheRead: number, cacheWrite: number]
  readonly searches: number
  /** In nano-dollars, at the prices with which the agent was built; 0: it knew none (other-agents 1.3). */
  readonly costNanos: number
}

const MOST_SEARCHES = 10_000

/** Undefined if the entry has none. */
export function usageOf(value: unknown): Usage | undefined {
  const usage = fields(value)
  if (usage === undefined) return undefined
  const input = tokenCount(usage.input)
  const output = tokenCount(usage.output)
  const cacheRead = tokenCount(usage.cacheRead)
  const cacheWrite = tokenCount(usage.cacheWrite)
  // pi and Oh My Pi use different names for the part written for an hour.
  const cacheWrite1h = tokenCount(usage.cacheWrite1h ?? fields(usage.cttl)?.ephemeral1h)
  // Tokens of a provider's own orchestration are billed, and not included in the counts above; only Oh My Pi logs them.
  const besides = fields(usage.orchestration)
  return {
    counts: [input, output, cacheRead, cacheWrite],
    tokens: {
      input: input + tokenCount(besides?.input),
      output: output + tokenCount(besides?.output),
      cacheRead: cacheRead + tokenCount(besides?.cacheRead),
      cacheWrite5m: Math.max(0, cacheWrite - cacheWrite1h),
      cacheWrite1h,
    },
    searches: tokenCount(fields(usage.server)?.webSearch),
    costNanos: costNanos(fields(usage.cost)),
  }
}

/** Why it does not count, if so. */
export function faultOf({ tokens, searches }: Usage): 'no_tokens' | 'implausible' | undefined {
  if (Object.values(tokens).every((count) => count === 0)) return 'no_tokens'
  return isPlausible(tokens) && searches <= MOST_SEARCHES ? undefined : 'implausible'
}

function costNanos(cost: Fields | undefined): number {
  const total = cost?.total
  return typeof total === 'number' && total > 0 && total <= MOST_COST ? Math.round(total * 1e9) : 0
}

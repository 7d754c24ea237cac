// The `tokens` of a message as disjoint classes (other-agents 2.2).
import { tokenCount, type TokenCounts } from '../../core/schema.js'
import type { Fields } from '../json.js'

/**
 * `input` includes the cached part of a prompt; `tool` holds the tokens added by tools, which are never cached;
 * thoughts are separate from the output. If only another interpretation makes the counts add up to the total, that one
 * is used.
 */
export function tokensOf(logged: Fields): TokenCounts {
  const prompt = tokenCount(logged.input)
  const answer = tokenCount(logged.output)
  const cacheRead = tokenCount(logged.cached)
  const thoughts = tokenCount(logged.thoughts)
  const tool = tokenCount(logged.tool)
  const total = tokenCount(logged.total)
  const thoughtsInside = thoughts > 0 && (total === prompt + answer || total === prompt + answer + tool)
  const cachedApart = cacheRead > 0 && total === prompt + cacheRead + answer + thoughts + tool
  return {
    input: (cachedApart ? prompt : Math.max(0, prompt - cacheRead)) + tool,
    output: thoughtsInside ? answer : answer + thoughts,
    cacheRead,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
  }
}

// Billed searches that are reported only on the result line of a WebSearch call (claude-code-logs 5.6).
import { isObject, type JsonObject } from './objects.js'
import { count, trimmed } from './record.js'
import { timestampMs } from './timestamp.js'

export interface SearchResult {
  readonly call: string
  readonly searches: number
  readonly timestampMs: number | undefined
}

/** The result on a user line with exactly one tool result, if it reports searches. */
export function searchResultOf(object: JsonObject): SearchResult | undefined {
  if (object.type !== 'user' || !isObject(object.toolUseResult) || !isObject(object.message)) return undefined
  const searches = count(object.toolUseResult.searchCount)
  const content: unknown = object.message.content
  const results = Array.isArray(content) ? content.filter(isObject).filter((block) => block.type === 'tool_result') : []
  const call = trimmed(results[0]?.tool_use_id)
  if (results.length !== 1 || call === '' || searches === 0 || searches > 10_000) return undefined
  return { call, searches, timestampMs: timestampMs(object.timestamp) }
}

/** Searches of each call, from its earliest line; among equally early ones, from that with most searches. */
export function searchesPerCall(results: readonly SearchResult[]): Map<string, number> {
  const time = (result: SearchResult) => result.timestampMs ?? Infinity
  const lateFirst = [...results].sort((a, b) => (time(b) === time(a) ? a.searches - b.searches : time(b) - time(a)))
  return new Map(lateFirst.map(({ call, searches }) => [call, searches]))
}

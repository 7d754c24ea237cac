// The usage on one line: the response itself and its advisor passes (claude-code-logs 2.2, 3.3, 4, 5.2, 5.7).
import { isObject, type JsonObject } from './objects.js'
import { timestampMs } from './timestamp.js'
import type { Line } from './transcripts.js'
import type { Billable } from './prices.js'

export interface Usage extends Billable {
  readonly sidechain: boolean
}

/** Key of claude-code-logs 3.3. A shadow (case B′) has only a request id and belongs to the response with that id. */
export interface Key {
  readonly text: string
  readonly kind: 'A' | 'B' | 'shadow' | 'C' | 'D' | 'E'
  /** Request id that connects cases A, B and shadows. */
  readonly requestId: string | undefined
}

export interface UsageRecord {
  readonly key: Key
  /** Index among the advisor elements of the line; undefined for the response itself. */
  readonly advisor: number | undefined
  readonly usage: Usage
  readonly line: Line
  readonly timestampMs: number | undefined
  /** Searches that the line reports, and the WebSearch calls whose results may report them. */
  readonly webSearches: number
  readonly searchCalls: readonly string[]
}

const LARGEST_COUNT = 4_294_967_295

/** @param ordinal index of the object on its line @returns nothing if the object is not a usage line */
export function recordsOf(object: JsonObject, line: Line, ordinal: number): UsageRecord[] {
  const spoken = assistantOf(object)
  if (!spoken) return []
  const { said, sidechain, at } = spoken
  const { message } = said
  if (!isObject(message) || !isObject(message.usage)) return []
  const model = trimmed(message.model)
  if (model === '<synthetic>') return []

  const { usage } = message
  const shared = { us: usage.inference_geo === 'us', batch: usage.service_tier === 'batch', sidechain }
  const iterations = Array.isArray(usage.iterations) ? usage.iterations.filter(isObject) : []
  const compactions = iterations.filter((one) => one.type === 'compaction')
  const own: Usage = {
    ...shared,
    ...[usage, ...compactions].map(tokensOf).reduce(sum),
    model,
    fast: usage.speed === 'fast',
    refused: message.stop_reason === 'refusal',
  }
  if (!plausible(usage, iterations, searchCallsOf(message.content).length)) return []
  // Before compactions are added, because an earlier snapshot of the response does not have them yet.
  const key = keyOf(said, message, tokensOf(usage), line, ordinal)
  const base = { key, line, timestampMs: at }
  const records: UsageRecord[] = [
    {
      ...base,
      advisor: undefined,
      usage: own,
      webSearches: isObject(usage.server_tool_use) ? count(usage.server_tool_use.web_search_requests) : 0,
      searchCalls: searchCallsOf(message.content),
    },
  ]
  iterations
    .filter((one) => one.type === 'advisor_message')
    .forEach((one, advisor) => {
      const theirs: Usage = {
        ...shared,
        ...tokensOf(one),
        model: trimmed(one.model) || model,
        fast: (trimmed(one.speed) || usage.speed) === 'fast',
        refused: false,
      }
      if (theirs.model !== '<synthetic>')
        records.push({ ...base, advisor, usage: theirs, webSearches: 0, searchCalls: [] })
    })
  return records.filter((record) => tokens(record.usage) > 0)
}

/** Sum of all tokens of a usage. */
export function tokens(usage: Tokens): number {
  return usage.input + usage.output + usage.cacheWrite5m + usage.cacheWrite1h + usage.cacheRead
}

/** A finite number above 0 as an integer that fits 32 bits; anything else is 0. */
export function count(value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0) return 0
  return Math.min(Math.trunc(value), LARGEST_COUNT)
}

export function trimmed(value: unknown): string {
  return typeof value === 'string' ? value.trim() : ''
}

type Tokens = Pick<Usage, 'input' | 'output' | 'cacheWrite5m' | 'cacheWrite1h' | 'cacheRead'>

/** The assistant line itself, or the sub-agent's line in a progress line. */
function assistantOf(object: JsonObject) {
  if (object.isApiErrorMessage === true) return undefined
  if (object.type === 'assistant') {
    return { said: object, sidechain: object.isSidechain === true, at: timestampMs(object.timestamp) }
  }
  if (object.type !== 'progress' || !isObject(object.data) || !isObject(object.data.message)) return undefined
  const said = object.data.message
  if (said.type !== 'assistant' || said.isApiErrorMessage === true) return undefined
  return { said, sidechain: true, at: timestampMs(said.timestamp) ?? timestampMs(object.timestamp) }
}

function keyOf(said: JsonObject, message: JsonObject, usage: Tokens, line: Line, ordinal: number): Key {
  const id = trimmed(message.id)
  const requestId = trimmed(said.requestId) || undefined
  const uuid = trimmed(said.uuid)
  if (id.startsWith('msg_')) return { kind: 'A', text: text('A', id), requestId }
  if (id !== '' && requestId !== undefined) {
    if (id === uuid) return { kind: 'shadow', text: text('shadow', requestId), requestId }
    return { kind: 'B', text: text('B', id, requestId), requestId }
  }
  const { path, session } = line.place
  const written = usage.cacheWrite5m + usage.cacheWrite1h
  if (id !== '') {
    return {
      kind: 'C',
      text: text('C', session, id, usage.input, written, usage.cacheRead),
      requestId: undefined,
    }
  }
  if (uuid !== '') return { kind: 'D', text: text('D', uuid), requestId: undefined }
  return { kind: 'E', text: text('E', path, line.offset, ordinal), requestId: undefined }
}

function text(...parts: readonly (string | number)[]): string {
  return JSON.stringify(parts)
}

function tokensOf(usage: JsonObject): Tokens {
  const nested = isObject(usage.cache_creation) ? usage.cache_creation : {}
  const split5m = count(nested.ephemeral_5m_input_tokens)
  const cacheWrite1h = count(nested.ephemeral_1h_input_tokens)
  const written = Math.max(count(usage.cache_creation_input_tokens), split5m + cacheWrite1h)
  return {
    input: count(usage.input_tokens),
    output: count(usage.output_tokens),
    cacheWrite5m: written - cacheWrite1h,
    cacheWrite1h,
    cacheRead: count(usage.cache_read_input_tokens),
  }
}

function sum(a: Tokens, b: Tokens): Tokens {
  return {
    input: Math.min(a.input + b.input, LARGEST_COUNT),
    output: Math.min(a.output + b.output, LARGEST_COUNT),
    cacheWrite5m: Math.min(a.cacheWrite5m + b.cacheWrite5m, LARGEST_COUNT),
    cacheWrite1h: Math.min(a.cacheWrite1h + b.cacheWrite1h, LARGEST_COUNT),
    cacheRead: Math.min(a.cacheRead + b.cacheRead, LARGEST_COUNT),
  }
}

/** Whether the usage on a line, including separately billed passes, is plausible for one response. */
function plausible(usage: JsonObject, iterations: readonly JsonObject[], searchCalls: number): boolean {
  const billed = iterations.filter(({ type }) => type === 'compaction' || type === 'advisor_message')
  const { output, ...prompt } = [usage, ...billed].map(tokensOf).reduce(sum)
  const searches = isObject(usage.server_tool_use) ? count(usage.server_tool_use.web_search_requests) : 0
  return (
    output <= 16_777_216 &&
    Object.values(prompt).every((tokens) => tokens <= 100_000_000) &&
    Math.max(billed.length, searchCalls) <= 1024 &&
    searches <= 10_000
  )
}

function searchCallsOf(content: unknown): string[] {
  if (!Array.isArray(content)) return []
  return content
    .filter(isObject)
    .filter((block) => block.type === 'tool_use' && block.name === 'WebSearch')
    .map((block) => trimmed(block.id))
    .filter((id) => id !== '')
}

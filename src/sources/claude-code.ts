// Claude Code: transcripts below `projects/`, and what their lines mean (claude-code-logs 1 to 4).
// Only `assistant` lines count, and `progress` lines that hold one; every other line and every unknown field is passed over.
import type { BatchBuilder } from '../core/batch.js'
import { KEY_TAG, KeyHash, type KeyTag } from '../core/hash.js'
import { placeName } from '../core/places.js'
import { COLUMN, DOUBLE_COLUMN, FLAG, addTokens, scratchRow, tokenCount, tokenSum } from '../core/usage.js'
import type { LineReader, UsageLine, UsageNumbers } from '../decode/decoder.js'
import { parseTimestamp } from './timestamp.js'
import type { Findings, Source, Transcript } from './source.js'
import { projectOfDirectory } from './worktree.js'

export const claudeCode: Source = {
  agent: 'claude-code',
  // Not `"usage":{`, which a writer that adds a space would escape. All that counts stands in a line that names both.
  prefilters: [{ find: '"usage"', and: '"assistant"' }, { find: '"searchCount"' }],
  walkable: true,
  roots: (configDir) => [`${configDir}/projects`, ...(/(^|[\\/])projects[\\/]?$/.test(configDir) ? [configDir] : [])],
  entersDirectory: (name) => name !== 'tool-results' && name !== 'memory',
  locate(path) {
    const name = path.at(-1)
    const slug = path[0]
    if (name === undefined || slug === undefined || path.length < 2) return undefined
    if (!name.endsWith('.jsonl') || name === 'journal.jsonl') return undefined
    if (path.length === 2) return { slug, session: name.slice(0, -'.jsonl'.length), nested: name.startsWith('agent-') }
    const subagents = path.indexOf('subagents')
    return { slug, session: path[subagents > 1 ? subagents - 1 : 1]!, nested: true }
  },
  projectOf: projectOfDirectory,
  open: (transcript, batch, findings) => createReader(transcript, batch, findings),
}

type Fields = Readonly<Record<string, unknown>>

// Of the line being read, whatever the file: lines are read one by one.
const record = scratchRow()
const key = new KeyHash()
const request = new KeyHash()
const toolKey = new KeyHash()
/** Lines of one response follow each other: what their ids came to is kept. */
const lastMessage = { id: '', lo: 0, hi: 0 }
const lastRequest = { id: '', lo: 0, hi: 0 }

function createReader(transcript: Transcript, batch: BatchBuilder, findings: Findings): LineReader {
  const { session, nested, path } = transcript
  const place = batch.texts.intern(placeName(claudeCode.agent, transcript.slug, session))
  let wantsCwd = transcript.wantsCwd

  /** Sets `key` and `request` for a line, and answers the key's own flag (claude-code-logs 3.3). */
  function setKeys(line: UsageLine): number {
    const { messageId: id, requestId } = line
    if (requestId === '') request.lo = request.hi = 0
    else hashId(requestId, KEY_TAG.request, request, lastRequest)
    if (id.startsWith('msg_')) {
      hashId(id, KEY_TAG.message, key, lastMessage)
      return 0
    }
    // Not asked for before: engines make it only when asked.
    const { uuid, offset } = line
    if (id !== '' && requestId !== '' && id === uuid) {
      key.lo = request.lo
      key.hi = request.hi
      request.lo = request.hi = 0
      return FLAG.requestOnly
    } else if (id !== '' && requestId !== '') key.start(KEY_TAG.messageAndRequest).text(id).text(requestId).finish()
    else {
      request.lo = request.hi = 0
      if (id !== '') {
        const cacheWrites = record.words[COLUMN.cacheWrite5m]! + record.words[COLUMN.cacheWrite1h]!
        key.start(KEY_TAG.sessionScoped).text(session).text(id)
        key.number(record.words[COLUMN.input]!).number(cacheWrites).number(record.words[COLUMN.cacheRead]!).finish()
      } else if (uuid !== '') key.start(KEY_TAG.line).text(uuid).finish()
      else key.start(KEY_TAG.position).text(path).number(offset).finish()
    }
    return 0
  }

  /** Writes the record's token columns. */
  function setTokens(usage: UsageNumbers): void {
    const { words } = record
    words[COLUMN.input] = usage.input
    words[COLUMN.output] = usage.output
    words[COLUMN.cacheRead] = usage.cacheRead
    words[COLUMN.cacheWrite1h] = usage.cacheCreation1h
    words[COLUMN.cacheWrite5m] = cacheWrites5m(usage)
  }

  /**
   * Adds what a line tells. `iterations` and `content` are what the message holds under these names; engines that hand
   * over a line without them have made sure that nothing in them counts.
   */
  function take(line: UsageLine, iterations: readonly (Fields | undefined)[], content: unknown): void {
    if (line.model === '<synthetic>') {
      findings.skip('synthetic')
      return
    }
    if (line.apiError) {
      findings.skip('api_error')
      return
    }
    const { words, doubles } = record
    setTokens(line.usage)
    // The key is made from what the line says before a compaction is added: earlier snapshots do not have that yet.
    const keyFlag = setKeys(line)
    for (const element of iterations) if (element?.type === 'compaction') addCompaction(usageNumbers(element))

    doubles[DOUBLE_COLUMN.time] = line.time
    const { fast, geoUs, batch: batchTier } = line.usage
    const common =
      keyFlag |
      (line.sidechain ? FLAG.sidechain : 0) |
      (nested ? FLAG.nestedOrigin : 0) |
      (geoUs ? FLAG.geoUs : 0) |
      (batchTier ? FLAG.batch : 0)
    const model = batch.texts.intern(line.model)
    let counted = false
    if (tokenSum(words, 0) > 0) {
      counted = true
      words[COLUMN.keyLow] = key.lo
      words[COLUMN.keyHigh] = key.hi
      words[COLUMN.flags] = common | (fast ? FLAG.fast : 0) | (line.refused ? FLAG.refused : 0)
      words[COLUMN.searches] = line.webSearches
      batch.add(record, model, place, request.lo, request.hi)
      noteWebSearchTools(content)
    }
    if (iterations.length > 0) counted = addAdvisors(iterations, line.usage, common, model) || counted
    if (!counted) findings.skip('no_tokens')
  }

  /** Server-side compaction is billed with the response and is not in its top-level counts (claude-code-logs 5.7). */
  function addCompaction(usage: UsageNumbers): void {
    const { words } = record
    words[COLUMN.input] = addTokens(words[COLUMN.input]!, usage.input)
    words[COLUMN.output] = addTokens(words[COLUMN.output]!, usage.output)
    words[COLUMN.cacheRead] = addTokens(words[COLUMN.cacheRead]!, usage.cacheRead)
    words[COLUMN.cacheWrite5m] = addTokens(words[COLUMN.cacheWrite5m]!, cacheWrites5m(usage))
    words[COLUMN.cacheWrite1h] = addTokens(words[COLUMN.cacheWrite1h]!, usage.cacheCreation1h)
  }

  /** Advisor passes are responses of their own, keyed by the response and their number (claude-code-logs 5.7). */
  function addAdvisors(iterations: readonly (Fields | undefined)[], usage: UsageNumbers, common: number, lineModel: number): boolean {
    let ordinal = 0
    let counted = false
    const { words } = record
    const response = { lo: key.lo, hi: key.hi }
    const responseRequest = { lo: request.lo, hi: request.hi }
    for (const element of iterations) {
      if (element?.type !== 'advisor_message') continue
      ordinal += 1
      setTokens(usageNumbers(element))
      if (tokenSum(words, 0) === 0) continue
      counted = true
      advisorKey(key, response, ordinal)
      words[COLUMN.keyLow] = key.lo
      words[COLUMN.keyHigh] = key.hi
      const fast = element.speed === undefined || element.speed === null ? usage.fast : element.speed === 'fast'
      words[COLUMN.flags] = common | (fast ? FLAG.fast : 0)
      words[COLUMN.searches] = 0
      if (responseRequest.lo !== 0 || responseRequest.hi !== 0) advisorKey(request, responseRequest, ordinal)
      const model = text(element.model)
      batch.add(record, model === '' ? lineModel : batch.texts.intern(model), place, request.lo, request.hi)
    }
    return counted
  }

  /** Claude Code's WebSearch tool leaves no count in its own line; a later line has it (claude-code-logs 5.6). */
  function noteWebSearchTools(content: unknown): void {
    if (!Array.isArray(content)) return
    for (const block of content.map(fields)) {
      if (block?.type !== 'tool_use' || block.name !== 'WebSearch') continue
      const tool = text(block.id)
      if (tool === '') continue
      toolKey.start(KEY_TAG.toolUse).text(tool).finish()
      batch.searches.use(toolKey.lo, toolKey.hi, key.lo, key.hi)
    }
  }

  function searchResult(line: Fields): void {
    const count = tokenCount(fields(line.toolUseResult)?.searchCount)
    const content = fields(line.message)?.content
    if (count === 0 || !Array.isArray(content)) return
    const results = content.map(fields).filter((block) => block?.type === 'tool_result')
    const tool = results.length === 1 ? text(results[0]!.tool_use_id) : ''
    if (tool === '') return
    toolKey.start(KEY_TAG.toolUse).text(tool).finish()
    batch.searches.result(toolKey.lo, toolKey.hi, count, parseTimestamp(line.timestamp))
  }

  function cwd(directory: string): void {
    if (!wantsCwd || directory.trim() === '') return
    wantsCwd = false
    findings.cwd(directory.trim())
  }

  return {
    get wantsCwd() {
      return wantsCwd
    },
    cwd,
    skip: (reason) => findings.skip(reason),
    usage: (line) => take(line, NO_ITERATIONS, undefined),
    read(value, offset) {
      const line = fields(value)
      if (line === undefined) return
      cwd(text(line.cwd))
      if (line.type === 'user') searchResult(line)
      else if (line.type === 'assistant') assistant(line, line, line.isSidechain === true, offset)
      else if (line.type === 'progress') {
        // A sub-agent's line, echoed; all that is left of it when the sub-agent's own file is gone (claude-code-logs 4).
        const echo = fields(fields(line.data)?.message)
        if (echo?.type === 'assistant') assistant(echo, line, true, offset)
      }
    },
  }

  function assistant(line: Fields, outer: Fields, sidechain: boolean, offset: number): void {
    const message = fields(line.message)
    const usage = fields(message?.usage)
    if (message === undefined || usage === undefined) return
    const time = parseTimestamp(line.timestamp)
    const told: UsageLine = {
      offset,
      sidechain,
      apiError: line.isApiErrorMessage === true || outer.isApiErrorMessage === true,
      refused: message.stop_reason === 'refusal',
      messageId: text(message.id),
      requestId: text(line.requestId),
      uuid: text(line.uuid),
      model: text(message.model),
      time: Number.isNaN(time) ? parseTimestamp(outer.timestamp) : time,
      usage: usageNumbers(usage),
      webSearches: tokenCount(fields(usage.server_tool_use)?.web_search_requests),
    }
    take(told, Array.isArray(usage.iterations) ? usage.iterations.map(fields) : NO_ITERATIONS, message.content)
  }
}

function hashId(id: string, tag: KeyTag, into: KeyHash, last: { id: string; lo: number; hi: number }): void {
  if (id !== last.id) {
    into.start(tag).text(id).finish()
    last.id = id
    last.lo = into.lo
    last.hi = into.hi
  } else {
    into.lo = last.lo
    into.hi = last.hi
  }
}

const NO_ITERATIONS: readonly (Fields | undefined)[] = []

function usageNumbers(usage: Fields): UsageNumbers {
  const split = fields(usage.cache_creation)
  return {
    input: tokenCount(usage.input_tokens),
    output: tokenCount(usage.output_tokens),
    cacheRead: tokenCount(usage.cache_read_input_tokens),
    cacheCreation: tokenCount(usage.cache_creation_input_tokens),
    cacheCreation5m: tokenCount(split?.ephemeral_5m_input_tokens),
    cacheCreation1h: tokenCount(split?.ephemeral_1h_input_tokens),
    fast: usage.speed === 'fast',
    geoUs: usage.inference_geo === 'us',
    batch: usage.service_tier === 'batch',
  }
}

/** What the split does not name was written for 5 minutes (claude-code-logs 5.2). */
function cacheWrites5m({ cacheCreation, cacheCreation5m, cacheCreation1h }: UsageNumbers): number {
  return Math.min(Math.max(cacheCreation, cacheCreation5m + cacheCreation1h) - cacheCreation1h, 0xffff_ffff)
}

function advisorKey(into: KeyHash, response: { readonly lo: number; readonly hi: number }, ordinal: number): void {
  into.start(KEY_TAG.advisor).word(response.lo).word(response.hi).number(ordinal).finish()
}

function fields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined
}

/** Trimmed; anything but a string is empty. */
function text(value: unknown): string {
  return typeof value === 'string' ? value.trim() : ''
}

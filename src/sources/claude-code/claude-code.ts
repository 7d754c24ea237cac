// Claude Code: transcripts below `projects/`, and what their lines mean (claude-code-logs 1 to 4).
// Only `assistant` lines count, and `progress` lines that hold one; every other line and every unknown field is passed over.
import { basename } from 'node:path'
import type { BatchBuilder } from '../../core/ledger/batch.js'
import { KEY_TAG, KeyHash } from '../../core/ledger/hash.js'
import { sessionKey } from '../../core/sessions.js'
import { COLUMN, DOUBLE_COLUMN, FLAG, addTokens, scratchRow, tokenCount, tokenSum } from '../../core/ledger/usage.js'
import type { SkipReason } from '../../core/ledger/skip.js'
import type { LineReader, RowTaker } from '../../decode/decoder.js'
import { MOST_SEARCHES, isPlausible, type Tokens } from '../plausible.js'
import { parseTimestamp } from '../timestamp.js'
import type { Findings, Source, Transcript } from '../source.js'
import { coworkFolder } from './cowork.js'
import { directories } from './directories.js'
import { projectOfDirectory } from '../git-worktree.js'

export const claudeCode: Source = {
  agent: 'claude-code',
  // Not `"usage":{`, which a writer that adds a space would escape. All that counts stands in a line that names both.
  prefilters: [{ find: '"usage"', and: '"assistant"' }, { find: '"searchCount"' }],
  walkable: true,
  directories,
  roots(directory) {
    const name = basename(directory)
    // The desktop app gives each session a configuration directory of its own there (claude-code-logs 1.1).
    if (name === 'local-agent-mode-sessions') return [[`${directory}/*/*/*/.claude/projects`]]
    return [[`${directory}/projects`, ...(name === 'projects' ? [directory] : [])]]
  },
  // Directly below the root stand projects, whatever they are called.
  entersDirectory: (name, depth) => depth === 0 || (name !== 'tool-results' && name !== 'memory'),
  locate(path) {
    const file = path.at(-1)
    if (file === undefined || path.length < 2 || !file.endsWith('.jsonl') || file === 'journal.jsonl') return undefined
    const below = path.slice(projectDirectory(path))
    const project = below[0]!
    if (below.length === 2) return { project, session: stem(file), subagent: file.startsWith('agent-') }
    const subagents = below.indexOf('subagents')
    return { project, session: below[subagents > 1 ? subagents - 1 : 1]!, subagent: true }
  },
  projectOf: projectOfDirectory,
  open: (transcript, batch, findings) => new TranscriptReader(transcript, batch, findings),
}

/** How Claude Code calls the directory of an absolute path: every character but letters and digits is a dash. */
const SLUG = /^(?:-|[A-Za-z]--)/
const SESSION = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * Which part of a path is the project's directory: the first, but for what was copied below one. There it is the last that
 * is called by a path, else the one that holds a session.
 */
function projectDirectory(path: readonly string[]): number {
  const slug = path.findLastIndex((name, index) => index < path.length - 1 && SLUG.test(name))
  return slug >= 0 ? slug : Math.max(0, path.findIndex((name) => SESSION.test(stem(name))) - 1)
}

function stem(file: string): string {
  return file.endsWith('.jsonl') ? file.slice(0, -'.jsonl'.length) : file
}

type Fields = Readonly<Record<string, unknown>>

// Of the line being read, whatever the file: lines are read one by one.
const record = scratchRow()
const { words } = record
const key = new KeyHash()
const request = new KeyHash()
const toolKey = new KeyHash()

/** Reads the lines of one transcript that an engine made values of. What they come to, walker/ makes rows of, too. */
class TranscriptReader implements LineReader, RowTaker {
  wantsCwd: boolean
  readonly rows = this
  readonly batch: BatchBuilder
  readonly nested: boolean
  readonly session: string
  readonly #place: string
  readonly #path: string
  readonly #findings: Findings

  constructor(
    { project, session, subagent: nested, path, wantsCwd }: Transcript,
    batch: BatchBuilder,
    findings: Findings,
  ) {
    this.wantsCwd = wantsCwd
    this.batch = batch
    this.#place = sessionKey(claudeCode.agent, project, session)
    this.nested = nested
    this.session = session
    this.#path = path
    this.#findings = findings
    const folder = wantsCwd ? coworkFolder(path) : undefined
    if (folder !== undefined) this.cwd(folder)
  }

  /** Another in each batch that the transcript fills. */
  get place(): number {
    return this.batch.strings.intern(this.#place)
  }

  cwd(directory: string): void {
    if (!this.wantsCwd || directory.trim() === '') return
    this.wantsCwd = false
    this.#findings.cwd(directory.trim())
  }

  skip(reason: SkipReason, lines = 1): void {
    this.#findings.skip(reason, lines)
  }

  read(value: unknown, offset: number): void {
    const line = fields(value)
    if (line === undefined) return
    this.cwd(text(line.cwd))
    if (line.type === 'user') this.#searchResult(line)
    else if (line.type === 'assistant') this.#assistant(line, line, line.isSidechain === true, offset)
    else if (line.type === 'progress') {
      // A sub-agent's line, echoed; all that is left of it when the sub-agent's own file is gone (claude-code-logs 4).
      const echo = fields(fields(line.data)?.message)
      if (echo?.type === 'assistant') this.#assistant(echo, line, true, offset)
    }
  }

  /** @param outer the line itself, which may hold the response's own as an echo */
  #assistant(line: Fields, outer: Fields, sidechain: boolean, offset: number): void {
    const message = fields(line.message)
    const told = fields(message?.usage)
    if (message === undefined || told === undefined) return
    const modelName = text(message.model)
    if (modelName === '<synthetic>') {
      this.skip('synthetic')
      return
    }
    if (line.isApiErrorMessage === true || outer.isApiErrorMessage === true) {
      this.skip('api_error')
      return
    }
    const usage = usageNumbers(told)
    const iterations = Array.isArray(told.iterations) ? told.iterations.map(fields) : []
    const passes = iterations.filter((element) => element?.type === 'compaction' || element?.type === 'advisor_message')
    const searches = tokenCount(fields(told.server_tool_use)?.web_search_requests)
    const tools = webSearchTools(message.content)
    if (!isPlausible([usage, ...passes.map((element) => usageNumbers(element!))], searches, tools.length)) {
      this.skip('implausible')
      return
    }
    setTokens(usage)
    // The key is made from what the line says before a compaction is added: earlier snapshots do not have that yet.
    const keyFlag = this.#setKeys(text(message.id), text(line.requestId), text(line.uuid), offset)
    for (const element of passes) if (element?.type === 'compaction') addCompaction(usageNumbers(element))

    const time = parseTimestamp(line.timestamp)
    record.doubles[DOUBLE_COLUMN.time] = Number.isNaN(time) ? parseTimestamp(outer.timestamp) : time
    const common =
      keyFlag |
      (sidechain ? FLAG.sidechain : 0) |
      (this.nested ? FLAG.subagentOrigin : 0) |
      (usage.geoUs ? FLAG.geoUs : 0) |
      (usage.batch ? FLAG.batch : 0)
    const model = this.batch.model(modelName)
    let counted = false
    if (tokenSum(words, 0) > 0) {
      counted = true
      words[COLUMN.flags] =
        common | (usage.fast ? FLAG.fast : 0) | (message.stop_reason === 'refusal' ? FLAG.refused : 0)
      words[COLUMN.searches] = searches
      this.#add(model)
      // Claude Code's WebSearch tool leaves no count in its own line; a later line has it (claude-code-logs 5.6).
      for (const tool of tools) {
        toolKey.start(KEY_TAG.toolUse).text(tool).finish()
        this.batch.toolCounts.use(toolKey.low, toolKey.high, key.low, key.high)
      }
    }
    counted = this.#addAdvisors(passes, usage.fast, common, model) || counted
    if (!counted) this.skip('no_tokens')
  }

  /** Sets `key` and `request` for a line, and answers the key's own flag (claude-code-logs 3.3). */
  #setKeys(id: string, requestId: string, uuid: string, offset: number): number {
    request.low = request.high = 0
    if (id.startsWith('msg_')) {
      key.start(KEY_TAG.message).text(id).finish()
      if (requestId !== '') request.start(KEY_TAG.request).text(requestId).finish()
      return 0
    }
    if (id !== '' && requestId !== '' && id === uuid) {
      key.start(KEY_TAG.request).text(requestId).finish()
      return FLAG.requestOnly
    }
    if (id !== '' && requestId !== '') {
      key.start(KEY_TAG.messageAndRequest).text(id).text(requestId).finish()
      request.start(KEY_TAG.request).text(requestId).finish()
    } else if (id !== '') {
      const cacheWrites = words[COLUMN.cacheWrite5m]! + words[COLUMN.cacheWrite1h]!
      key.start(KEY_TAG.sessionScoped).text(this.session).text(id)
      key.number(words[COLUMN.input]!).number(cacheWrites).number(words[COLUMN.cacheRead]!).finish()
    } else if (uuid !== '') key.start(KEY_TAG.line).text(uuid).finish()
    else key.start(KEY_TAG.position).text(this.#path).number(offset).finish()
    return 0
  }

  /** Adds the record under `key`. */
  #add(model: number): void {
    words[COLUMN.keyLow] = key.low
    words[COLUMN.keyHigh] = key.high
    this.batch.add(words, model, this.place, request.low, request.high)
  }

  /** Advisor passes are responses of their own, keyed by the response and their number (claude-code-logs 5.7). */
  #addAdvisors(passes: readonly (Fields | undefined)[], lineFast: boolean, common: number, lineModel: number): boolean {
    let ordinal = 0
    let counted = false
    const response = { lo: key.low, hi: key.high }
    const responseRequest = { lo: request.low, hi: request.high }
    for (const element of passes) {
      if (element?.type !== 'advisor_message') continue
      ordinal += 1
      setTokens(usageNumbers(element))
      if (tokenSum(words, 0) === 0) continue
      counted = true
      advisorKey(key, response, ordinal)
      if (responseRequest.lo !== 0 || responseRequest.hi !== 0) advisorKey(request, responseRequest, ordinal)
      const fast = element.speed === undefined || element.speed === null ? lineFast : element.speed === 'fast'
      words[COLUMN.flags] = common | (fast ? FLAG.fast : 0)
      words[COLUMN.searches] = 0
      const model = text(element.model)
      this.#add(model === '' ? lineModel : this.batch.model(model))
    }
    return counted
  }

  #searchResult(line: Fields): void {
    const count = tokenCount(fields(line.toolUseResult)?.searchCount)
    const content = fields(line.message)?.content
    if (count === 0 || !Array.isArray(content)) return
    const results = content.map(fields).filter((block) => block?.type === 'tool_result')
    const tool = results.length === 1 ? text(results[0]!.tool_use_id) : ''
    if (tool === '') return
    if (count > MOST_SEARCHES) {
      this.skip('implausible')
      return
    }
    toolKey.start(KEY_TAG.toolUse).text(tool).finish()
    this.batch.toolCounts.result(toolKey.low, toolKey.high, count, parseTimestamp(line.timestamp))
  }
}

/** A usage object. Counts are integers from 0 to 2^32 - 1. */
interface UsageNumbers extends Tokens {
  readonly fast: boolean
  readonly geoUs: boolean
  readonly batch: boolean
}

/** Writes the record's token columns. */
function setTokens(tokens: Tokens): void {
  words[COLUMN.input] = tokens.input
  words[COLUMN.output] = tokens.output
  words[COLUMN.cacheRead] = tokens.cacheRead
  words[COLUMN.cacheWrite5m] = tokens.cacheWrite5m
  words[COLUMN.cacheWrite1h] = tokens.cacheWrite1h
}

/** Server-side compaction is billed with the response and is not in its top-level counts (claude-code-logs 5.7). */
function addCompaction(tokens: Tokens): void {
  words[COLUMN.input] = addTokens(words[COLUMN.input]!, tokens.input)
  words[COLUMN.output] = addTokens(words[COLUMN.output]!, tokens.output)
  words[COLUMN.cacheRead] = addTokens(words[COLUMN.cacheRead]!, tokens.cacheRead)
  words[COLUMN.cacheWrite5m] = addTokens(words[COLUMN.cacheWrite5m]!, tokens.cacheWrite5m)
  words[COLUMN.cacheWrite1h] = addTokens(words[COLUMN.cacheWrite1h]!, tokens.cacheWrite1h)
}

function usageNumbers(usage: Fields): UsageNumbers {
  const split = fields(usage.cache_creation)
  const cacheWrite1h = tokenCount(split?.ephemeral_1h_input_tokens)
  const split5m = tokenCount(split?.ephemeral_5m_input_tokens)
  return {
    input: tokenCount(usage.input_tokens),
    output: tokenCount(usage.output_tokens),
    cacheRead: tokenCount(usage.cache_read_input_tokens),
    // What the split does not name was written for 5 minutes (claude-code-logs 5.2).
    cacheWrite5m: Math.max(tokenCount(usage.cache_creation_input_tokens) - cacheWrite1h, split5m),
    cacheWrite1h,
    fast: usage.speed === 'fast',
    geoUs: usage.inference_geo === 'us',
    batch: usage.service_tier === 'batch',
  }
}

/** Tools with which a response searches the web, by their ids. */
function webSearchTools(content: unknown): string[] {
  if (!Array.isArray(content)) return []
  const uses = content.map(fields).filter((block) => block?.type === 'tool_use' && block.name === 'WebSearch')
  return uses.map((block) => text(block!.id)).filter((tool) => tool !== '')
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

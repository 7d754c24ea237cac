// The meaning of the lines of Claude Code's transcripts (claude-code-logs 2 to 5). Only `assistant` lines count, and
// `progress` lines that contain one; other lines and unknown fields are ignored. walker/ converts the same lines to
// rows.
import type { Name } from '../../core/ledger/keys.js'
import { MODIFIER } from '../../core/ledger/modifiers.js'
import { tokenCount } from '../../core/schema.js'
import type { LineReader } from '../../decode/decoder.js'
import type { Response, Transcript, UsageSink } from '../source.js'
import { parseTimestamp } from '../timestamp.js'
import { coworkFolder } from './cowork.js'
import { fields, text, type Fields } from '../json.js'
import { NAME } from './names.js'
import { MOST_SEARCHES, isPlausible } from './plausible.js'
import { hasTokens, sumOf, usageNumbers, type Tokens } from './usage-numbers.js'

export class TranscriptReader implements LineReader {
  readonly #file: Transcript
  readonly #sink: UsageSink

  constructor(file: Transcript, sink: UsageSink) {
    this.#file = file
    this.#sink = sink
    const folder = sink.wantsCwd ? coworkFolder(file.path) : undefined
    if (folder !== undefined) sink.cwd(folder)
  }

  read(value: unknown, offset: number): void {
    const line = fields(value)
    if (line === undefined) return
    if (this.#sink.wantsCwd) this.#sink.cwd(text(line.cwd))
    if (line.type === 'user') this.#searchResult(line)
    else if (line.type === 'assistant') this.#assistant(line, line, line.isSidechain === true, offset)
    else if (line.type === 'progress') {
      // An echo of a sub-agent's line. If the sub-agent's own file is gone, only the echo remains (claude-code-logs 4).
      const echo = fields(fields(line.data)?.message)
      if (echo?.type === 'assistant') this.#assistant(echo, line, true, offset)
    }
  }

  /** @param outer the line of the file, which is `line` or contains it as an echo */
  #assistant(line: Fields, outer: Fields, sidechain: boolean, offset: number): void {
    const sink = this.#sink
    const message = fields(line.message)
    const rawUsage = fields(message?.usage)
    if (message === undefined || rawUsage === undefined) return
    const model = text(message.model)
    if (model === '<synthetic>') {
      sink.skip('synthetic')
      return
    }
    if (line.isApiErrorMessage === true || outer.isApiErrorMessage === true) {
      sink.skip('api_error')
      return
    }
    const usage = usageNumbers(rawUsage)
    const passes = passesOf(rawUsage.iterations)
    const searches = tokenCount(fields(rawUsage.server_tool_use)?.web_search_requests)
    const tools = webSearchTools(message.content)
    const passTokens = passes.length === 0 ? [usage] : [usage, ...passes.map(usageNumbers)]
    if (!isPlausible(passTokens, searches, tools.length)) {
      sink.skip('implausible')
      return
    }
    const id = text(message.id)
    // Without the response's id, the request's id is meaningless.
    const requestId = id === '' ? '' : text(line.requestId)
    // Server-side compaction is billed with the response and is not in its top-level counts (claude-code-logs 5.7).
    const compactions = passes.filter(({ type }) => type === 'compaction')
    const tokens = compactions.length === 0 ? usage : sumOf([usage, ...compactions.map(usageNumbers)])
    const time = parseTimestamp(line.timestamp)
    const common = (usage.geoUs ? MODIFIER.us : 0) | (usage.batch ? MODIFIER.batch : 0)
    const response: Response = {
      // From the usage without compactions, which earlier snapshots of the response lack.
      key: this.#key(id, requestId, text(line.uuid), usage, offset),
      request: requestId === '' ? undefined : [NAME.request, requestId],
      model,
      timeMs: Number.isNaN(time) ? parseTimestamp(outer.timestamp) : time,
      tokens,
      modifiers: common | (usage.fast ? MODIFIER.fast : 0) | (message.stop_reason === 'refusal' ? MODIFIER.refused : 0),
      sidechain,
      searches,
      // Claude Code's WebSearch tool leaves no count in its own line; a later line has it (claude-code-logs 5.6).
      tools,
    }
    const counted = hasTokens(tokens)
    if (counted) sink.response(response)
    if (!this.#advisors(passes, response, common, usage.fast) && !counted) sink.skip('no_tokens')
  }

  /** The identity of a line (claude-code-logs 3.3); undefined if only its request identifies it. */
  #key(id: string, requestId: string, uuid: string, tokens: Tokens, offset: number): Name | undefined {
    if (id.startsWith('msg_')) return [NAME.message, id]
    if (id !== '' && requestId !== '') return id === uuid ? undefined : [NAME.messageAndRequest, id, requestId]
    if (id === '') return uuid === '' ? [NAME.position, this.#file.path, offset] : [NAME.line, uuid]
    const cacheWrites = tokens.cacheWrite5m + tokens.cacheWrite1h
    return [NAME.sessionScoped, this.#file.session, id, tokens.input, cacheWrites, tokens.cacheRead]
  }

  /**
   * Advisor passes are responses of their own, identified by their response and their number (claude-code-logs 5.7).
   * Returns whether any of them counted.
   */
  #advisors(passes: readonly Fields[], response: Response, common: number, responseIsFast: boolean): boolean {
    let ordinal = 0
    let counted = false
    for (const pass of passes) {
      if (pass.type !== 'advisor_message') continue
      ordinal += 1
      const tokens = usageNumbers(pass)
      if (!hasTokens(tokens)) continue
      counted = true
      const fast = pass.speed === undefined || pass.speed === null ? responseIsFast : pass.speed === 'fast'
      this.#sink.response({
        key: response.key && [NAME.advisor, response.key, ordinal],
        request: response.request && [NAME.advisor, response.request, ordinal],
        model: text(pass.model) || response.model,
        timeMs: response.timeMs,
        tokens,
        modifiers: common | (fast ? MODIFIER.fast : 0),
        sidechain: response.sidechain === true,
      })
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
    if (count > MOST_SEARCHES) this.#sink.skip('implausible')
    else this.#sink.toolResult([NAME.toolUse, tool], count, parseTimestamp(line.timestamp))
  }
}

const NONE: readonly never[] = []

/** The passes of a message that count in addition to the response itself. */
function passesOf(iterations: unknown): readonly Fields[] {
  if (!Array.isArray(iterations)) return NONE
  return iterations
    .map(fields)
    .filter((pass) => pass !== undefined)
    .filter(({ type }) => type === 'compaction' || type === 'advisor_message')
}

/** The tool uses of a response that search the web. */
function webSearchTools(content: unknown): readonly Name[] {
  if (!Array.isArray(content)) return NONE
  const uses = content.map(fields).filter((block) => block?.type === 'tool_use' && block.name === 'WebSearch')
  return uses
    .map((block) => text(block!.id))
    .filter((tool) => tool !== '')
    .map((tool) => [NAME.toolUse, tool] as const)
}

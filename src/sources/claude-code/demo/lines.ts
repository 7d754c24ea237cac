// Lines of a transcript in the format of Claude Code 2.1.290: compact JSON with these keys in this order. Texts are
// made up and short; nothing reads them.

/** The writer of a file's lines. */
export interface Writer {
  readonly cwd: string
  readonly sessionId: string
  /** Present in the file of a sub-agent. */
  readonly agentId?: string
}

/** A line's place in its file. */
export interface Step {
  readonly parentUuid: string | null
  readonly uuid: string
  /** Milliseconds since the epoch. */
  readonly atMs: number
}

export interface Tokens {
  readonly input: number
  readonly cacheRead: number
  readonly cacheWrite5m: number
  readonly cacheWrite1h: number
}

export interface Response extends Tokens {
  readonly id: string
  readonly requestId: string
  readonly model: string
}

/** One content block of a response. A response has a line for each block, and every line states its usage. */
export interface Block {
  readonly content: object
  /** Output tokens as stated in this line: a sub-agent's earlier lines have the count at the beginning of the block. */
  readonly output: number
  readonly stop: string | null
}

export function userLine(writer: Writer, step: Step, content: unknown, more: object = {}): string {
  return line(writer, step, { type: 'user', message: { role: 'user', content } }, more)
}

export function assistantLine(
  writer: Writer,
  step: Step,
  response: Response,
  { content, output, stop }: Block,
): string {
  const { id, model, requestId } = response
  const usage = usageOf(response, output)
  const message = {
    model,
    id,
    type: 'message',
    role: 'assistant',
    content: [content],
    stop_reason: stop,
    stop_sequence: null,
    usage,
  }
  return line(writer, step, { message, requestId, type: 'assistant' }, {})
}

/** An answer that Claude Code wrote itself because the API gave none. */
export function apiErrorLine(writer: Writer, step: Step): string {
  const usage = usageOf({ input: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 }, 0)
  const content = [{ type: 'text', text: 'API Error: 529 Overloaded' }]
  const message = {
    id: step.uuid,
    model: '<synthetic>',
    role: 'assistant',
    stop_reason: 'stop_sequence',
    type: 'message',
    usage,
    content,
  }
  return line(writer, step, { type: 'assistant', message }, { isApiErrorMessage: true })
}

function line(
  { cwd, sessionId, agentId }: Writer,
  { parentUuid, uuid, atMs }: Step,
  own: object,
  more: object,
): string {
  const timestamp = new Date(atMs).toISOString()
  const agent = { isSidechain: agentId !== undefined, ...(agentId !== undefined && { agentId }) }
  const context = { userType: 'external', entrypoint: 'cli', cwd, sessionId, version: '2.1.290', gitBranch: 'main' }
  return `${JSON.stringify({ parentUuid, ...agent, ...own, uuid, timestamp, ...more, ...context })}\n`
}

function usageOf({ input, cacheRead, cacheWrite5m, cacheWrite1h }: Tokens, output: number): object {
  return {
    input_tokens: input,
    cache_creation_input_tokens: cacheWrite5m + cacheWrite1h,
    cache_read_input_tokens: cacheRead,
    output_tokens: output,
    server_tool_use: { web_search_requests: 0, web_fetch_requests: 0 },
    service_tier: 'standard',
    cache_creation: { ephemeral_1h_input_tokens: cacheWrite1h, ephemeral_5m_input_tokens: cacheWrite5m },
    inference_geo: 'not_available',
    speed: 'standard',
  }
}

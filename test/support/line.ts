// Transcript lines in the short notation of the acceptance table: `msg_1/r1 o48 10/160/0/0/1000`.
// The counts are in/out/w5/w1h/read; missing ones at the end are 0.

export type Fields = Readonly<Record<string, unknown>>

const SHORT_MODELS: Readonly<Record<string, string>> = { o48: 'claude-opus-4-8', s5: 'claude-sonnet-5' }

/** Further fields. `message` and `usage` are merged over the notation; undefined removes a field. */
export interface Extra {
  readonly line?: Fields
  readonly message?: Fields
  readonly usage?: Fields
}

/** One assistant line, compact, without its newline. An `id` of `-` means no id, a missing `/req` no request id. */
export function line(notation: string, extra: Extra = {}): string {
  return JSON.stringify(assistant(notation, extra))
}

export function assistant(notation: string, extra: Extra = {}): Fields {
  const [names = '', model = '', counts = ''] = notation.split(' ')
  const [id = '', requestId] = names.split('/')
  return withoutUndefined({
    parentUuid: null,
    isSidechain: false,
    userType: 'external',
    cwd: '/w/app',
    sessionId: 'S',
    version: '2.1.290',
    gitBranch: 'main',
    message: withoutUndefined({
      model: SHORT_MODELS[model] ?? model,
      id: id === '-' ? undefined : id,
      type: 'message',
      role: 'assistant',
      content: [{ type: 'text', text: 'ok' }],
      stop_reason: null,
      stop_sequence: null,
      usage: withoutUndefined({ ...usage(counts), ...extra.usage }),
      ...extra.message,
    }),
    requestId,
    type: 'assistant',
    uuid: nextUuid(),
    timestamp: '2026-11-01T10:00:00.000Z',
    ...extra.line,
  })
}

/** A usage object like the API's, with the total of cache writes and its split. */
export function usage(counts: string): Fields {
  const [input = 0, output = 0, write5m = 0, write1h = 0, read = 0] = counts.split('/').map(Number)
  return {
    input_tokens: input,
    cache_creation_input_tokens: write5m + write1h,
    cache_read_input_tokens: read,
    cache_creation: { ephemeral_5m_input_tokens: write5m, ephemeral_1h_input_tokens: write1h },
    output_tokens: output,
    service_tier: 'standard',
  }
}

/** A `progress` line that contains the line of a sub-agent. */
export function progress(embedded: Fields, extra: Fields = {}): string {
  const { parentUuid, userType, cwd, sessionId, version, gitBranch, ...message } = embedded
  const outer = { parentUuid, isSidechain: false, userType, cwd, sessionId, version, gitBranch }
  const timestamp = embedded.timestamp
  const body = { message, type: 'agent_progress', prompt: '', agentId: 'x' }
  return JSON.stringify({ ...outer, type: 'progress', data: body, uuid: nextUuid(), timestamp, ...extra })
}

/** A user line that answers a tool call; `result` is its `toolUseResult`. */
export function toolResult(call: string, result: unknown, extra: Fields = {}): string {
  return JSON.stringify({
    type: 'user',
    cwd: '/w/app',
    message: { role: 'user', content: [{ tool_use_id: call, type: 'tool_result', content: 'text' }] },
    uuid: nextUuid(),
    timestamp: '2026-11-01T10:00:05.000Z',
    toolUseResult: result,
    ...extra,
  })
}

/** Text of a file; every line ends with a newline. */
export function lines(...all: readonly string[]): string {
  return all.map((one) => `${one}\n`).join('')
}

let uuids = 0

function nextUuid(): string {
  return `00000000-0000-4000-8000-${String(++uuids).padStart(12, '0')}`
}

function withoutUndefined(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

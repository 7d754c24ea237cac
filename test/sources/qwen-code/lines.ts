// Lines as Qwen Code writes them (other-agents 3.2). No public recording is known.

const AT = '2026-07-01T00:00:00.000Z'

/** Token counts in the order of the log. */
export type Told = readonly [prompt: number, output: number, cached: number, thoughts: number, total?: number]

export interface Telemetry {
  readonly uuid?: string
  readonly session?: string
  readonly response?: string
  readonly at?: string
  readonly more?: object
}

/** A telemetry line: an API response with these counts, or without counts. */
export function apiResponse(
  told: Told | undefined,
  { uuid = 'u1', session = 's', response = 'r1', at = AT, more = {} }: Telemetry = {},
): object {
  const [input_token_count, output_token_count, cached_content_token_count, thoughts_token_count, total_token_count] =
    told ?? []
  return telemetry('qwen-code.api_response', uuid, session, {
    'event.timestamp': at,
    response_id: response,
    model: 'qwen3-coder-plus',
    input_token_count,
    output_token_count,
    cached_content_token_count,
    thoughts_token_count,
    total_token_count,
    ...more,
  })
}

export function telemetry(name: string, uuid: string, session: string, event: object): object {
  return {
    uuid,
    sessionId: session,
    timestamp: AT,
    type: 'system',
    subtype: 'ui_telemetry',
    cwd: '/p/a',
    systemPayload: { uiEvent: { 'event.name': name, ...event } },
  }
}

export function assistant(told: Told, uuid = 'a1', session = 's'): object {
  const [promptTokenCount, candidatesTokenCount, cachedContentTokenCount, thoughtsTokenCount, totalTokenCount] = told
  return {
    uuid,
    sessionId: session,
    timestamp: AT,
    type: 'assistant',
    cwd: '/p/a',
    model: 'qwen3-coder-plus',
    usageMetadata: {
      promptTokenCount,
      candidatesTokenCount,
      thoughtsTokenCount,
      cachedContentTokenCount,
      totalTokenCount,
    },
  }
}

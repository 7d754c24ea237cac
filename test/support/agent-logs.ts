// The shortest log of each agent that counts a response: its path and its lines.

export interface AgentLog {
  readonly agent: string
  readonly flag: string
  /** Path and lines of a session with one response of 1 input and 2 output tokens. */
  readonly session: (told: Told) => { readonly path: string; readonly lines: readonly object[] }
  /** A word in every line that the agent's reader parses. */
  readonly word: string
}

export interface Told {
  readonly cwd: string
  readonly model: string
  /** Makes the ids of a session unique. */
  readonly id: string
  /** Text of users, models and tools. */
  readonly text?: string
}

const AT = '2026-11-01T10:00:00.000Z'

const transcript: AgentLog['session'] = ({ cwd, model, id, text }) => ({
  path: `projects/-w/${id}.jsonl`,
  lines: [
    {
      ...{ type: 'assistant', timestamp: AT, cwd, sessionId: id, uuid: id, requestId: `req_${id}`, gitBranch: text },
      message: {
        id: `msg_${id}`,
        model,
        content: [{ type: 'text', text }],
        usage: { input_tokens: 1, output_tokens: 2 },
      },
    },
  ],
})

const rollout: AgentLog['session'] = ({ cwd, model, id, text }) => {
  const usage = { input_tokens: 1, output_tokens: 2 }
  const names = { thread_id: id, turn_id: `turn-${id}`, response_id: `response-${id}` }
  const line = (type: string, payload: object): object => ({ timestamp: AT, type, payload })
  return {
    path: `sessions/rollout-2026-11-01T10-00-00-${id}.jsonl`,
    lines: [
      line('session_meta', { id, cwd, cli_version: '0.160.0' }),
      line('turn_context', { ...names, cwd, model, user_instructions: text }),
      line('token_usage_record', { ...names, usage, thread_token_usage: usage }),
    ],
  }
}

const ofPi =
  (folder: string): AgentLog['session'] =>
  ({ cwd, model, id, text }) => ({
    path: `${folder}/${id}.jsonl`,
    lines: [
      { type: 'session', id, cwd },
      {
        ...{ type: 'message', id, timestamp: AT },
        message: { role: 'assistant', model, responseId: id, content: text, usage: { input: 1, output: 2 } },
      },
    ],
  })

// The working directory is in a separate file.
const chat: AgentLog['session'] = ({ model, id, text }) => ({
  path: `.gemini/tmp/${id}/chats/session-1.jsonl`,
  lines: [{ id, timestamp: AT, type: 'gemini', content: text, model, tokens: { input: 1, output: 2 } }],
})

const qwenSession: AgentLog['session'] = ({ cwd, model, id, text }) => ({
  path: `projects/-w/chats/${id}.jsonl`,
  lines: [
    {
      ...{ uuid: id, timestamp: AT, type: 'assistant', cwd, model, message: text },
      usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 2 },
    },
  ],
})

const wire: AgentLog['session'] = ({ cwd, model, id, text }) => ({
  path: `sessions/w/${id}/agents/main/wire.jsonl`,
  lines: [
    { type: 'config.update', cwd, prompt: text },
    { type: 'llm.request', model },
    { type: 'usage.record', model, usage: { inputOther: 1, output: 2 } },
  ],
})

const events: AgentLog['session'] = ({ cwd, model, id, text }) => ({
  path: `session-state/${id}/events.jsonl`,
  lines: [
    { type: 'session.start', data: { sessionId: id, context: { cwd, branch: text } } },
    {
      ...{ type: 'session.shutdown', id, timestamp: AT },
      data: { modelMetrics: { [model]: { requests: { count: 1 }, usage: { inputTokens: 1, outputTokens: 2 } } } },
    },
  ],
})

export const AGENT_LOGS: readonly AgentLog[] = [
  { agent: 'claude-code', flag: 'claude.config-dir', session: transcript, word: 'usage": "assistant' },
  { agent: 'codex', flag: 'codex.home', session: rollout, word: 'token_usage_record' },
  { agent: 'pi', flag: 'pi.agent-dir', session: ofPi('sessions/--w--'), word: 'usage' },
  { agent: 'oh-my-pi', flag: 'oh-my-pi.config-dir', session: ofPi('agent/sessions/--w--'), word: 'usage' },
  { agent: 'openclaw', flag: 'openclaw.state-dir', session: ofPi('agents/main/sessions'), word: 'usage' },
  { agent: 'gemini-cli', flag: 'gemini.home', session: chat, word: 'tokens": "gemini' },
  { agent: 'qwen-code', flag: 'qwen.runtime-dir', session: qwenSession, word: 'usageMetadata' },
  { agent: 'kimi-code', flag: 'kimi.home', session: wire, word: 'usage.record' },
  { agent: 'copilot-cli', flag: 'copilot.home', session: events, word: 'session.shutdown' },
]

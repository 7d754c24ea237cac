// A log of each agent, as short as one can be that counts: where it lies, and its lines.

export interface AgentLog {
  readonly agent: string
  readonly flag: string
  /** A session of one response, with 1 token in and 2 out. */
  readonly session: (told: Told) => { readonly path: string; readonly lines: readonly object[] }
  /** What stands in lines that its reader looks at. */
  readonly word: string
}

export interface Told {
  readonly cwd: string
  readonly model: string
  /** Tells sessions, and all that is in them, apart. */
  readonly id: string
  /** Whatever users, models and tools said. */
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

/** Which directory it is about stands in a file beside it. */
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

// A made-up thread of Codex: its prompts grow, are read from the cache, and are compacted when they are too long. Lines
// are in the format of Codex 0.160: a record of each response, followed by a token count.
import type { DemoProject, DemoSession, DemoWriter, ModelKind, Random } from '../demo-writer.js'

export const codexDemo: DemoWriter = { agent: 'codex', directory: 'codex', startSession }

const MODELS: Readonly<Record<ModelKind, string>> = {
  largest: 'gpt-5.6-sol',
  large: 'gpt-5.6-sol',
  medium: 'gpt-5.6-terra',
  small: 'gpt-5.6-luna',
  local: 'gpt-oss:20b',
}
/** Tokens of the first prompt: instructions and tools. */
const FIRST_PROMPT = 12_000
/** Longer conversations are compacted. */
const LONGEST_PROMPT = 180_000
const ASKED = ['Find out why the build is slow.', 'Write a test for that.', 'Do the same for the others.', 'Continue.']

const COUNTS = [
  'input_tokens',
  'cached_input_tokens',
  'output_tokens',
  'reasoning_output_tokens',
  'total_tokens',
] as const
type Usage = Readonly<Record<(typeof COUNTS)[number], number>>

function startSession(random: Random, project: DemoProject, atMs: number, parent?: DemoSession): DemoSession {
  const cwd = `/home/demo/src/${project.name}`
  const id = random.uuid()
  const model = MODELS[parent === undefined ? random.pick(project.models) : 'small']
  const started = new Date(atMs).toISOString().slice(0, 19)
  let turn = ''
  let cached = 0
  let news = parent === undefined ? FIRST_PROMPT : FIRST_PROMPT / 2
  let total: Usage | undefined

  function header(nowMs: number): string {
    const source =
      parent === undefined ? 'cli' : { subagent: { thread_spawn: { parent_thread_id: parent.id, depth: 1 } } }
    return line(nowMs, 'session_meta', {
      id,
      ...(parent !== undefined && { parent_thread_id: parent.id }),
      timestamp: new Date(nowMs).toISOString(),
      cwd,
      originator: 'codex-tui',
      cli_version: '0.160.0',
      source,
      model_provider: 'openai',
    })
  }

  /** The lines that begin a turn, preceded by the thread's header before the first turn. */
  function beginTurn(nowMs: number): string {
    const before = turn === '' ? header(nowMs) : ''
    turn = random.uuid()
    return [
      before,
      line(nowMs, 'event_msg', { type: 'task_started', turn_id: turn }),
      line(nowMs, 'turn_context', { turn_id: turn, cwd, model, effort: 'medium' }),
    ].join('')
  }

  function nextUsage(): Usage {
    if (cached + news > LONGEST_PROMPT) {
      cached = 0
      news = FIRST_PROMPT + random.around(5_000)
    }
    const input = cached + news
    const output = random.around(800)
    const usage = {
      input_tokens: input,
      cached_input_tokens: cached,
      output_tokens: output,
      reasoning_output_tokens: Math.floor(output * 0.4),
      total_tokens: input + output,
    }
    cached = input
    news = output + random.around(2_500)
    total = sum(total, usage)
    return usage
  }

  return {
    id,
    path: `sessions/${started.slice(0, 10).replaceAll('-', '/')}/rollout-${started.replaceAll(':', '-')}-${id}.jsonl`,
    prompt: (nowMs) =>
      beginTurn(nowMs) + line(nowMs, 'event_msg', { type: 'user_message', message: random.pick(ASKED) }),
    respond(nowMs) {
      const before = turn === '' ? beginTurn(nowMs) : ''
      const call = `call_${random.letters(24)}`
      const usage = nextUsage()
      const whose = { thread_id: id, turn_id: turn, session_id: parent?.id ?? id }
      const record = { ...whose, response_id: `resp_${random.letters(32)}`, usage, thread_token_usage: total }
      const info = { total_token_usage: total, last_token_usage: usage, model_context_window: 272_000 }
      const asks = { type: 'function_call', name: 'shell', arguments: '{"command":["npm","test"]}', call_id: call }
      const answer = { type: 'function_call_output', call_id: call, output: 'It is made up.' }
      return [
        before,
        line(nowMs, 'response_item', asks),
        line(nowMs, 'token_usage_record', record),
        line(nowMs, 'event_msg', { type: 'token_count', info, rate_limits: null }),
        line(nowMs + 1, 'response_item', answer),
      ].join('')
    },
  }
}

function line(atMs: number, type: string, payload: object): string {
  return `${JSON.stringify({ timestamp: new Date(atMs).toISOString(), type, payload })}\n`
}

function sum(a: Usage | undefined, b: Usage): Usage {
  return Object.fromEntries(COUNTS.map((name) => [name, (a?.[name] ?? 0) + b[name]])) as Usage
}

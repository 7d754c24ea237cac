// A made-up session of Claude Code: its prompts grow, are read from the cache, and are compacted when they are too
// long.
import type { DemoProject, DemoSession, DemoWriter, ModelKind, Random } from '../../demo-writer.js'
import { apiErrorLine, assistantLine, userLine, type Block, type Response, type Step, type Writer } from './lines.js'

export const claudeCodeDemo: DemoWriter = { agent: 'claude-code', directory: 'claude', startSession }

const MODELS: Readonly<Record<ModelKind, string>> = {
  largest: 'claude-fable-5-1',
  large: 'claude-opus-5-5',
  medium: 'claude-sonnet-5-5',
  small: 'claude-haiku-5-5',
  local: 'local-coder-30b',
}
/** Tokens of the first prompt: instructions and tools. */
const FIRST_PROMPT = 16_000
/** Longer conversations are compacted. */
const LONGEST_PROMPT = 130_000
const LONGEST_OF_AGENT = 70_000
const ASKED = [
  'Why does this test fail?',
  'Please add a case for empty input.',
  'Tidy this up.',
  'Now the other one.',
  'Go on.',
]

function startSession(random: Random, project: DemoProject, _atMs: number, parent?: DemoSession): DemoSession {
  const cwd = `/home/demo/src/${project.name}`
  const slug = cwd.replace(/[^A-Za-z0-9]/g, '-')
  const id = parent?.id ?? random.uuid()
  const agentId = parent && `a${random.uuid().replaceAll('-', '').slice(0, 16)}`
  const writer: Writer = { cwd, sessionId: id, ...(agentId !== undefined && { agentId }) }
  const model = MODELS[parent === undefined ? random.pick(project.models) : 'small']
  let cached = 0
  let news = parent === undefined ? FIRST_PROMPT : FIRST_PROMPT / 2
  let lastUuid: string | null = null

  function step(atMs: number): Step {
    const parentUuid = lastUuid
    lastUuid = random.uuid()
    return { parentUuid, uuid: lastUuid, atMs }
  }

  function nextResponse(): Response {
    if (cached + news > (parent === undefined ? LONGEST_PROMPT : LONGEST_OF_AGENT)) {
      cached = 0
      news = FIRST_PROMPT + random.around(6_000)
    }
    const response = {
      id: `msg_01${random.letters(22)}`,
      requestId: `req_011C${random.letters(20)}`,
      model,
      input: random.between(1, 9),
      cacheRead: cached,
      // Sub-agents write the cache for five minutes; main sessions, whose users pause between prompts, for an hour.
      cacheWrite5m: parent === undefined ? 0 : news,
      cacheWrite1h: parent === undefined ? news : 0,
    }
    cached += news
    return response
  }

  /**
   * The last line of a response has the final count. In a main session all lines do; in a sub-agent's the others do
   * not.
   */
  function blocks(output: number, call: object): readonly Block[] {
    const stop = 'tool_use'
    const early = parent === undefined ? { output, stop } : { output: random.between(1, 6), stop: null }
    return [
      ...(random.chance(0.3)
        ? [{ content: { type: 'thinking', thinking: '', signature: random.letters(40) }, ...early }]
        : []),
      ...(random.chance(0.5) ? [{ content: { type: 'text', text: 'Let me look at that.' }, ...early }] : []),
      { content: call, output, stop },
    ]
  }

  return {
    id,
    path: `projects/${slug}/${parent === undefined ? id : `${id}/subagents/agent-${agentId!}`}.jsonl`,
    prompt: (atMs) => userLine(writer, step(atMs), random.pick(ASKED)),
    respond(atMs) {
      if (random.chance(0.004)) return apiErrorLine(writer, step(atMs))
      const response = nextResponse()
      const output = random.around(700)
      const tool = `toolu_01${random.letters(22)}`
      const searches = random.chance(project.searches)
      const call = searches
        ? { type: 'tool_use', id: tool, name: 'WebSearch', input: { query: 'how others do it' } }
        : { type: 'tool_use', id: tool, name: 'Bash', input: { command: 'npm test', description: 'Run the tests' } }
      const lines = blocks(output, call).map((block) => assistantLine(writer, step(atMs), response, block))
      const answer = [{ tool_use_id: tool, type: 'tool_result', content: 'It is made up.' }]
      const result = searches
        ? { query: 'how others do it', results: [], durationSeconds: 2, searchCount: 1 }
        : { stdout: 'ok', stderr: '' }
      lines.push(userLine(writer, step(atMs + 1), answer, { toolUseResult: result }))
      news = output + random.around(3_000)
      return lines.join('')
    },
  }
}

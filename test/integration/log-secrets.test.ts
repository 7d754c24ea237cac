// What the log of the program may show of the logs that it reads: names of models, and paths of what it cannot read. Nothing
// else, at any level.
import { spawnSync } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { mainFile } from '../support/program.js'
import { line, lines } from '../support/line.js'
import { plant } from '../support/tree.js'
import { homes } from './running.js'

const home = homes()

/** The program once, at the lowest level. */
function loggedBy(...flags: readonly string[]): { readonly stdout: string; readonly stderr: string } {
  const always = ['once', '--state.dir=none', '--log.level=debug', '--log.format=json']
  const options = { encoding: 'utf8', env: { PATH: process.env.PATH, HOME: '/nonexistent' } } as const
  const { status, stdout, stderr } = spawnSync(process.execPath, [mainFile, ...always, ...flags], options)
  expect(status).toBe(0)
  return { stdout, stderr }
}

it('shows no prompt, answer, branch or id, and a session only in the path of a file that cannot be read', () => {
  const secret = {
    line: { cwd: '/w/SECRET-folder/app', gitBranch: 'SECRET-branch', sessionId: 'SECRET-session', uuid: 'SECRET-uuid' },
    message: { content: [{ type: 'text', text: 'SECRET-answer' }] },
  }
  const prompt = JSON.stringify({ type: 'user', message: { role: 'user', content: 'SECRET-prompt' } })
  const text = lines(
    prompt,
    line('msg_SECRET/req_SECRET house-model 10/10', secret),
    '{"SECRET": broken "usage" "assistant"',
  )
  const { configDir } = home({ '-w-app/session-1.jsonl': text })
  const loop = join(configDir, 'projects/-w-app/session-2.jsonl')
  symlinkSync('session-2.jsonl', loop)
  const { stderr } = loggedBy(`--claude.config-dir=${configDir}`)
  expect(stderr).toContain('"model":"house-model"')
  expect(stderr).not.toContain('SECRET')
  const said = stderr
    .trim()
    .split('\n')
    .map((each) => JSON.parse(each) as { path?: string; msg: string })
  expect(said.filter((each) => JSON.stringify(each).includes('session-'))).toEqual([
    expect.objectContaining({ path: loop, msg: 'cannot access this path' }),
  ])
})

// Of each agent a line that counts, one that is no JSON, and one in which everything is of another type.
const TEXT = 'SECRET-text'
const AT = '2026-11-01T10:00:00.000Z'
const CWD = '/w/SECRET-folder/app'
const MODEL = 'house-model'
const usage = { input_tokens: 1, output_tokens: 2 }
const codex = (type: string, payload: object): object => ({ timestamp: AT, type, payload })
const CODEX = {
  id: 'SECRET-thread',
  turn_id: 'SECRET-turn',
  thread_id: 'SECRET-thread',
  response_id: 'SECRET-response',
}
const PI = [
  { type: 'session', id: 'SECRET-id', cwd: CWD },
  { type: 'message', timestamp: AT, message: { role: 'assistant', model: MODEL, content: TEXT, usage: { output: 2 } } },
]
const LOGS: readonly (readonly [flag: string, path: string, lines: readonly object[], word: string])[] = [
  [
    'codex.home',
    'sessions/rollout-2026-11-01T10-00-00-session-1.jsonl',
    [
      codex('session_meta', { id: CODEX.id, cwd: CWD, cli_version: '0.160.0' }),
      codex('turn_context', { ...CODEX, cwd: CWD, model: MODEL, user_instructions: TEXT }),
      codex('token_usage_record', { ...CODEX, usage, thread_token_usage: usage }),
    ],
    'token_usage_record',
  ],
  ['pi.agent-dir', 'sessions/--SECRET-w--/session-1.jsonl', PI, 'usage'],
  ['oh-my-pi.config-dir', 'agent/sessions/--SECRET-w--/session-1.jsonl', PI, 'usage'],
  ['openclaw.state-dir', 'agents/main/sessions/session-1.jsonl', PI, 'usage'],
  [
    'gemini.home',
    '.gemini/tmp/app/chats/session-1.jsonl',
    [{ id: 'SECRET-id', timestamp: AT, type: 'gemini', content: TEXT, model: MODEL, tokens: { input: 1, output: 2 } }],
    'tokens": "gemini',
  ],
  [
    'qwen.runtime-dir',
    'projects/SECRET-w/chats/session-1.jsonl',
    [
      {
        ...{ uuid: 'SECRET-uuid', timestamp: AT, type: 'assistant', cwd: CWD, model: MODEL, message: TEXT },
        usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 2 },
      },
    ],
    'usageMetadata',
  ],
  [
    'kimi.home',
    'sessions/SECRET-w/session-1/agents/main/wire.jsonl',
    [
      { type: 'config.update', cwd: CWD, prompt: TEXT },
      { type: 'llm.request', model: MODEL },
      { type: 'usage.record', model: MODEL, usage: { inputOther: 1, output: 2 }, time: 1_782_864_000_000 },
    ],
    'usage.record',
  ],
  [
    'copilot.home',
    'session-state/SECRET-session/events.jsonl',
    [
      { type: 'session.start', data: { sessionId: 'SECRET-session', context: { cwd: CWD, branch: TEXT } } },
      {
        ...{ type: 'session.shutdown', id: 'SECRET-id', timestamp: AT },
        data: { modelMetrics: { [MODEL]: { requests: { count: 1 }, usage: { inputTokens: 1, outputTokens: 2 } } } },
      },
    ],
    'session.shutdown',
  ],
]

it.each(LOGS)('shows none of the logs below --%s, and of their paths the last part', (flag, path, entries, word) => {
  const directory = join(home({}).dir, 'logs')
  const spoilt = [`{"${word}": SECRET`, ...entries.map((entry) => allOfOtherTypes(entry))]
  plant(directory, { [`/${path}`]: lines(...entries.map((entry) => JSON.stringify(entry)), ...spoilt) })
  symlinkSync('SECRET-loop.jsonl', join(dirname(join(directory, path)), 'SECRET-loop.jsonl'))
  const { stdout, stderr } = loggedBy(`--${flag}=${directory}`)
  expect(stderr).toContain(`"model":"${MODEL}"`)
  expect(stdout).toContain(`model="${MODEL}"`)
  expect(stdout).not.toContain('SECRET')
  const said = stderr.split('\n').filter((line) => line.includes('SECRET'))
  expect(said.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual(['cannot access this path'])
})

/** Texts and lists in place of objects and numbers; its names stay. */
function allOfOtherTypes(entry: object): string {
  return JSON.stringify(
    Object.fromEntries(Object.entries(entry).map(([name, value]) => [name, name === 'type' ? value : ['SECRET', 7]])),
  )
}

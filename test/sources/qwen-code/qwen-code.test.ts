// The exam of sources and the cases of the format for Qwen Code (other-agents 3.4).
import { describe, expect, it } from 'vitest'
import { qwenCode } from '../../../src/sources/qwen-code/qwen-code.js'
import { qwenCodeReference } from '../../reference/qwen-code.js'
import { homes } from '../../integration/running.js'
import { casesHold } from '../cases.js'
import { sourceExam } from '../contract.js'
import { expectSameGrown } from '../growing.js'
import { inText, linesOf, type LineCase } from '../log-text.js'
import { countedOf, readTranscript } from '../reading.js'
import { apiResponse, assistant, telemetry, type Told } from './lines.js'

const Q1: Told = [18009, 47, 12, 36, 18056]
const ONCE = '1; 17997/47/0/0/12; 0'
const CHAT = 'projects/-p-a/chats/s.jsonl'
const MODEL = 'qwen3-coder-plus'

const LINES = [
  assistant([10, 1, 0, 0, 11], 'old-1'),
  assistant([20, 2, 5, 0, 22], 'old-2'),
  apiResponse(undefined, { uuid: 'none', response: 'r0' }),
  assistant([30, 3, 0, 0, 33], 'old-3'),
  apiResponse(Q1),
  assistant(Q1),
  apiResponse([50, 5, 0, 7, 62], { uuid: 'u2', response: '' }),
  apiResponse([60, 6, 0, 0, 66], { uuid: 'u3', response: 'r3', more: { subagent_name: 'explore' } }),
  telemetry('qwen-code.tool_call', 'u4', 's', { input_token_count: 9 }),
  assistant([70, 7, 0, 0, 77], 'a2'),
]

sourceExam(qwenCode, {
  transcripts: [
    ['-p-a/chats/s.jsonl', { project: '-p-a', session: 's', subagent: false }],
    ['usage/chats/s.jsonl', { project: 'usage', session: 's', subagent: false }],
  ],
  notTranscripts: [
    's.jsonl',
    '-p-a/chats/s.json',
    '-p-a/subagents/s/agent-1.jsonl',
    '-p-a/chats/subagents/agent-1.jsonl',
    '-p-a/usage/token-usage-2026-07.jsonl',
  ],
  lines: LINES,
  fork: LINES.map((line) => ({ ...line, sessionId: 'forked' })),
  unknownLine: { ...apiResponse(Q1, { response: 'r9' }), type: 'managed_session_event_v1' },
})

const cases: readonly LineCase[] = [
  {
    name: 'Q1: telemetry and the assistant line that repeats it',
    files: { [CHAT]: [apiResponse(Q1), assistant(Q1)] },
    models: { [MODEL]: ONCE },
    projects: ['a'],
  },
  {
    name: 'Q2: an assistant line alone',
    files: { [CHAT]: [assistant([15599, 76, 13042, 26, 15675])] },
    models: { [MODEL]: '1; 2557/76/0/0/13042; 0' },
  },
  {
    name: 'Q3: thoughts that the total shows to be extra output',
    files: { [CHAT]: [apiResponse([1000, 20, 0, 30, 1050])] },
    models: { [MODEL]: '1; 1000/50/0/0/0; 0' },
  },
  {
    name: 'Q4: a sub-agent, which has no assistant line',
    files: { [CHAT]: [apiResponse(Q1, { more: { subagent_name: 'explore' } })] },
    models: { [MODEL]: ONCE },
  },
  {
    name: 'Q5: Q1 repeated in the file of another session',
    files: {
      [CHAT]: [apiResponse(Q1), assistant(Q1)],
      'projects/-p-a/chats/t.jsonl': [apiResponse(Q1, { session: 't' }), assistant(Q1, 'a1', 't')],
    },
    models: { [MODEL]: ONCE },
  },
  {
    name: 'Q6: files below subagents/ and usage/',
    files: {
      'projects/-p-a/subagents/s/agent-1.jsonl': [apiResponse(Q1)],
      'projects/-p-a/usage/u.jsonl': [apiResponse(Q1)],
      'usage/token-usage-2026-07.jsonl': [apiResponse(Q1)],
    },
    models: {},
  },
  {
    name: 'Q7: API errors and tool calls',
    files: {
      [CHAT]: ['qwen-code.api_error', 'qwen-code.tool_call'].map((name, index) =>
        telemetry(name, `u${index}`, 's', { response_id: 'r1', model: MODEL, input_token_count: 5 }),
      ),
    },
    models: {},
  },
  {
    name: 'Q8: two assistant lines, then telemetry and its assistant line',
    files: {
      [CHAT]: [assistant([10, 1, 0, 0, 11], 'o1'), assistant([20, 2, 0, 0, 22], 'o2'), apiResponse(Q1), assistant(Q1)],
    },
    models: { [MODEL]: '3; 18027/50/0/0/12; 0' },
  },
  {
    name: 'Q9: one response under two uuids',
    files: { [CHAT]: [apiResponse(Q1), apiResponse(Q1, { uuid: 'other' })] },
    models: { [MODEL]: ONCE },
  },
  {
    name: 'Q10: telemetry without counts, then the assistant line',
    files: { [CHAT]: [apiResponse(undefined), assistant(Q1)] },
    models: { [MODEL]: ONCE },
  },
]

casesHold(
  cases.map((one) => ({ ...inText(one), unpriced: Object.keys(one.models) })),
  { flag: 'qwen.runtime-dir', reference: (directory) => qwenCodeReference([directory]) },
)

describe('qwen-code: output tokens', () => {
  const outputOf = (told: Told, more?: object): number => {
    const file = { project: '-p-a', session: 's', subagent: false, path: '/root/s.jsonl', wantsCwd: false }
    return countedOf(
      readTranscript(qwenCode, file, `${JSON.stringify(apiResponse(told, { more: more ?? {} }))}\n`).batch,
    )[0]!.output
  }

  it.each([
    ['include thoughts when the total says so', [100, 20, 0, 5, 120], {}, 20],
    ['exclude thoughts when the total says so', [100, 20, 0, 5, 125], {}, 25],
    ['include thoughts when the total fits neither reading', [100, 20, 0, 5, 300], { auth_type: 'gemini' }, 20],
    ['include thoughts when the total says so, even for gemini', [100, 20, 0, 5, 120], { auth_type: 'gemini' }, 20],
    ['exclude thoughts without a total for gemini', [100, 20, 0, 5], { auth_type: 'gemini' }, 25],
    ['exclude thoughts without a total for vertex-ai', [100, 20, 0, 5], { auth_type: 'vertex-ai' }, 25],
    ['include thoughts without a total for any other service', [100, 20, 0, 5], { auth_type: 'openai' }, 20],
  ] as const)('%s', (_, told, more, output) => {
    expect(outputOf(told, more)).toBe(output)
  })
})

describe('qwen-code: skips lines as implausible for too many tokens', () => {
  it.each([
    ['of the prompt', [100_000_001, 1, 0, 0]],
    ['of output', [1, 2 ** 24 + 1, 0, 0]],
  ] as const)('%s', (_, told) => {
    const file = { project: '-p-a', session: 's', subagent: false, path: '/root/s.jsonl', wantsCwd: false }
    const { batch, skipped } = readTranscript(qwenCode, file, linesOf([apiResponse(told)]))
    expect([countedOf(batch), skipped]).toEqual([[], ['implausible']])
  })
})

describe('qwen-code: a growing log counts the same as when read at once', () => {
  const home = homes()
  const growth = { flag: 'qwen.runtime-dir', path: CHAT, lines: LINES }

  it.each([
    [1, 2],
    [2, 5],
    [4, 5],
    [5, 6],
    [6, 9],
  ])('up to line %i, then %i, then after a restart', async (poll, restart) => {
    await expectSameGrown(home(), growth, { poll, restart })
  })
})

describe('qwen-code: environment variables', () => {
  const { defaults } = qwenCode.directories
  const found = (env: Readonly<Record<string, string>>): readonly string[] =>
    defaults({ env, list: () => [], xdg: () => '' })

  it('give the runtime directory precedence over the home, and the home over the default', () => {
    expect(found({ QWEN_RUNTIME_DIR: '/r', QWEN_HOME: '/h' })).toEqual(['/r'])
    expect(found({ QWEN_RUNTIME_DIR: ' ', QWEN_HOME: '/h' })).toEqual(['/h'])
    expect(found({})).toEqual(['~/.qwen'])
  })
})

// The cases of Gemini CLI's format (other-agents 2.4), and further ones.
import type { AgentCase } from '../cases.js'
import { answer, content, header, legacy, set, type Counts } from './lines.js'

const MODEL = 'gemini-3-flash-preview'
/** 2000 × 0.5 + 58 × 3 + 10000 × 0.05 dollars a million. */
const ONE = { [MODEL]: '1; 2000/58/0/0/10000; 0.001674' }
const TWO = { [MODEL]: '2; 4000/116/0/0/20000; 0.003348' }
const NAME = 'session-2026-07-01T00-00-94726cc3'
const CHAT = `.gemini/tmp/app/chats/${NAME}.jsonl`
const user = { id: 'm0', timestamp: '2026-07-01T00:00:00.000Z', type: 'user', content: [{ text: 'fix it' }] }
const file = (...lines: readonly object[]): string => content(header(), user, ...lines)
const inOne = (...lines: readonly object[]): AgentCase['files'] => ({ [CHAT]: file(...lines) })
const counted = (name: string, counts: Counts, shown: string, more = {}): AgentCase => ({
  name,
  files: inOne(answer(counts, more)),
  models: { [(more as { model?: string }).model ?? MODEL]: shown },
})

export const geminiCases: readonly AgentCase[] = [
  { name: 'G1: a response', files: inOne(answer()), models: ONE, projects: ['app'] },
  {
    name: 'G2: a message that is written again with tool calls',
    files: inOne(answer(), answer(undefined, { toolCalls: [{ id: 't' }] })),
    models: ONE,
  },
  { name: 'G3: a message whose tokens come later', files: inOne(answer(null), answer()), models: ONE },
  { name: 'G3: a copy without tokens', files: inOne(answer(), answer(null)), models: ONE },
  { name: 'G4: a replay', files: inOne(answer(), set(user, answer())), models: ONE },
  { name: 'G4: a replay alone', files: inOne(set(user, answer())), models: ONE },
  { name: 'G5: a rewound message', files: inOne(answer(), { $rewindTo: 'm0' }), models: ONE },
  {
    name: 'G6: a chat in the old format, and the chat that resumed it',
    files: {
      [`.gemini/tmp/app/chats/${NAME}.json`]: legacy(user, answer()),
      [CHAT]: file(answer(), answer(undefined, { id: 'm2' })),
    },
    models: TWO,
  },
  {
    name: 'G6: a chat in the old format alone',
    files: { [`.gemini/tmp/app/chats/${NAME}.json`]: legacy(user, answer(), answer(null, { id: 'm2' })) },
    models: ONE,
  },
  {
    name: 'G7: a sub-agent',
    files: {
      [CHAT]: file(answer()),
      '.gemini/tmp/app/chats/94726cc3-4317-485b-8dc5-e8d60d540877/sub-1.jsonl': content(
        header('subagent'),
        answer(undefined, { id: 'm2' }),
      ),
      '.gemini/tmp/app/.project_root': '/w/shop',
    },
    models: TWO,
    projects: ['shop'],
  },
  counted('G8: a tool adds to the prompt', [1000, 10, 0, 0, 500, 1510], '1; 1500/10/0/0/0; 0.00078'),
  counted('G9: a prompt without its cached part', [100, 10, 900, 0, 0, 1010], '1; 100/10/0/0/900; 0.000125'),
  counted('G10: a long prompt', [250_000, 1000, 200_000, 0, 0, 251_000], '1; 50000/1000/0/0/200000; 0.19', {
    model: 'gemini-2.5-pro',
  }),
  counted('G11: more cached tokens than prompt tokens', [10, 5, 40, 0, 0, 15], '1; 0/5/0/0/40; 0.000017'),
  counted('G12: tool tokens are never cached', [10, 5, 40, 0, 7, 22], '1; 7/5/0/0/40; 0.0000205'),
  counted('thoughts inside the answer', [100, 50, 0, 40, 0, 150], '1; 100/50/0/0/0; 0.0002'),
  counted('thoughts inside the answer, with a tool', [100, 50, 0, 40, 7, 157], '1; 107/50/0/0/0; 0.0002035'),
  {
    name: 'a response with no tokens',
    files: inOne(answer([0, 0, 0, 0, 0, 0])),
    models: {},
  },
  {
    name: 'one message in the chats of two projects',
    files: { [CHAT]: file(answer()), [CHAT.replace('/app/', '/other/')]: file(answer()) },
    models: ONE,
    projects: ['app'],
  },
  {
    name: 'a project found in the list of projects',
    files: {
      [CHAT]: file(answer()),
      [CHAT.replace('/app/', '/gone/')]: file(answer(undefined, { id: 'm2' })),
      '.gemini/projects.json': JSON.stringify({ projects: { '/w/listed': 'app', '/w/else': 'else' } }),
    },
    models: TWO,
    projects: ['gone', 'listed'],
  },
  {
    name: 'files next to the chats directory are ignored',
    files: {
      '.gemini/tmp/app/logs.json': JSON.stringify([answer()]),
      '.gemini/tmp/app/checkpoint-a.json': legacy(answer()),
    },
    models: {},
  },
]

// The cases of pi's format (other-agents 1.4), and further ones found in its files.
import type { AgentCase } from '../cases.js'
import { USAGE, answer, content, header, modelChange, summary } from './lines.js'

const MODEL = 'claude-opus-4-5'
/** 10 × 5 + 160 × 25 + 200 × 6.25 + 100 × 10 + 1000 × 0.5 dollars a million. */
const ONE = { [MODEL]: '1; 10/160/200/100/1000; 0.0068' }
const TWO = { [MODEL]: '2; 20/320/400/200/2000; 0.0136' }
const later = { timestamp: '2026-07-01T00:00:09.000Z', id: 'b' }
const zeros = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, totalTokens: 0, cost: { total: 0 } }
const file = (...lines: readonly object[]): string => content(header(), ...lines)
const inOne = (...lines: readonly object[]): AgentCase['files'] => ({ 'sessions/--w-app--/A.jsonl': file(...lines) })
const inTwo = (first: readonly object[], second: readonly object[]): AgentCase['files'] => ({
  'sessions/--w-app--/A.jsonl': file(...first),
  'sessions/--w-app--/B.jsonl': file(...second),
})
const withoutId = (line: object): object => ({ ...line, id: undefined })

/** An answer of an OpenAI model: 0.0022 dollars at the standard tier. */
const asked = (responseId: string, second: number, message: object = {}): object =>
  answer(
    { timestamp: `2026-07-01T00:00:${String(second).padStart(2, '0')}.000Z` },
    {
      provider: 'openai-codex',
      model: 'gpt-5.4',
      responseId,
      usage: { input: 200, output: 100, cacheRead: 800, cacheWrite: 0 },
      ...message,
    },
  )
const tierChange = (serviceTier: unknown): object => ({ type: 'service_tier_change', id: 't', serviceTier })

export const piCases: readonly AgentCase[] = [
  { name: 'P1: a response', files: inOne(answer()), models: ONE, projects: ['app'] },
  {
    name: 'P2: a fork counts only what is new in it',
    files: inTwo([answer()], [answer(), answer(later, { responseId: 'r2' })]),
    models: TWO,
  },
  { name: 'P3: an aborted response', files: inOne(answer({}, { stopReason: 'aborted', usage: zeros })), models: {} },
  {
    name: 'P4: one entry id in two files',
    files: inTwo([answer({ id: 'a' })], [answer({ ...later, id: 'a' }, { timestamp: 1_782_864_008_000 })]),
    models: TWO,
  },
  {
    name: 'P5: a line of version 1 that got its id from a migration',
    files: inTwo([withoutId(answer())], [answer({ id: 'e4b0c1d2', parentId: null })]),
    models: ONE,
  },
  {
    name: 'P6: a compaction counts, the tail that it retains does not',
    files: inOne(
      answer(),
      summary(
        'compaction',
        { input: 5, output: 700 },
        { retainedTail: [{ role: 'assistant', model: MODEL, usage: { output: 9999 } }] },
      ),
    ),
    models: { [MODEL]: '2; 15/860/200/100/1000; 0.024325' },
  },
  {
    name: 'P7: a child record that is not an entry',
    files: inOne({ version: 1, recordType: 'message', message: { role: 'assistant', model: MODEL, usage: USAGE } }),
    models: {},
  },
  {
    name: 'P8: a tool result',
    files: inOne(answer({}, { role: 'toolResult' })),
    models: {},
  },
  {
    name: 'P9: two responses without ids and with equal usage',
    files: inOne(
      answer({}, { responseId: undefined }),
      answer({}, { responseId: undefined, timestamp: 1_782_864_000_001 }),
    ),
    models: TWO,
  },
  {
    name: 'P10: a title before the header',
    files: {
      'sessions/--w-app--/A.jsonl': content(
        { type: 'title', v: 1, title: 'Fix', updatedAt: '2026-07-01T00:00:00.000Z', pad: ' '.repeat(80) },
        header('/w/shop'),
        answer(),
      ),
    },
    models: ONE,
    projects: ['shop'],
  },
  {
    name: 'P11: a branch summary counts for the model chosen last',
    files: inOne(answer(), modelChange('m-2'), summary('branch_summary', { input: 5, output: 700 })),
    models: { ...ONE, 'm-2': '1; 5/700/0/0/0; 0' },
  },
  {
    name: 'P11: a branch summary counts for the model that answered after the choice',
    files: inOne(modelChange('m-2'), answer(), summary('branch_summary', { input: 5, output: 700 })),
    models: { [MODEL]: '2; 15/860/200/100/1000; 0.024325' },
  },
  {
    name: 'an answer counts for the responding model, a summary for the model of the session',
    files: inOne(
      answer({}, { model: 'auto', responseModel: 'm-3', usage: { input: 1, output: 2 } }),
      summary('compaction', { input: 5, output: 700 }),
    ),
    models: { 'm-3': '1; 1/2/0/0/0; 0', auto: '1; 5/700/0/0/0; 0' },
  },
  {
    name: 'the logged cost counts for models without a price, unless it is 0',
    files: inOne(
      answer({}, { model: 'own-1', usage: { input: 1, output: 2, cost: { total: 0.0125 } } }),
      answer(later, { model: 'own-2', usage: { input: 1, output: 2, cost: { total: 0 } } }),
      answer({ ...later, id: 'c' }, { responseId: 'r9', usage: { ...USAGE, cost: { total: 7 } } }),
    ),
    models: { ...ONE, 'own-1': '1; 1/2/0/0/0; 0.0125', 'own-2': '1; 1/2/0/0/0; 0' },
  },
  {
    name: 'sub-agents and forks below a session count once, for the project of the session',
    files: {
      'sessions/--w-app--/A.jsonl': file(answer()),
      'sessions/--w-app--/A/run-id/run-0/session.jsonl': content(
        header('/w/tree'),
        answer(later, { responseId: 'r2' }),
      ),
      'sessions/--w-app--/A/forks/f.jsonl': file(answer()),
      'sessions/--w-app--/A/subagent-artifacts/x_transcript.jsonl': content({
        version: 1,
        recordType: 'message',
        message: { role: 'assistant', model: MODEL, usage: USAGE },
      }),
    },
    models: TWO,
    projects: ['app'],
  },
  {
    name: 'a sub-agent whose session is gone counts for its own project',
    files: { 'sessions/--w-app--/A/run-id/run-0/session.jsonl': content(header('/w/tree'), answer()) },
    models: ONE,
    projects: ['tree'],
  },
  {
    name: 'sessions directly in the given directory',
    files: { 'A.jsonl': file(answer()), 'notes.txt': file(answer(later)) },
    models: ONE,
  },
  {
    name: 'a session without a header counts for a project named after its directory',
    files: { 'sessions/--w-app--/A.jsonl': content(answer()) },
    models: ONE,
    projects: ['--w-app--'],
  },
  {
    name: 'rewound branches count',
    files: inOne(
      answer({ id: 'a', parentId: 'x' }),
      answer({ ...later, parentId: 'x' }, { responseId: 'r2', timestamp: 1_782_864_008_000 }),
    ),
    models: TWO,
  },
]

/** Below OpenClaw's directory: `agents/<agent>/sessions/`. */
export const openClawCases: readonly AgentCase[] = [
  {
    name: 'archived sessions that were reset or deleted count, backups do not',
    files: {
      'agents/main/sessions/A.jsonl': file(answer()),
      'agents/main/sessions/B.jsonl.reset.2026-07-12T17-00-00.000Z': file(
        answer(),
        answer(later, { responseId: 'r2' }),
      ),
      'agents/helper/sessions/C.jsonl.deleted.2026-07-12T17-00-00.000Z': file(
        answer(later, { responseId: 'r3', usage: { output: 40 } }),
      ),
      'agents/main/sessions/D.jsonl.bak': file(answer(later, { responseId: 'r4' })),
    },
    models: { [MODEL]: '3; 20/360/400/200/2000; 0.0146' },
  },
  {
    name: 'messages of the gateway itself do not count',
    files: {
      'agents/main/sessions/A.jsonl': file(
        answer({}, { provider: 'openclaw', model: 'delivery-mirror', responseId: undefined, usage: zeros }),
      ),
    },
    models: {},
  },
]

/** Below Oh My Pi's directory: `agent/sessions/`, and the same of each profile. */
export const ohMyPiCases: readonly AgentCase[] = [
  {
    name: 'sessions of all profiles count, and calls outside the conversation',
    files: {
      'agent/sessions/--w-app--/A.jsonl': file(answer()),
      'profiles/work/agent/sessions/--w-app--/B.jsonl': file({
        type: 'model_usage',
        timestamp: '2026-07-01T00:02:00.000Z',
        purpose: 'title',
        model: 'claude-haiku-4-5',
        usage: { input: 1000, output: 200 },
      }),
    },
    models: { ...ONE, 'claude-haiku-4-5': '1; 1000/200/0/0/0; 0.002' },
  },
  {
    name: 'usage fields under other names, and the usage of orchestration',
    files: {
      'agent/sessions/--w-app--/A.jsonl': file(
        answer(
          {},
          {
            model: 'auto',
            upstreamModel: MODEL,
            usage: {
              input: 10,
              output: 100,
              cacheRead: 900,
              cacheWrite: 300,
              cttl: { ephemeral5m: 200, ephemeral1h: 100 },
              reasoningTokens: 50,
              orchestration: { input: 0, output: 60, cacheRead: 100 },
            },
          },
        ),
      ),
    },
    models: ONE,
  },
  {
    name: 'the OpenAI service tier changes the cost of its models',
    files: {
      'agent/sessions/--w-app--/A.jsonl': file(
        asked('a', 1),
        tierChange({ openai: 'priority', anthropic: 'priority' }),
        asked('b', 2),
        asked('c', 3, { provider: 'openai' }),
        // Tiers apply only to OpenAI's own service.
        asked('d', 4, { provider: 'openrouter' }),
        tierChange({ openai: 'flex' }),
        asked('e', 5),
        tierChange({ anthropic: 'priority' }),
        asked('f', 6),
        tierChange('openai-only'),
        asked('g', 7),
        tierChange('claude-only'),
        asked('h', 8),
        tierChange('fast'),
        asked('i', 9),
        tierChange(null),
        asked('j', 10),
      ),
    },
    models: { 'gpt-5.4': '10; 2000/1000/0/0/8000; 0.0297' },
  },
]

// The exam of sources and the cases of the format for GitHub Copilot CLI (other-agents 5.4).
import { describe, expect, it } from 'vitest'
import { copilotCli } from '../../../src/sources/copilot-cli/copilot-cli.js'
import { Snapshots } from '../../../src/sources/copilot-cli/snapshots.js'
import { homes } from '../../integration/running.js'
import { copilotCliReference } from '../../reference/copilot-cli.js'
import { casesHold } from '../cases.js'
import { sourceExam } from '../contract.js'
import { expectSameGrown } from '../growing.js'
import { inText, linesOf, type LineCase } from '../log-text.js'
import { countedOf, readTranscript } from '../reading.js'
import { AT, START_MS, metrics, resume, shutdown, start, type Metrics } from './lines.js'

const UUID = '11111111-1111-4111-8111-111111111111'
const EVENTS = `session-state/${UUID}/events.jsonl`
const MINI = 'gpt-5-mini'
const HAIKU = 'claude-haiku-4.5'

const C1_METRICS: Metrics = { count: 1, details: [61, 110, 0, 10752], nanoAiu: 50_405_000 }
const C1 = shutdown('e1', { [MINI]: C1_METRICS })
const HAIKU_METRICS: Metrics = { count: 1, details: [10, 35, 12602, 0], nanoAiu: 1_593_750_000 }
const C3 = [
  start('s'),
  shutdown('e1', { [HAIKU]: HAIKU_METRICS }),
  resume,
  shutdown('e2', { [HAIKU]: HAIKU_METRICS, [MINI]: { count: 1, details: [9277, 88, 0, 1536], nanoAiu: 253_365_000 } }),
]
const C3_MODELS = {
  'claude-haiku-4-5': '1; 10/35/12602/0/0; 0.0159375',
  [MINI]: '1; 9277/88/0/0/1536; 0.00253365',
}
const C14 = [
  start('s'),
  shutdown('e1', { [MINI]: { count: 1, usage: [100, 5] } }),
  resume,
  shutdown('e2', { [MINI]: { count: 3, usage: [300, 15] } }),
]
const SESSION_A = [start('a'), shutdown('ea', { [MINI]: { count: 2, usage: [100, 5] } }, { start: 1 })]
const SESSION_B = [start('b', '/w/b'), shutdown('eb', { [MINI]: { count: 1, usage: [40, 6] } }, { start: 2 })]

const LINES = [
  ...C3,
  ...SESSION_A,
  resume,
  shutdown(
    'ea2',
    { [MINI]: { count: 5, usage: [400, 50] }, 'gpt-5.4-1m': { count: 1, usage: [1, 2, 3, 4] } },
    { start: 1 },
  ),
  // The counter restarts, first within the session, then with a new session start.
  shutdown('ea3', { [MINI]: { count: 2, usage: [30, 3] } }, { start: 1 }),
  shutdown('ea4', { [MINI]: { count: 2, usage: [20, 2] } }, { start: 3 }),
  ...SESSION_B,
  ...SESSION_A,
  shutdown('none', {}),
]

sourceExam(copilotCli, {
  transcripts: [
    [`${UUID}/events.jsonl`, { project: 'unknown', session: UUID, subagent: false }],
    [`${UUID}.jsonl`, { project: 'unknown', session: UUID, subagent: false }],
    [`copied/${UUID}/events.jsonl`, { project: 'unknown', session: UUID, subagent: false }],
  ],
  notTranscripts: [
    `${UUID}/workspace.yaml`,
    `${UUID}/other.jsonl`,
    `${UUID}/files/events.jsonl`,
    `${UUID}/checkpoints/1/events.jsonl`,
    'session-store.db',
  ],
  lines: LINES,
  fork: [...C3, ...SESSION_B],
  unknownLine: { ...shutdown('e9', { [MINI]: { count: 9, usage: [9, 9] } }), type: 'session.usage_checkpoint' },
})

const cases: readonly LineCase[] = [
  { name: 'C1: a session', files: { [EVENTS]: [C1] }, models: { [MINI]: '1; 61/110/0/0/10752; 0.00050405' } },
  {
    name: 'C2: a session without token details',
    files: { [EVENTS]: [shutdown('e1', { [MINI]: { count: 1, usage: [70, 50, 20, 10] } })] },
    models: { [MINI]: '1; 70/50/20/0/10; 0.00012275' },
  },
  { name: 'C3: a resumed session', files: { [EVENTS]: C3 }, models: C3_MODELS, projects: ['app'] },
  { name: 'C4: a resumed session, written twice', files: { [EVENTS]: [...C3, ...C3] }, models: C3_MODELS },
  {
    name: 'C5: a counter that restarts',
    files: {
      [EVENTS]: [
        start('s'),
        shutdown('e1', { [MINI]: { count: 107, usage: [1_000_000, 0] } }),
        resume,
        shutdown('e2', { [MINI]: { count: 5, usage: [50_000, 0] } }),
      ],
    },
    models: { [MINI]: '112; 1050000/0/0/0/0; 0.2625' },
  },
  {
    name: 'C6: usage that leaves out a compaction',
    files: {
      [EVENTS]: [
        shutdown('e1', { [MINI]: { count: 2, usage: [12212, 247, 0, 9728], details: [13430, 1322, 0, 20352] } }),
      ],
    },
    models: { [MINI]: '2; 13430/1322/0/0/20352; 0.0065103' },
  },
  { name: 'C7: a session without metrics', files: { [EVENTS]: [start('s'), shutdown('e1', {})] }, models: {} },
  {
    name: 'C8: messages and checkpoints',
    files: {
      [EVENTS]: [
        { type: 'assistant.message', id: 'm1', timestamp: AT, data: { outputTokens: 110, model: MINI } },
        { type: 'session.usage_checkpoint', id: 'u1', timestamp: AT, data: { totalNanoAiu: 50_405_000 } },
      ],
    },
    models: {},
  },
  {
    name: 'C9: agent metrics that repeat the model metrics',
    files: {
      [EVENTS]: [shutdown('e1', { [MINI]: C1_METRICS }, { more: { agentMetrics: { [MINI]: metrics(C1_METRICS) } } })],
    },
    models: { [MINI]: '1; 61/110/0/0/10752; 0.00050405' },
  },
  {
    name: "C10: GitHub's names for models",
    files: {
      [EVENTS]: [
        shutdown('e1', {
          'claude-opus-4.6-1m': { count: 1, usage: [1, 0] },
          'claude-opus-4.6-1m-internal': { count: 1, usage: [2, 0] },
        }),
      ],
    },
    models: { 'claude-opus-4-6': '2; 3/0/0/0/0; 0.000015' },
  },
  {
    name: 'C11: a snapshot with two names for one model',
    files: {
      [EVENTS]: [
        shutdown('e1', {
          'claude-opus-4.6-1m': { count: 1, usage: [5, 6, 7, 8] },
          'claude-opus-4.6': { count: 2, usage: [50, 60, 70, 80] },
        }),
      ],
    },
    models: { 'claude-opus-4-6': '3; 55/66/77/0/88; 0.00245025' },
  },
  {
    name: 'C12: two sessions in one file, one of them also in another',
    files: { [EVENTS]: [...SESSION_A, ...SESSION_B], 'session-state/b/events.jsonl': SESSION_B },
    models: { [MINI]: '3; 140/11/0/0/0; 0.000057' },
  },
  {
    name: 'C13: requests without a count',
    files: { [EVENTS]: [shutdown('e1', { [MINI]: { usage: [100, 50] } })] },
    models: { [MINI]: '1; 100/50/0/0/0; 0.000125' },
  },
  {
    name: 'C14: a resumed session without ids of its own, written twice',
    files: { [EVENTS]: [...C14, ...C14] },
    models: { [MINI]: '3; 300/15/0/0/0; 0.000105' },
  },
  {
    name: 'a session that restarts with the same count',
    files: {
      [EVENTS]: [
        start('s'),
        shutdown('e1', { [MINI]: { count: 1, usage: [100, 5] } }),
        resume,
        shutdown('e2', { [MINI]: { count: 1, usage: [100, 5] } }, { start: START_MS + 1 }),
      ],
    },
    models: { [MINI]: '2; 200/10/0/0/0; 0.00007' },
  },
  {
    name: 'a session both in a flat file and in a directory, without a start event',
    files: { [`session-state/${UUID}.jsonl`]: [C1], [EVENTS]: [C1] },
    models: { [MINI]: '1; 61/110/0/0/10752; 0.00050405' },
  },
  {
    name: 'a session directory given directly',
    files: { [`${UUID}.jsonl`]: [C1] },
    models: { [MINI]: '1; 61/110/0/0/10752; 0.00050405' },
  },
  {
    name: 'a billed amount that differs from list prices',
    files: { [EVENTS]: [shutdown('e1', { [MINI]: { count: 1, usage: [1_000_000, 0], nanoAiu: 100_000_000_000 } })] },
    models: { [MINI]: '1; 1000000/0/0/0/0; 1' },
  },
  {
    name: 'four prompts that exceed the long-context limit only in sum, and one that exceeds it alone',
    files: {
      [EVENTS]: [
        shutdown('e1', { 'claude-sonnet-4.5': { count: 4, usage: [800_000, 0] } }, { at: '2026-03-20T00:00:00.000Z' }),
      ],
      'session-state/t/events.jsonl': [
        shutdown('e2', { 'claude-sonnet-4.5': { count: 1, usage: [200_001, 0] } }, { at: '2026-03-20T00:00:00.000Z' }),
      ],
    },
    models: { 'claude-sonnet-4-5': '5; 1000001/0/0/0/0; 3.600006' },
  },
  {
    name: 'implausible bills: over 10,000 dollars per request or over 100,000 in total',
    files: {
      [EVENTS]: [
        shutdown('e1', { [MINI]: { count: 1, usage: [1_000_000, 0], nanoAiu: 1.1e15 } }),
        shutdown('e2', { 'gpt-5.4': { count: 2, usage: [1_000_000, 0], nanoAiu: 1.1e15 } }),
        shutdown('e3', { 'claude-sonnet-4.5': { count: 20, usage: [1_000_000, 0], nanoAiu: 1.1e16 } }),
      ],
    },
    models: {
      [MINI]: '1; 1000000/0/0/0/0; 0.25',
      'gpt-5.4': '2; 1000000/0/0/0/0; 11000',
      'claude-sonnet-4-5': '20; 1000000/0/0/0/0; 3',
    },
  },
  {
    name: 'a billed amount for a model without a price',
    files: { [EVENTS]: [shutdown('e1', { 'claude-other-9.9': { count: 1, usage: [1, 0], nanoAiu: 1_000_000_000 } })] },
    models: { 'claude-other-9-9': '1; 1/0/0/0/0; 0.01' },
  },
]

casesHold(
  cases.map((one) => ({ unpriced: [], ...inText(one) })),
  { flag: 'copilot.home', reference: (directory) => copilotCliReference([directory]) },
)

describe('copilot-cli: saved state', () => {
  const file = {
    project: 'unknown',
    session: UUID,
    subagent: false,
    path: `/root/${UUID}/events.jsonl`,
    wantsCwd: false,
  }
  const exits = (many: number): object[] =>
    Array.from({ length: many }, (_, at) => shutdown(`e${at}`, { [MINI]: { count: at + 1, usage: [at + 1, at + 1] } }))

  it('holds 365 exits, and is omitted for 500', () => {
    expect(readTranscript(copilotCli, file, linesOf(exits(365))).saved).toBeDefined()
    const { saved, batch } = readTranscript(copilotCli, file, linesOf(exits(500)))
    expect(saved).toBeUndefined()
    expect(countedOf(batch)).toMatchObject([{ requests: 500, input: 500, output: 500 }])
  })
})

describe('copilot-cli: the check for implausible counts', () => {
  const file = {
    project: 'unknown',
    session: UUID,
    subagent: false,
    path: `/root/${UUID}/events.jsonl`,
    wantsCwd: false,
  }

  it.each([
    ['skips 200 million tokens in one request', 1, 200_000_000, ['implausible']],
    ['accepts 200 million tokens in two requests', 2, 200_000_000, []],
    ['skips more requests than tokens', 103, 101, ['implausible']],
    ['accepts one token per request', 102, 101, []],
    ['skips more than 100,000 requests', 100_001, 200_000, ['implausible']],
    ['accepts 100,000 requests', 100_000, 200_000, []],
  ] as const)('%s', (_, count, input, expected) => {
    const line = shutdown('e1', { [MINI]: { count, usage: [input, 1] } })
    const { batch, skipped } = readTranscript(copilotCli, file, linesOf([line]))
    expect([countedOf(batch).length, skipped]).toEqual([1 - expected.length, expected])
  })
})

it.each([
  [1_000, 1_000, []],
  [1_001, 0, ['implausible']],
] as const)('copilot-cli: a session with %i models counts %i', (models, counted, expected) => {
  const file = { project: 'unknown', session: UUID, subagent: false, path: '/root/s/events.jsonl', wantsCwd: false }
  const told = Object.fromEntries(
    Array.from({ length: models }, (_, at) => [`m${at}`, { count: 1, usage: [1, 1] } as const]),
  )
  const { batch, skipped } = readTranscript(copilotCli, file, linesOf([shutdown('e1', told)]))
  expect([countedOf(batch).length, skipped]).toEqual([counted, expected])
})

describe('copilot-cli: memory for a long log', () => {
  const session = () => new Snapshots(UUID)

  it('keeps the latest exits', () => {
    const snapshots = session()
    for (let exit = 0; exit < 5_000; exit += 1) expect(snapshots.hasSeen(`e${exit}`)).toBe(false)
    expect([4_999, 1_000].map((exit) => snapshots.hasSeen(`e${exit}`))).toEqual([true, true])
    expect(snapshots.hasSeen('e100')).toBe(false)
  })

  it('keeps the models that were reported last', () => {
    const snapshots = session()
    const told = (model: string, requests: number): number => snapshots.epochOf(model, { requests, start: 0 })
    expect([told('first', 5), told('first', 4)]).toEqual([0, 1])
    for (let model = 0; model < 1_024; model += 1) told(`m${model}`, 5)
    expect(['m0', 'm1023', 'first'].map((model) => told(model, 3))).toEqual([1, 1, 0])
  })
})

describe('copilot-cli: a growing log counts the same as when read at once', () => {
  const home = homes()
  const growth = { flag: 'copilot.home', path: EVENTS, lines: LINES }

  it.each([
    [1, 3],
    [2, 4],
    [4, 6],
    [6, 8],
    [7, 9],
    [9, 12],
    [10, 13],
  ])('up to line %i, then %i, then after a restart', async (poll, restart) => {
    await expectSameGrown(home(), growth, { poll, restart })
  })

  it('with more exits than can be saved', async () => {
    const lines = Array.from({ length: 450 }, (_, at) =>
      shutdown(`e${at}`, { [MINI]: { count: (at % 100) + 1, usage: [at + 1, 1] } }),
    )
    await expectSameGrown(home(), { ...growth, lines: [...lines, ...lines] }, { poll: 440, restart: 455 })
  })
})

describe('copilot-cli: COPILOT_HOME', () => {
  it('replaces the default home', () => {
    const { defaults } = copilotCli.directories
    const found = (env: Readonly<Record<string, string>>): readonly string[] =>
      defaults({ env, list: () => [], xdg: () => '' })
    expect(found({ COPILOT_HOME: '/c' })).toEqual(['/c'])
    expect(found({})).toEqual(['~/.copilot'])
  })
})

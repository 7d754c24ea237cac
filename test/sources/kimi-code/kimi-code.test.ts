// The exam of sources and the cases of the formats for Kimi Code and kimi-cli (other-agents 4.4).
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { Aliases } from '../../../src/sources/kimi-code/aliases.js'
import { kimiCode } from '../../../src/sources/kimi-code/kimi-code.js'
import { homes } from '../../integration/running.js'
import { kimiCodeReference } from '../../reference/kimi-code.js'
import { casesHold } from '../cases.js'
import { sourceExam } from '../contract.js'
import { expectSameGrown } from '../growing.js'
import { inText, linesOf, type LineCase } from '../log-text.js'
import { countedOf, readTranscript } from '../reading.js'
import { config, metadata, record, repeated, request, status, type Told } from './lines.js'

const K1: Told = [100, 20, 900, 0]
const K1_LINES = [request('kimi-k3', 'k3'), record(K1)]
const ONCE = '1; 100/20/0/0/900; 0.00087'
const SESSION = 'sessions/wd_app_1a2b/session_11111111-1111-4111-8111-111111111111'
const MAIN = `${SESSION}/agents/main/wire.jsonl`
const FORK = 'sessions/wd_app_1a2b/session_22222222-2222-4222-8222-222222222222/agents/main/wire.jsonl'
const WORK_DIR = '/w/legacy'
const LEGACY = `sessions/${createHash('md5').update(WORK_DIR).digest('hex')}/33333333-3333-4333-8333-333333333333`
const UNPRICED = 'kimi-for-coding'

const LINES = [
  metadata,
  config('/w/app'),
  ...K1_LINES,
  request('kimi-k2.6', 'k2'),
  record([5, 6, 7, 8], { time: 2, usageScope: 'session' }),
  record([7, 6, 7, 8], { time: undefined }),
  request('kimi-k2.7-code'),
  record([8, 6, 7, 8], { time: 4, model: 'k2', agentId: 'main' }),
  status([9, 1, 2, 3], 'm1'),
  status([9, 1, 2, 3], undefined),
  repeated([10, 1, 2, 3], 'm2'),
  status(null, 'm3'),
  record([0, 0, 0, 0], { time: 5 }),
]
/** With lines whose meaning depends on their position. */
const GROWING = [
  ...LINES.slice(0, 2),
  record([1, 1, 0, 0], { model: 'kimi-code/kimi-k2.5', time: 6 }),
  ...LINES.slice(2, 7),
  record([6, 6, 7, 8], { time: 7, model: 'never-requested' }),
  ...LINES.slice(7),
  record([8, 6, 7, 8], { time: 8, model: 'never-requested' }),
]

sourceExam(kimiCode, {
  transcripts: [
    ['wd_app_1a/session_1/agents/main/wire.jsonl', { project: 'wd_app_1a', session: 'session_1', subagent: false }],
    ['wd_app_1a/session_1/agents/agent-0/wire.jsonl', { project: 'wd_app_1a', session: 'session_1', subagent: true }],
    ['0a1b/s1/wire.jsonl', { project: '0a1b', session: 's1', subagent: false }],
    ['0a1b/s1/subagents/a1/wire.jsonl', { project: '0a1b', session: 's1', subagent: true }],
    ['ide/other/0a1b/s1/wire.jsonl', { project: '0a1b', session: 's1', subagent: false }],
    ['s1/wire.jsonl', { project: 'unknown', session: 's1', subagent: false }],
  ],
  notTranscripts: ['wire.jsonl', '0a1b/s1/context.jsonl', '0a1b/s1/wire.jsonl.bak'],
  lines: LINES,
  fork: [...LINES.slice(2), { type: 'forked' }, record([11, 12, 13, 14], { time: 9 })],
  unknownLine: { ...record([1, 2, 3, 4], { time: 9 }), type: 'usage.total' },
})

const cases: readonly LineCase[] = [
  {
    name: 'K1: a record whose alias a request resolves',
    files: { [MAIN]: [metadata, config('/w/app'), ...K1_LINES] },
    models: { 'kimi-k3': ONCE },
    projects: ['app'],
  },
  {
    name: 'K2: a call outside a turn',
    files: { [MAIN]: [...K1_LINES, record(K1, { usageScope: 'session', time: 1_782_864_000_001 })] },
    models: { 'kimi-k3': '2; 200/40/0/0/1800; 0.00174' },
  },
  {
    name: 'K2: a record without a scope',
    files: { [MAIN]: [...K1_LINES, record(K1, { usageScope: undefined, time: 1_782_864_000_001 })] },
    models: { 'kimi-k3': '2; 200/40/0/0/1800; 0.00174' },
  },
  {
    name: 'K3: a fork',
    files: {
      [MAIN]: K1_LINES,
      [FORK]: [...K1_LINES, { type: 'forked' }, record([7, 2, 0, 5], { time: 1_782_864_009_000 })],
    },
    models: { 'kimi-k3': '2; 107/22/5/0/900; 0.000936' },
  },
  {
    name: 'K4: the main agent and a sub-agent',
    files: {
      [MAIN]: K1_LINES,
      [`${SESSION}/agents/agent-0/wire.jsonl`]: [request('kimi-k3', 'k3'), record([1, 2, 3, 0])],
    },
    models: { 'kimi-k3': '2; 101/22/0/0/903; 0.0009039' },
  },
  { name: 'K5: a record of zeros', files: { [MAIN]: [request('kimi-k3', 'k3'), record([0, 0, 0, 0])] }, models: {} },
  {
    name: 'K6: a record repeated with its agent',
    files: { [MAIN]: [...K1_LINES, record(K1, { agentId: 'main' })] },
    models: { 'kimi-k3': ONCE },
  },
  {
    name: 'K6: a record repeated under another alias',
    files: { [MAIN]: [...K1_LINES, record(K1, { model: 'kimi-code/kimi-k3' })] },
    models: { 'kimi-k3': ONCE },
  },
  {
    name: 'K7: kimi-cli: a sub-agent without a file of its own',
    files: { [`${LEGACY}/wire.jsonl`]: [metadata, repeated([40, 4, 10, 2], 'm1')] },
    models: { [UNPRICED]: '1; 40/4/2/0/10; 0' },
    unpriced: [UNPRICED],
  },
  {
    name: 'K7: kimi-cli: a sub-agent whose usage its parent repeats',
    files: {
      'kimi.json': JSON.stringify({ work_dirs: [{ path: '/w/other' }, { path: WORK_DIR }] }),
      [`${LEGACY}/wire.jsonl`]: [metadata, repeated([40, 4, 10, 0], 'm1'), status([11, 5, 0, 0], 'm2')],
      [`${LEGACY}/subagents/a1/wire.jsonl`]: [metadata, status([40, 4, 10, 0], 'm1')],
    },
    models: { [UNPRICED]: '2; 51/9/0/0/10; 0' },
    unpriced: [UNPRICED],
    projects: ['legacy'],
  },
  { name: 'K8: kimi-cli: no usage', files: { [`${LEGACY}/wire.jsonl`]: [status(null, 'm1')] }, models: {} },
  {
    name: 'K9: the end of a step that repeats the usage',
    files: {
      [MAIN]: [
        { type: 'context.append_loop_event', event: { type: 'step.end', usage: { inputOther: 100, output: 20 } } },
        { type: 'context.append_loop_event', event: record(K1) },
      ],
    },
    models: {},
  },
  {
    name: 'K10: two aliases',
    files: { [MAIN]: [request('kimi-k3', 'k3'), request('kimi-k2.6', 'k2'), record(K1)] },
    models: { 'kimi-k3': ONCE },
  },
  {
    name: 'an unknown alias: the last requested model, else the alias without its provider',
    files: {
      [MAIN]: [
        record([1, 1, 0, 0], { model: 'kimi-code/kimi-k2.5', time: 1 }),
        request('kimi-k2.6', 'k2'),
        record([2, 2, 0, 0], { model: 'other', time: 2 }),
      ],
    },
    models: { 'kimi-k2.5': '1; 1/1/0/0/0; 0.0000036', 'kimi-k2.6': '1; 2/2/0/0/0; 0.0000099' },
  },
  {
    name: 'a working directory found only in the session index',
    files: {
      [MAIN]: K1_LINES,
      'session_index.jsonl': [
        { sessionId: 'session_0', workDir: '/w/other' },
        { sessionId: 'session_11111111-1111-4111-8111-111111111111', workDir: '/w/indexed' },
      ],
    },
    models: { 'kimi-k3': ONCE },
    projects: ['indexed'],
  },
]

casesHold(
  cases.map((one) => ({ unpriced: [], ...inText(one) })),
  { flag: 'kimi.home', reference: (directory) => kimiCodeReference([directory]) },
)

describe('kimi-code: saved state', () => {
  const file = { project: 'p', session: 's', subagent: false, path: '/root/s/wire.jsonl', wantsCwd: false }
  const manyAliases = Array.from({ length: 300 }, (_, at) => request(`kimi-model-${at}`, `alias-${at}`))

  it('is omitted when there are too many aliases', () => {
    expect(readTranscript(kimiCode, file, linesOf(manyAliases.slice(0, 20))).saved).toBeDefined()
    expect(readTranscript(kimiCode, file, linesOf(manyAliases)).saved).toBeUndefined()
  })

  it('resolves an alias to the model last requested under it', () => {
    const lines = [request('kimi-k2.5', 'k'), request('kimi-k3', 'k'), record(K1, { model: 'k' })]
    expect(countedOf(readTranscript(kimiCode, file, linesOf(lines)).batch).map(({ model }) => model)).toEqual([
      'kimi-k3',
    ])
  })
})

describe('kimi-code: skips lines as implausible for too many tokens', () => {
  it.each([
    ['of input', [100_000_001, 1, 0, 0]],
    ['of output', [1, 2 ** 24 + 1, 0, 0]],
  ] as const)('%s', (_, told) => {
    const file = { project: 'p', session: 's', subagent: false, path: '/root/s/wire.jsonl', wantsCwd: false }
    const { batch, skipped } = readTranscript(kimiCode, file, linesOf([record(told), status(told, 'm1')]))
    expect([countedOf(batch), skipped]).toEqual([[], ['implausible', 'implausible']])
  })
})

describe('kimi-code: a record with a time outside the years 0 to 9999', () => {
  it.each([-8.64e15, 8.64e15, 1e308, -62_167_219_200_001, 253_402_300_800_000])('has no time: %d ms', (time) => {
    const file = { project: 'p', session: 's', subagent: false, path: '/root/s/wire.jsonl', wantsCwd: false }
    const { batch } = readTranscript(kimiCode, file, linesOf([record([1, 1, 0, 0], { time })]))
    expect(countedOf(batch)).toMatchObject([{ input: 1, output: 1, time: Number.NaN }])
  })
})

describe('kimi-code: more aliases than are remembered', () => {
  it('forgets the oldest ones and falls back to the last requested model', () => {
    const aliases = new Aliases(undefined)
    for (let at = 0; at < 4_097; at += 1) aliases.note(`a${at}`, `m${at}`)
    aliases.note('a1', 'last')
    expect(['a0', 'a1', 'a2', 'a4096'].map((alias) => aliases.model(alias))).toEqual(['last', 'last', 'm2', 'm4096'])
  })
})

describe('kimi-code: a growing log counts the same as when read at once', () => {
  const home = homes()
  const growth = { flag: 'kimi.home', path: MAIN, lines: GROWING }

  it.each([
    [1, 3],
    [3, 4],
    [4, 6],
    [6, 9],
    [9, 12],
  ])('up to line %i, then %i, then after a restart', async (poll, restart) => {
    await expectSameGrown(home(), growth, { poll, restart })
  })

  it('with more aliases than can be saved', async () => {
    const lines = Array.from({ length: 300 }, (_, at) => request(`kimi-model-${at}`, `alias-${at}`))
    const asked = [7, 150, 299].map((at) => record([at, 1, 0, 0], { model: `alias-${at}`, time: at }))
    await expectSameGrown(home(), { ...growth, lines: [...lines, ...asked] }, { poll: 290, restart: 301 })
  })
})

describe('kimi-code: environment variables', () => {
  const { defaults } = kimiCode.directories
  const found = (env: Readonly<Record<string, string>>): readonly string[] =>
    defaults({ env, list: () => [], xdg: () => '' })

  it('name the home of each of the two programs', () => {
    expect(found({ KIMI_CODE_HOME: '/k', KIMI_SHARE_DIR: '/l' })).toEqual(['/k', '/l'])
    expect(found({ KIMI_CODE_HOME: ' ' })).toEqual(found({}))
    expect(found({})).toEqual(['~/.kimi-code', expect.stringContaining('kimi-desktop'), '~/.kimi'])
  })
})

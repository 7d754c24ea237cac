// The exam of sources for pi, Oh My Pi and OpenClaw; then the directories of each, and what only Oh My Pi writes.
import { describe, expect, it } from 'vitest'
import { ohMyPi, openClaw, pi } from '../../../src/sources/pi/pi.js'
import { MAX_SAVED } from '../../../src/core/cursor.js'
import { homes } from '../../integration/running.js'
import { sourceExam } from '../contract.js'
import { expectSameGrown } from '../growing.js'
import { countedOf, readTranscript } from '../reading.js'
import { USAGE, answer, content, header, modelChange, summary } from './lines.js'

const place = { project: '--w-app--', session: 'A', subagent: false }
const FILE = { ...place, path: '/root/A.jsonl', wantsCwd: true }
const modelUsage = {
  type: 'model_usage',
  id: 'f',
  timestamp: '2026-07-01T00:02:00.000Z',
  purpose: 'title',
  model: 'claude-haiku-4-5',
  usage: { input: 3, output: 4, cost: { total: 0.5 } },
}
const LINES = [
  header(),
  modelChange('m-1'),
  summary('branch_summary', { input: 8, output: 80 }, { timestamp: '2026-07-01T00:00:00.700Z' }),
  answer(),
  answer(
    { timestamp: '2026-07-01T00:00:02.000Z' },
    { responseId: 'r2', responseModel: 'served', usage: { output: 1 } },
  ),
  summary('compaction', { input: 5, output: 700, cost: { total: 0.01 } }),
  { type: 'model_change', model: 'vendor/m-2', role: 'default' },
  { type: 'model_change', model: 'vendor/m-3', role: 'smol' },
  summary('branch_summary', { input: 6, output: 60 }),
  modelUsage,
]
const FORK = [header('/w/fork'), ...LINES.slice(1, 6), answer({ timestamp: '2026-07-01T01:00:00.000Z' })]

for (const source of [pi, ohMyPi, openClaw]) {
  sourceExam(source, {
    transcripts: [
      ['--w-app--/A.jsonl', place],
      ['A.jsonl', { ...place, project: 'sessions' }],
      ['--w-app--/A/run-id/run-0/session.jsonl', { ...place, subagent: true }],
      ['--w-app--/A/forks/f.jsonl', { ...place, subagent: true }],
      ['A/1-Task.jsonl', { ...place, project: 'sessions', subagent: true }],
      ['--w-app--/A.jsonl.reset.2026-07-12T17-00-00.000Z', place],
      ['--w-app--/A.jsonl.deleted.2026-07-12T17-00-00.000Z', place],
      ['old/--w-old--/--w-app--/A.jsonl', place],
    ],
    notTranscripts: [
      'A.json',
      '.jsonl',
      'A.jsonl.bak',
      'A.jsonl.bak-1234',
      'A.jsonl.reset.2026-07-12T17-00-00.000Z.bak',
      'sessions.json',
      'A.jsonl.lock',
    ],
    lines: LINES,
    fork: FORK,
    unknownLine: { type: 'telemetry', usage: USAGE, message: { role: 'assistant', usage: USAGE } },
  })
}

describe('pi: the meaning of lines', () => {
  const counted = (...lines: readonly object[]): string[] =>
    countedOf(readTranscript(ohMyPi, FILE, content(...lines)).batch)
      .map(({ model, input, output, costNanos }) => `${model} ${input} ${output} ${costNanos}`)
      .sort()

  it('counts summaries for the current model, and other calls for their own', () => {
    expect(counted(...LINES)).toEqual([
      'claude-haiku-4-5 3 4 500000000',
      'claude-opus-4-5 10 160 0',
      'claude-opus-4-5 5 700 10000000',
      'm-1 8 80 0',
      'm-2 6 60 0',
      'served 0 1 0',
    ])
  })

  it('ignores a logged cost that is implausible or not a number', () => {
    expect(counted(answer({}, { usage: { output: 1, cost: { total: 10_001 } } }))).toEqual(['claude-opus-4-5 0 1 0'])
    expect(counted(answer({}, { usage: { output: 1, cost: { total: '1' } } }))).toEqual(['claude-opus-4-5 0 1 0'])
  })

  it('skips responses with implausible usage and without usage', () => {
    const read = readTranscript(
      pi,
      FILE,
      content(answer({}, { usage: { output: 2 ** 24 + 1 } }), answer({}, { usage: {} })),
    )
    expect(countedOf(read.batch)).toEqual([])
    expect(read.skipped).toEqual(['implausible', 'no_tokens'])
  })

  it("counts the provider's web searches", () => {
    const searched = (webSearch: number) => answer({}, { usage: { ...USAGE, server: { webSearch } } })
    const read = (line: object) => readTranscript(ohMyPi, FILE, content(line))
    expect(countedOf(read(searched(3)).batch)[0]?.searches).toBe(3)
    expect(read(searched(10_001)).skipped).toEqual(['implausible'])
  })

  it('takes the time of a response from its message if the entry has none', () => {
    const [response] = countedOf(readTranscript(pi, FILE, content(answer({ timestamp: undefined }))).batch)
    expect(response?.time).toBe(1_782_864_000_000)
  })

  it('counts an entry once whether its time is written as text or as a number', () => {
    const numbered = answer({ timestamp: Date.parse('2026-07-01T00:00:01.000Z') })
    expect(counted(answer(), numbered)).toHaveLength(1)
  })

  it('shortens a long model name the same way for answers and summaries, and keeps different names distinct', () => {
    const [one, two] = ['1', '2'].map((end) => `${'m'.repeat(300)}${end}`)
    const models = countedOf(
      readTranscript(
        pi,
        FILE,
        content(
          answer({}, { model: one, usage: { output: 1 } }),
          summary('compaction', { output: 2 }),
          modelChange(two!),
          summary('branch_summary', { output: 3 }),
        ),
      ).batch,
    ).map(({ model }) => model)
    expect(models[0]).toBe(models[1])
    expect(new Set(models).size).toBe(2)
  })

  it('saves a very long model name within the size limit of saved state', () => {
    const { saved } = readTranscript(pi, FILE, content(modelChange('\u0001'.repeat(10_000))))
    expect(saved!.length).toBeLessThanOrEqual(MAX_SAVED)
  })
})

describe('pi: a growing session counts the same as when read at once', () => {
  const home = homes()
  const growth = { flag: 'pi.agent-dir', path: 'sessions/--w-app--/A.jsonl', lines: LINES }

  it.each([
    [1, 2],
    [2, 5],
    [4, 6],
    [6, 7],
    [7, 9],
  ])('up to line %i, then %i, then after a restart', async (poll, restart) => {
    await expectSameGrown(home(), growth, { poll, restart })
  })
})

describe('pi, Oh My Pi and OpenClaw: directories of sessions', () => {
  const surroundings = (env: Readonly<Record<string, string>>) => ({ env, list: () => [], xdg: () => '/unused' })

  it('have their own defaults for each agent', () => {
    expect([pi, ohMyPi, openClaw].flatMap(({ directories }) => directories.defaults(surroundings({})))).toEqual([
      '~/.pi/agent',
      '~/.omp',
      '~/.openclaw',
      '~/.clawdbot',
      '~/.moltbot',
    ])
  })

  it("can be changed with the agent's environment variables", () => {
    const env = {
      PI_CODING_AGENT_DIR: ' /srv/pi ',
      PI_CODING_AGENT_SESSION_DIR: '/srv/sessions',
      PI_CONFIG_DIR: '.mine',
      XDG_DATA_HOME: '/srv/share',
      OPENCLAW_STATE_DIR: '/srv/claw',
    }
    expect([pi, ohMyPi, openClaw].map(({ directories }) => directories.defaults(surroundings(env)))).toEqual([
      ['/srv/pi', '/srv/sessions'],
      ['~/.mine', '/srv/share/omp'],
      ['/srv/claw'],
    ])
  })

  it("are expected below an agent's own directory; any other directory may be one itself", () => {
    expect(pi.roots('/h/.pi/agent')).toEqual([['/h/.pi/agent/sessions', '/h/.pi/agent/agent/sessions']])
    expect(pi.roots('/srv/mine')).toEqual([['/srv/mine/sessions', '/srv/mine/agent/sessions', '/srv/mine']])
    expect(ohMyPi.roots('/h/.omp')).toEqual([
      ['/h/.omp/agent/sessions', '/h/.omp/sessions'],
      ['/h/.omp/profiles/*/agent/sessions'],
    ])
    expect(openClaw.roots('/h/.openclaw')).toEqual([['/h/.openclaw/agents/*/sessions']])
  })
})

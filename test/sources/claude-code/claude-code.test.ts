// The exam of sources for Claude Code, then its own rules: paths, keys, and which lines count (claude-code-logs 1 to 4).
// test/acceptance checks the totals of whole trees.
import { describe, expect, it } from 'vitest'
import { MODIFIER } from '../../../src/core/ledger/modifiers.js'
import { FLAG } from '../../../src/core/ledger/usage.js'
import { claudeCode } from '../../../src/sources/claude-code/claude-code.js'
import type { Transcript } from '../../../src/sources/source.js'
import { assistant, lines, progress, toolResult, type Extra } from '../../support/line.js'
import { sourceExam } from '../contract.js'
import { countedOf, readTranscript } from '../reading.js'

const advisor = { type: 'advisor_message', model: 'claude-opus-4-8', input_tokens: 50, output_tokens: 2 }
const compaction = { type: 'compaction', input_tokens: 100, output_tokens: 30, cache_creation_input_tokens: 7 }
const search = { type: 'tool_use', name: 'WebSearch', id: 'toolu_1' }
const parsed = (text: string): object => JSON.parse(text) as object
const EXAMPLES = [
  assistant('msg_1/r1 o48 10/1/0/0/1000'),
  assistant('msg_1/r1 o48 10/160/0/0/1000', { message: { content: [search] } }),
  parsed(toolResult('toolu_1', { searchCount: 3 })),
  assistant('gateway-id/r2 s5 1/2/3/4/5', { usage: { speed: 'fast', inference_geo: 'us', service_tier: 'batch' } }),
  assistant('gateway-id s5 1/2/3/4/5'),
  assistant('copied/r1 o48 10/5', { line: { uuid: 'copied' } }),
  assistant('- o48 4/4', { line: { uuid: 'only-uuid' } }),
  assistant('- o48 7/7', { line: { uuid: undefined } }),
  assistant('msg_2/r3 s5 2/100', { usage: { iterations: [{ type: 'message' }, advisor, compaction, advisor] } }),
  parsed(progress(assistant('msg_3/r4 o48 1/1'))),
  assistant('msg_4/r5 o48 2000/0', {
    message: { stop_reason: 'refusal' },
    usage: { server_tool_use: { web_search_requests: 2 } },
  }),
]

const UUID = '11111111-1111-4111-8111-111111111111'

sourceExam(claudeCode, {
  transcripts: [
    ['-w-app/S.jsonl', { project: '-w-app', session: 'S', subagent: false }],
    ['-w-app/agent-1.jsonl', { project: '-w-app', session: 'agent-1', subagent: true }],
    ['-w-app/S/subagents/agent-1.jsonl', { project: '-w-app', session: 'S', subagent: true }],
    ['-w-app/S/subagents/workflows/wf_1/agent-a.jsonl', { project: '-w-app', session: 'S', subagent: true }],
    ['-w-app/S/any.jsonl', { project: '-w-app', session: 'S', subagent: true }],
    ['-w-app/x/S/subagents/agent-1.jsonl', { project: '-w-app', session: 'S', subagent: true }],
    ['-w-app/subagents/agent-1.jsonl', { project: '-w-app', session: 'subagents', subagent: true }],
    ['subagents/S.jsonl', { project: 'subagents', session: 'S', subagent: false }],
    ['memory/S.jsonl', { project: 'memory', session: 'S', subagent: false }],
    ['tool-results/S.jsonl', { project: 'tool-results', session: 'S', subagent: false }],
    // One project, or all of them, copied into a project's directory.
    ['backup/-w-app/S.jsonl', { project: '-w-app', session: 'S', subagent: false }],
    ['-w-other/old/projects/-w-app/S/subagents/agent-1.jsonl', { project: '-w-app', session: 'S', subagent: true }],
    ['backup/C--w-app/agent-1.jsonl', { project: 'C--w-app', session: 'agent-1', subagent: true }],
    [`backup/notes/${UUID}.jsonl`, { project: 'notes', session: UUID, subagent: false }],
    [`backup/notes/${UUID}/subagents/agent-1.jsonl`, { project: 'notes', session: UUID, subagent: true }],
    [`notes/${UUID}/${UUID.replace('1', '2')}.jsonl`, { project: 'notes', session: UUID, subagent: true }],
    [`${UUID}/S.jsonl`, { project: UUID, session: 'S', subagent: false }],
  ],
  notTranscripts: [
    'S.jsonl',
    '-w-app/S.json',
    '-w-app/S.jsonl.bak',
    '-w-app/S/subagents/agent-1.meta.json',
    '-w-app/S/subagents/workflows/wf_1/journal.jsonl',
    '-w-app/journal.jsonl',
    '-w-app/S/tool-results/made.jsonl',
    '-w-app/memory/notes.jsonl',
    'memory/memory/notes.jsonl',
    'memory/S/tool-results/made.jsonl',
  ],
  lines: EXAMPLES,
  unknownLine: { ...assistant('msg_9/r9 o48 9/9'), type: 'telepathy' },
})

const TRANSCRIPT: Transcript = {
  project: '-w-app',
  session: 'S',
  subagent: false,
  path: '/root/-w-app/S.jsonl',
  wantsCwd: true,
}
const line = (notation: string, extra: Extra = {}): string => JSON.stringify(assistant(notation, extra))
const read = (content: string, transcript: Partial<Transcript> = {}) =>
  readTranscript(claudeCode, { ...TRANSCRIPT, ...transcript }, content)

describe('claude-code: number of responses by key', () => {
  const other = { session: 'T', path: '/root/-w-app/T.jsonl' }
  const uuid = (id: string): Extra => ({ line: { uuid: id } })

  it.each([
    ['A: same msg_ id, different requests: 1', 'msg_1/r1 s5 1/1', 'msg_1/r2 s5 1/2', 1],
    ['A: same msg_ id, one without a request: 1', 'msg_1 s5 1/1', 'msg_1/r2 s5 1/2', 1],
    ['A: same msg_ id, one with spaces around it: 1', ' msg_1', 'msg_1', 1],
    ['B: same other id, same request: 1', 'x/r1 s5 1/1', 'x/r1 s5 1/2', 1],
    ['B: same other id, different requests: 2', 'x/r1 s5 1/1', 'x/r2 s5 1/1', 2],
    ['C: same other id without a request, different sessions: 2', 'x s5 1/1', 'x s5 1/2', 2],
    ['D: equal lines with different uuids: 2', '- s5 1/1', '- s5 1/1', 2],
  ])('%s', (_, first, second, responses) => {
    const told = (notation: string): string =>
      notation.startsWith(' ')
        ? line('msg_1 s5 1/1', { message: { id: ' msg_1 ' } })
        : line(notation.includes(' ') ? notation : `${notation} s5 1/1`)
    expect(countedOf(read(lines(told(first))).batch, read(lines(told(second)), other).batch)).toHaveLength(responses)
  })

  it('C: snapshots in one session are one response per prompt', () => {
    const content = lines(
      line('x s5 1/1/2/3/4'),
      line('x s5 1/9/2/3/4'),
      line('x s5 1/1/3/2/4'),
      line('x s5 2/1/2/3/4'),
      line('x s5 1/1/2/3/5'),
    )
    expect(countedOf(read(content).batch)).toHaveLength(3)
  })

  it('D: one uuid in two files is one response', () => {
    const content = lines(line('- s5 1/1', uuid('u')))
    expect(countedOf(read(content).batch, read(content, other).batch)).toHaveLength(1)
  })

  it('E: a line without any id is named by its file and offset', () => {
    const content = lines(line('- s5 1/1', uuid('')), line('- s5 1/1', uuid('')))
    expect(countedOf(read(content).batch, read(content).batch)).toHaveLength(2)
    expect(countedOf(read(content).batch, read(content, other).batch)).toHaveLength(4)
    expect(countedOf(read(content.replaceAll('\n', '') + '\n').batch)).toHaveLength(2)
  })

  it("B': a line whose id equals its uuid is a copy of the response with the same request", () => {
    const copy = line('u/r1 s5 1/1', uuid('u'))
    expect(countedOf(read(lines(copy, line('v/r1 s5 1/1', uuid('v')))).batch)).toHaveLength(1)
    expect(countedOf(read(lines(copy, line('msg_1/r1 s5 1/5'))).batch)).toHaveLength(1)
    expect(countedOf(read(lines(copy, line('msg_1/r2 s5 1/5'))).batch)).toHaveLength(2)
  })

  it("B': the advisor passes of a copy are not counted again", () => {
    const passes = { usage: { iterations: [advisor] } }
    const content = lines(line('u/r1 s5 1/1', { ...passes, ...uuid('u') }), line('msg_1/r1 s5 1/5', passes))
    expect(countedOf(read(content).batch)).toHaveLength(2)
  })
})

describe('claude-code: lines', () => {
  it.each([
    ['synthetic', line('msg_1/r1 <synthetic> 1/1')],
    ['api_error', line('msg_1/r1 s5 1/1', { line: { isApiErrorMessage: true } })],
    ['api_error', progress(assistant('msg_1/r1 s5 1/1'), { isApiErrorMessage: true })],
    ['no_tokens', line('msg_1/r1 s5 0/0')],
    ['implausible', line('msg_1/r1 s5 100000001/1')],
    ['implausible', line('msg_1/r1 s5 1/16777217')],
    ['implausible', line('msg_1/r1 s5 1/1/100000001')],
    ['implausible', line('msg_1/r1 s5 1/1/0/100000001')],
    ['implausible', line('msg_1/r1 s5 1/1/0/0/100000001')],
    ['implausible', line('msg_1/r1 s5 1/4294967296')],
    ['implausible', line('msg_1/r1 s5 1/1', { usage: { server_tool_use: { web_search_requests: 10_001 } } })],
    ['implausible', line('msg_1/r1 s5 99999901/1', { usage: { iterations: [compaction] } })],
    ['implausible', line('msg_1/r1 s5 1/16777215', { usage: { iterations: [advisor] } })],
    [
      'implausible',
      line('msg_1/r1 s5 1/1', { usage: { iterations: new Array(1_025).fill({ ...advisor, input_tokens: 0 }) } }),
    ],
    ['implausible', line('msg_1/r1 s5 1/1', { message: { content: new Array(1_025).fill(search) } })],
    ['implausible', toolResult('toolu_1', { searchCount: 10_001 })],
  ])('are skipped as %s', (reason, content) => {
    const { batch, skipped } = read(`${content}\n`)
    expect([countedOf(batch), skipped]).toEqual([[], [reason]])
  })

  it('are counted with the highest plausible values', () => {
    const most = line('msg_1/r1 s5 100000000/16777216/100000000/100000000/100000000', {
      usage: {
        server_tool_use: { web_search_requests: 10_000 },
        iterations: [
          ...new Array<object>(1_024).fill({ type: 'compaction' }),
          ...new Array<object>(2_000).fill({ type: 'message', input_tokens: 1e9 }),
        ],
      },
      message: { content: new Array(1_024).fill(search) },
    })
    const { batch, skipped } = read(lines(most, toolResult('toolu_2', { searchCount: 10_000 })))
    const [counted] = countedOf(batch)
    const tokens = { input: 1e8, output: 2 ** 24, cache_read: 1e8, cache_write_5m: 1e8, cache_write_1h: 1e8 }
    expect([counted, skipped]).toMatchObject([{ ...tokens, searches: 10_000 }, []])
  })

  it.each([
    ['of type user', { type: 'user' }],
    ['whose message is text', { message: 'usage' }],
    ['without usage', { message: { usage: null } }],
    ['whose usage is a list', { message: { usage: [1] } }],
    ['inside other data', { type: 'attachment', data: { message: assistant('msg_1/r1 s5 1/1') } }],
    [
      'of progress without a response',
      { type: 'progress', data: { message: { type: 'user', message: { usage: { input_tokens: 5 } } } } },
    ],
  ])('%s are ignored', (_, fields) => {
    const { batch, skipped } = read(`${line('msg_1/r1 s5 1/1', { line: fields })}\n`)
    expect([countedOf(batch), skipped]).toEqual([[], []])
  })

  it('inside progress lines belong to the side chain, and take their time from the progress line if they have none', () => {
    const echoed = progress(assistant('msg_1/r1 s5 1/1', { line: { timestamp: undefined } }), {
      timestamp: '2026-11-01T00:00:00Z',
    })
    const [counted] = countedOf(read(`${echoed}\n`).batch)
    expect(counted).toMatchObject({ time: Date.parse('2026-11-01T00:00:00Z'), flags: FLAG.sidechain })
  })

  it('carry the modifiers of their price', () => {
    const usage = { speed: 'fast', inference_geo: 'us', service_tier: 'batch' }
    const content = line('msg_1/r1 s5 1/1', { usage, message: { stop_reason: 'refusal' }, line: { isSidechain: true } })
    const [counted] = countedOf(read(`${content}\n`, { subagent: true }).batch)
    expect(counted!.flags).toBe(
      MODIFIER.fast | MODIFIER.us | MODIFIER.batch | MODIFIER.refused | FLAG.sidechain | FLAG.subagentOrigin,
    )
  })

  it('yield the first working directory, if one is wanted', () => {
    const cwd = (path: unknown): string => line('msg_1/r1 s5 1/1', { line: { cwd: path } })
    const content = lines(cwd(''), cwd(7), cwd('  '), cwd(' /w/app '), cwd('/w/other'))
    expect(read(content).cwd).toBe('/w/app')
    expect(read(content, { wantsCwd: false }).cwd).toBeUndefined()
  })
})

// Codex's rollouts take the exam of sources; the rest tests which lines are parsed, which no total shows.
import { describe, expect, it } from 'vitest'
import { createLook } from '../../../src/decode/first-look.js'
import { codex } from '../../../src/sources/codex/codex.js'
import { firstLook } from '../../../src/sources/codex/first-look.js'
import type { Transcript } from '../../../src/sources/source.js'
import {
  A,
  B,
  C,
  K,
  M,
  O,
  R,
  S,
  U,
  X,
  compacted,
  d,
  rollout,
  stamped,
  t1,
  t2,
  tb,
  tier,
  x,
  y,
} from '../../support/rollout.js'
import { START } from '../../support/rollout.js'
import { sourceExam } from '../contract.js'
import { readTranscript } from '../reading.js'

const place = { project: 'unknown', subagent: false }
const OWN = [M(A), S(t1), C(t1), tier('priority'), O, K(x, x), K(x, x)]
const LINES = [
  ...OWN,
  X,
  S(t2),
  C(t2, 'gpt-5.5', { turn_id: t2 }),
  // Its totals include a hidden response, too.
  K([3500, 2800, 190], d),
  K([100, 50, 10], null),
  R('a', A, t2, [300, 200, 10]),
  K([400, 250, 20], [300, 200, 10]),
  compacted(R('a', A, t2, [300, 200, 10])),
  R('chatcmpl-1', A, t1, [7, 0, 1]),
  K(null, [30, 20, 10]),
]
const FORK = [M(B, { forked_from_id: A }), ...OWN, S(tb), K(x, x), C(tb), O, K(y, d)]

sourceExam(codex, {
  transcripts: [
    [`2026/11/01/rollout-2026-11-01T11-00-00-${A}.jsonl`, { ...place, session: A }],
    [`rollout-2026-11-01T11-00-00-${A}.jsonl`, { ...place, session: A }],
    [`2026/11/01/rollout-2026-11-01T11-00-00-${A}.jsonl.zst`, { ...place, session: A, form: 'zstd-lines' }],
    [`2026/11/01/rollout-2026-11-01T11-00-00-${A}_${B}.jsonl`, { ...place, session: A }],
    ['rollout-2026-11-01T11-00-00-my_own.jsonl', { ...place, session: 'my_own' }],
    ['rollout-mine.jsonl', { ...place, session: 'mine' }],
  ],
  notTranscripts: [
    'rollout-.jsonl',
    'session_index.jsonl',
    'history.jsonl',
    `2026/11/01/rollout-2026-11-01T11-00-00-${A}.jsonl.tmp`,
    `2026/11/01/rollout-2026-11-01T11-00-00-${A}.json`,
    `2026/11/01/x-rollout-2026-11-01T11-00-00-${A}.jsonl`,
  ],
  lines: stamped(START, LINES),
  fork: stamped('2026-11-01T11:00:00Z', FORK),
  unknownLine: { ...stamped(START, [K(y, d)])[0], type: 'telepathy' },
})

describe('codex: the first look', () => {
  const looks = (line: string): boolean | undefined => createLook(firstLook)(Buffer.from(line), 0, line.length)
  const written = (line: object): string => rollout(line as typeof O).trimEnd()

  it.each([
    ['an answer', written(O), false],
    ['a header', written(M(A)), true],
    ['a record', written(R('a', A, t1, x)), true],
    ['a count', written(K(x, x)), true],
    ['an event without usage', written({ type: 'event_msg', payload: { type: 'agent_message' } }), false],
    ['a compaction', written({ type: 'compacted', payload: { message: '' } }), false],
    [
      'a compaction with a record',
      written({ type: 'compacted', payload: { message: '', latest_token_usage_record: {} } }),
      true,
    ],
    ['a type that starts like a known one', written({ type: 'compacted_', payload: {} }), false],
    ['a numbered count', written(K(x, x)).replace(',"type"', ',"ordinal":1234,"type"'), true],
    ['a numbered answer', written(O).replace(',"type"', ',"ordinal":0,"type"'), false],
    ['a count with spaces', written(K(x, x)).replaceAll(':', ': '), undefined],
    ['keys in another order', JSON.stringify({ type: 'event_msg', timestamp: START, payload: {} }), undefined],
    ['a timestamp of another precision', written(O).replace('.000Z', 'Z'), undefined],
    ['an empty line', '', undefined],
    ['a line cut inside the fixed beginning', written(K(x, x)).slice(0, 45), undefined],
    ['a line cut before the type', written(K(x, x)).slice(0, 48), false],
    ['a line cut inside the timestamp', '{"timestamp":"}', undefined],
  ])('classifies %s', (_, line, expected) => {
    expect(looks(line)).toBe(expected)
  })
})

describe('codex: which lines are parsed', () => {
  const file: Transcript = { ...place, session: A, path: '/root/a.jsonl', wantsCwd: false }
  const bad = '{"type":"response_item","payload":{bad}}\n'
  const skipped = (content: string): readonly string[] => readTranscript(codex, file, content).skipped

  it("skips the model's output in an original thread", () => {
    expect(skipped(rollout(M(A), S(t1)) + bad)).toEqual([])
  })

  it('skips a compaction without a record, which may have millions of characters', () => {
    const bad = '{"type":"compacted","payload":{bad}}\n'
    expect(skipped(rollout(M(A)) + bad + bad.replace('bad', '"latest_token_usage_record":'))).toEqual(['invalid_json'])
  })

  it("parses the model's output in a derived thread only until the turn's first output or the first count", () => {
    const derived = M(B, { forked_from_id: A })
    expect(skipped(rollout(derived, S(t1), U) + bad)).toEqual(['invalid_json'])
    expect(skipped(rollout(derived, S(t1), O) + bad)).toEqual([])
    expect(skipped(rollout(derived, S(t1), O, S(t2)) + bad)).toEqual(['invalid_json'])
    expect(skipped(rollout(derived, K(x, x), S(t1)) + bad)).toEqual([])
    expect(skipped(rollout(M(B, { forked_from_id: A, cli_version: '0.159.0' })) + bad)).toEqual([])
  })
})

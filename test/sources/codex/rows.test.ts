// The rows that the walker makes by itself are those of the reader: of whole threads, and of each odd line behind usual ones.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { BatchBuilder } from '../../../src/core/ledger/batch.js'
import type { Backend } from '../../../src/decode/decoder.js'
import { createDecoder } from '../../../src/decode/engines.js'
import { codex } from '../../../src/sources/codex/codex.js'
import { RolloutReader } from '../../../src/sources/codex/reader.js'
import { FileSink } from '../../../src/worker/file-sink.js'
import { rowNotes } from '../../decode/row-notes.js'
import { A, B, C, K, M, R, S, X, rollout, t1, t2, tier, x, type Line } from '../../support/rollout.js'
import { worlds } from '../../support/rollout-worlds.js'
import { skippedBy } from '../reading.js'

const FILE = { path: '/p/rollout.jsonl', project: 'unknown', session: 'S', subagent: false, wantsCwd: true }
const ID = 'resp_0123456789abcdefABCDEF'
const model = 'gpt-5.5'
/** A thread with a turn, and a response that was counted. */
const BEGUN = [M(A, { cwd: '/w' }), S(t1), C(t1, model), K([100, 50, 20, 0, 10], [100, 50, 20, 0, 10])]

it('whole threads, in pieces', () => {
  let decided = 0
  fc.assert(
    fc.property(worlds, fc.integer({ min: 1, max: 9 }), ({ files }, lines) => {
      for (const { content } of files) {
        const found = read('wasm', content, lines)
        expect(found.told).toEqual(read('v8', content, lines).told)
        decided += found.lines - found.read
      }
    }),
    { numRuns: 300 },
  )
  expect(decided).toBeGreaterThan(1_000)
})

/** Lines, and how many of them the reader gets all the same. */
const DECIDED: readonly { readonly what: string; readonly lines: readonly Line[]; readonly others?: number }[] = [
  { what: 'a token count', lines: [K([200, 90, 40, 0, 20], [100, 40, 20, 0, 10])] },
  { what: 'the same total again', lines: [K([100, 50, 20, 0, 10], [1, 1, 1, 0, 1])] },
  { what: 'a total above 32 bits', lines: [K([2 ** 40, 50, 20, 0, 10], [100, 0, 20, 0, 10])] },
  { what: 'a total that has fallen', lines: [K([50, 20, 10, 0, 5], [50, 20, 10, 0, 5])] },
  { what: 'a count of nothing', lines: [K([100, 50, 20, 0, 11], [0, 0, 0])] },
  {
    what: 'a record, and its count',
    lines: [R(ID, A, t1, [10, 5, 2, 0, 1]), K([110, 55, 22, 0, 11], [10, 5, 2, 0, 1])],
  },
  {
    what: 'contexts that come again',
    lines: [C(t1, model), K([200, 90, 40, 0, 20], [100, 40, 20, 0, 10]), C(t1, model)],
  },
  { what: 'a tier', lines: [tier('priority'), K([200, 90, 40, 0, 20], [100, 40, 20, 0, 10])], others: 1 },
  { what: 'another turn', lines: [S(t2), C(t2, 'gpt-5.4'), K([200, 90, 40, 0, 20], [100, 40, 20, 0, 10])], others: 2 },
]

it.each(DECIDED)('it decides: $what', ({ lines, others = 0 }) => {
  const content = Buffer.from(rollout(...BEGUN, ...lines))
  const found = read('wasm', content)
  expect(found.told).toEqual(read('v8', content).told)
  // All but the token count.
  expect(found.read).toBe(BEGUN.length - 1 + others)
})

it.each([
  ['a hidden response', [X, K([900, 50, 90, 0, 20], [100, 0, 20, 0, 10])]],
  ['a hidden response that no abort explains', [K([900, 50, 90, 0, 20], [100, 0, 20, 0, 10])]],
  ['no total', [K(null, [100, 0, 20, 0, 10])]],
  ['no last count', [K([900, 50, 90, 0, 10])]],
  ['an implausible count', [K([1e9, 50, 90, 0, 10], [999_999_900, 0, 70, 0, 0])]],
  ['a count with a fraction', [K([200.5, 90, 40, 0, 20], [100.5, 40, 20, 0, 10])]],
  ['an odd time', [{ ...K([200, 90, 40, 0, 20], [100, 40, 20, 0, 10]), timestamp: '2026-11-01T10:00:00.0+01' }]],
  ['a record of another thread', [R(ID, B, t1, [10, 5, 2, 0, 1])]],
  ['a record of another turn', [R(ID, A, t2, [10, 5, 2, 0, 1])]],
  ['a record whose id may be a constant', [R('resp_1', A, t1, [10, 5, 2, 0, 1])]],
  ['a record of nothing', [R(ID, A, t1, [0, 0, 0, 0, 0])]],
  ['a context without a turn', [C('', model)]],
  ['a context of another model', [C(t1, 'gpt-5.4')]],
] as const)('it leaves to the reader: %s', (_, more) => {
  const content = Buffer.from(rollout(...BEGUN, ...more))
  const found = read('wasm', content)
  expect(found.told).toEqual(read('v8', content).told)
  expect(found.read).toBe(BEGUN.length - 1 + more.length)
})

it('where the model is not known, the reader decides', () => {
  const content = Buffer.from(rollout(M(A), S(t1), K(x, x, { model: 'gpt-5' })))
  const found = read('wasm', content)
  expect(found.told).toEqual(read('v8', content).told)
  expect(found.read).toBe(3)
})

class CountingReader extends RolloutReader {
  lines = 0

  override read(line: unknown): void {
    this.lines += 1
    super.read(line)
  }
}

/** @param lines so many at a time; all, if absent */
function read(backend: Backend, content: Buffer, lines = Infinity) {
  const decoder = createDecoder(backend, codex)
  const bytes = decoder.allocate(content.length)
  content.copy(bytes)
  const batch = new BatchBuilder()
  const sink = new FileSink(codex, FILE, batch)
  const reader = new CountingReader(FILE, sink, undefined)
  let count = 0
  for (let from = 0; from < bytes.length;) {
    let to = from
    for (let line = 0; line < lines && to < bytes.length; line += 1) to = bytes.indexOf('\n', to) + 1 || bytes.length
    count += decoder.decode(bytes, from, to, from, { sink, reader })
    from = to
  }
  const { entries, requests, strings } = batch.finish()
  const rows = rowNotes(entries, requests, (number) => strings[number]!)
  const told = { rows, skipped: skippedBy(sink).sort(), cwd: sink.firstCwd, saved: reader.save(), count }
  return { told, lines: count, read: reader.lines }
}

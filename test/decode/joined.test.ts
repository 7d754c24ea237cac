// The walker joins consecutive lines of one response into one row, which must equal the join of one row per line.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { BatchBuilder } from '../../src/core/ledger/batch.js'
import type { Backend, LineTarget } from '../../src/decode/decoder.js'
import { createDecoder } from '../../src/decode/engines.js'
import { claudeCode } from '../../src/sources/claude-code/claude-code.js'
import { FileSink } from '../../src/worker/file-sink.js'
import { countedOf } from '../sources/reading.js'

// Small domains, so that lines tie in the columns compared first.
const count = fc.constantFrom(0, 1, 2)
const line = fc.record({
  id: fc.constantFrom('msg_1', 'msg_1', 'msg_1', 'msg_2'),
  requestId: fc.constantFrom('req_1', 'req_1', 'req_1', 'req_2', undefined),
  model: fc.constantFrom('model-a', 'model-a', 'model-a', 'model-b', '', undefined),
  timestamp: fc.constantFrom('2026-11-01T10:00:00.000Z', '2026-11-01T10:00:01.000Z', undefined),
  isSidechain: fc.boolean(),
  stop_reason: fc.constantFrom('refusal', 'end_turn'),
  usage: fc.record({
    input_tokens: count,
    output_tokens: fc.constantFrom(1, 1, 2),
    cache_read_input_tokens: count,
    cache_creation_input_tokens: count,
    cache_creation: fc.constantFrom({ ephemeral_1h_input_tokens: 1 }, { ephemeral_1h_input_tokens: 2 }, undefined),
    server_tool_use: fc.constantFrom({ web_search_requests: 1 }, { web_search_requests: 2 }, undefined),
    speed: fc.constantFrom('fast', 'standard'),
    service_tier: fc.constantFrom('batch', 'standard'),
    inference_geo: fc.constantFrom('us', 'eu'),
  }),
})
type Line = typeof line extends fc.Arbitrary<infer T> ? T : never

it('lines that the walker joins count the same as one row per line', () => {
  const decoders = (['wasm', 'v8'] as const).map((backend) => ({
    backend,
    decoder: createDecoder(backend, claudeCode),
  }))
  const buffers = decoders.map(({ decoder }) => decoder.allocate(1 << 16))
  let joined = 0
  fc.assert(
    fc.property(fc.array(line, { minLength: 2, maxLength: 5 }), fc.boolean(), (lines, subagent) => {
      const bytes = Buffer.from(lines.map((each) => `${text(each)}\n`).join(''))
      const batches = decoders.map(({ decoder }, index) => {
        const batch = new BatchBuilder()
        bytes.copy(buffers[index]!)
        decoder.decode(buffers[index]!, 0, bytes.length, 0, targetOf(batch, subagent))
        return batch.finish()
      })
      expect(countedOf(batches[0]!)).toEqual(countedOf(batches[1]!))
      expect(batches.map(({ entries, duplicates: repeats }) => entries.count + repeats)).toEqual([
        lines.length,
        lines.length,
      ])
      joined += batches[0]!.duplicates
    }),
    { numRuns: 20_000 },
  )
  expect(joined).toBeGreaterThan(5_000)
})

it.each(['wasm', 'v8'] satisfies Backend[])('%s keeps responses apart when a buffer is used again', (backend) => {
  const decoder = createDecoder(backend, claudeCode)
  const buffer = decoder.allocate(1 << 16)
  const keys = ['msg_1', 'msg_2'].flatMap((id) => {
    const batch = new BatchBuilder()
    const bytes = Buffer.from(`{"type":"assistant","message":{"id":"${id}","usage":{"input_tokens":1}}}\n`)
    bytes.copy(buffer)
    decoder.decode(buffer, 0, bytes.length, 0, targetOf(batch, false))
    return countedOf(batch.finish()).map(({ key }) => key)
  })
  expect(new Set(keys).size).toBe(2)
})

function targetOf(batch: BatchBuilder, subagent: boolean): LineTarget {
  const file = { path: '/p/S.jsonl', project: '-w-app', session: 'S', subagent, wantsCwd: false }
  const sink = new FileSink(claudeCode, file, batch)
  return { sink, reader: claudeCode.open(file, sink) }
}

function text({ id, model, stop_reason, usage, ...line }: Line): string {
  return JSON.stringify({ type: 'assistant', ...line, message: { id, model, stop_reason, usage } })
}

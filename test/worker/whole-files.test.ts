// Files that are read as a whole or not at all: compressed files, and documents of one value over many lines.
import { appendFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as zlib from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { MAX_READ_LINE_BYTES } from '../../src/decode/decoder.js'
import { createReadBuffer, parseFiles } from '../../src/worker/parse-file.js'
import type { FileTask, ParseResult } from '../../src/worker/protocol.js'
import { HAS_ZSTD, MAX_PACKED_BYTES, MAX_UNPACKED_BYTES } from '../../src/worker/zstd.js'
import { countedOf } from '../sources/reading.js'
import { LOG, content } from '../sources/relay/lines.js'
import { relay } from '../sources/relay/relay.js'
import { temporaryFolder } from '../support/tree.js'
import { fileTask, read } from './task.js'

const folder = temporaryFolder()
let files = 0
function written(bytes: string | Buffer): string {
  const path = join(folder, String(files++))
  writeFileSync(path, bytes)
  return path
}

function parse(bytes: string | Buffer, form?: FileTask['form'], chunkBytes = 64 * 1024): ParseResult {
  const file = fileTask(written(bytes), form && { form })
  return parseFiles({ agent: 'relay', backend: 'v8', files: [file] }, createReadBuffer(chunkBytes, [relay]))
}

function summaryOf(result: ParseResult) {
  const { lines, skipped, cursor } = read(result)
  return { lines, skipped, offset: cursor.offset }
}

const LINES = content(LOG)
const plain = countedOf(parse(LINES).batch)
const { zstdCompressSync: pack } = zlib as { readonly zstdCompressSync?: (bytes: Buffer | string) => Buffer }

// Node supports zstd from 22.15 on. Each version runs the tests of its own behaviour.
const describeZstd = HAS_ZSTD ? describe : () => undefined

describeZstd('a file compressed with zstd', () => {
  const packed = (bytes: Buffer | string): Buffer => pack!(bytes)

  it('gives the same result as its lines for any chunk size, and is always read from its start', () => {
    const bytes = packed(LINES)
    for (const chunkBytes of [100, 1_000, 64 * 1024]) {
      const result = parse(bytes, 'zstd-lines', chunkBytes)
      expect(countedOf(result.batch)).toEqual(plain)
      const { cursor, lines, bytes: count } = read(result)
      expect([lines, count]).toEqual([LOG.length, bytes.length])
      expect(cursor).toMatchObject({ size: bytes.length, offset: 0 })
      expect(cursor.saved).toBeUndefined()
    }
  })

  it('counts a last line without a line feed', () => {
    expect(countedOf(parse(packed(LINES.slice(0, -1)), 'zstd-lines').batch)).toEqual(plain)
  })

  it('may have several frames, some of them empty or skippable', () => {
    const skippable = Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3])
    const middle = LINES.indexOf('\n', LINES.length / 2) - 5
    const bytes = Buffer.concat([packed(LINES.slice(0, middle)), skippable, packed(LINES.slice(middle)), packed('')])
    expect(countedOf(parse(bytes, 'zstd-lines').batch)).toEqual(plain)
  })

  it('that is empty has no lines', () => {
    for (const bytes of [Buffer.alloc(0), packed('')])
      expect(summaryOf(parse(bytes, 'zstd-lines'))).toEqual({ lines: 0, skipped: {}, offset: 0 })
  })

  it('that is cut short anywhere fails without records', () => {
    const bytes = packed(LINES)
    for (let length = 1; length < bytes.length; length += 1) {
      const { batch, outcomes } = parse(bytes.subarray(0, length), 'zstd-lines')
      expect(outcomes, `${length} bytes`).toMatchObject([
        { kind: 'failed', message: expect.stringMatching(/cut short/) as string },
      ])
      expect(batch.entries.count).toBe(0)
    }
  })

  it.each([
    ['is not zstd', () => Buffer.from('{"relay":"thread"}\n'), /no zstd frame at byte 0/],
    [
      'continues with other bytes',
      () => Buffer.concat([packed(LINES), Buffer.from('{"a":1}')]),
      /no zstd frame at byte \d+/,
    ],
  ])('that %s fails', (_, bytes, message) => {
    expect(parse(bytes(), 'zstd-lines').outcomes).toMatchObject([
      { kind: 'failed', message: expect.stringMatching(message) as string },
    ])
  })

  it('may have at most 1000 frames', () => {
    const empty = packed('')
    const frames = (many: number): Buffer => Buffer.concat([packed(LINES), ...new Array<Buffer>(many - 1).fill(empty)])
    expect(countedOf(parse(frames(1_000), 'zstd-lines').batch)).toEqual(plain)
    expect(parse(frames(1_001), 'zstd-lines').outcomes).toMatchObject([
      { kind: 'failed', message: expect.stringMatching(/1000 zstd frames/) as string },
    ])
  })

  it('of more than 64 MB fails', () => {
    const path = written(packed(LINES))
    truncateSync(path, MAX_PACKED_BYTES + 1)
    const task = { agent: 'relay', backend: 'v8' as const, files: [fileTask(path, { form: 'zstd-lines' })] }
    const { outcomes } = parseFiles(task, createReadBuffer(1_000, [relay]))
    expect(outcomes).toMatchObject([{ kind: 'failed', message: expect.stringMatching(/more than 64 MB/) as string }])
  })

  it('with more than 128 MB of content fails', () => {
    const part = packed(Buffer.alloc(MAX_UNPACKED_BYTES / 2))
    expect(part.length).toBeLessThan(100_000)
    expect(parse(Buffer.concat([part, part]), 'zstd-lines').outcomes).toMatchObject([{ kind: 'read' }])
    for (const bytes of [Buffer.concat([part, part, packed('{')]), Buffer.concat(new Array<Buffer>(20).fill(part))])
      expect(parse(bytes, 'zstd-lines').outcomes).toMatchObject([
        { kind: 'failed', message: expect.stringMatching(/more than 128 MB/) as string },
      ])
  })
})

const itWithoutZstd = HAS_ZSTD ? () => undefined : it

itWithoutZstd('a file compressed with zstd fails with the reason if Node does not support zstd', () => {
  expect(parse(Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), 'zstd-lines').outcomes).toMatchObject([
    { kind: 'failed', message: expect.stringMatching(/zstd, which requires Node\.js 22\.15/) as string },
  ])
})

describe('a document', () => {
  const text = JSON.stringify({ relay: 'log', lines: LOG }, null, 2)

  it('gives the same result as its lines for any chunk size, and is always read from its start', () => {
    for (const chunkBytes of [100, 1_000, 64 * 1024]) {
      const result = parse(`\ufeff${text}\n`, 'document', chunkBytes)
      expect(countedOf(result.batch)).toEqual(plain)
      expect(summaryOf(result)).toEqual({ lines: 1, skipped: {}, offset: 0 })
      expect(read(result).cursor.saved).toBeUndefined()
    }
  })

  it('that is incomplete is not counted, and is reported', () => {
    const result = parse(text.slice(0, -20), 'document')
    expect([countedOf(result.batch), read(result).skipped]).toEqual([[], { invalid_json: 1 }])
  })

  it('without a prefilter text is not parsed', () => {
    expect(read(parse('{\n"other": [1\n}', 'document')).skipped).toEqual({})
    expect(summaryOf(parse('', 'document'))).toEqual({ lines: 1, skipped: {}, offset: 0 })
  })

  it('that exceeds the limit on a parsed line is skipped without being read', () => {
    const result = parse(`{"relay":"${'x'.repeat(MAX_READ_LINE_BYTES)}"}`, 'document')
    expect(read(result)).toMatchObject({ bytes: 0, skipped: { too_long: 1 } })
  })

  it('is read again when it has changed', () => {
    const path = written(text)
    const task = () => ({ agent: 'relay', backend: 'v8' as const, files: [fileTask(path, { form: 'document' })] })
    const before = read(parseFiles(task(), createReadBuffer(1_000, [relay]))).cursor
    appendFileSync(path, '\n')
    const after = parseFiles(task(), createReadBuffer(1_000, [relay]))
    expect([before.size + 1, after.batch.entries.count > 0]).toEqual([statSync(path).size, true])
  })
})

// Compares the engines with each other on Codex's lines, intact and damaged: each must hand the same fields to the
// reader, and the reader must produce the same records.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import * as zlib from 'node:zlib'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { BatchBuilder } from '../../src/core/ledger/batch.js'
import type { Fallbacks } from '../../src/core/ledger/fallback.js'
import type { Decoder, LineReader, LineTarget } from '../../src/decode/decoder.js'
import { BACKENDS, MAX_LINE_VALUES } from '../../src/decode/decoder.js'
import { chooseBackend, createDecoder } from '../../src/decode/engines.js'
import type { Fields } from '../../src/decode/field-layout.js'
import { createFieldDecoder } from '../../src/decode/field-decoder.js'
import { createV8Decoder } from '../../src/decode/v8.js'
import { codex } from '../../src/sources/codex/codex.js'
import { rolloutFields } from '../../src/sources/codex/fields.js'
import { SOURCES } from '../../src/sources/index.js'
import { FileSink } from '../../src/worker/file-sink.js'
import { createReadBuffer, parseFiles } from '../../src/worker/parse-file.js'
import type { Backend, FileOutcome } from '../../src/worker/protocol.js'
import { C, K, M, R, S, rollout, t1, x, A } from '../support/rollout.js'
import { countedOf, skippedBy } from '../sources/reading.js'
import { mutatedRollout } from './mutated-rollout.js'
import { rowNotes } from './row-notes.js'
import { LINES, seed } from './tried.js'

const LINES_A_FILE = 40
const WITH_BYTES = 4 * 1024 * 1024
const FILE = { path: '/p/rollout.jsonl', project: 'unknown', session: 'S', subagent: false, wantsCwd: true }

/** `simdjson` is included only where it is installed. */
const backends = BACKENDS.filter((backend) => chooseBackend(backend, SOURCES).backend === backend)
const engines = backends.map((backend) => ({ backend, decoder: createDecoder(backend, codex) }))
const fallbacks: Record<string, number> = {}
let told = 0
let counted = 0

it('wasm, v8 and the engines named in AUE_BACKEND are available', () => {
  expect(backends).toEqual(expect.arrayContaining(['wasm', 'v8', ...(process.env.AUE_BACKEND?.split(',') ?? [])]))
})

it(`the engines agree on ${LINES} lines (seed ${seed})`, { timeout: 600_000 }, () => {
  const buffers = engines.map(({ decoder }) => decoder.allocate(WITH_BYTES))
  const lines = fc.array(fc.nat(), { minLength: 1, maxLength: 2 * LINES_A_FILE, size: 'max' })
  const place = fc.record({ at: fc.nat(70), offset: fc.nat(2 ** 33), cuts: fc.array(fc.nat(LINES_A_FILE)) })
  fc.assert(
    fc.property(lines, place, fc.nat(6), (seeds, { at, offset, cuts }, every) => {
      const file = mutatedRollout(seeds)
      const bytes = Buffer.concat(file.flatMap((line) => [line, LINE_FEED]))
      const ends = [...cuts, file.length].sort((a, b) => a - b).map((cut) => lengthOf(file.slice(0, cut)))
      const [expected, ...others] = engines.map(({ decoder }, index) => {
        bytes.copy(buffers[index]!, at)
        return notesOf(every, (target) => {
          let from = 0
          for (const end of ends) {
            decoder.decode(buffers[index]!, at + from, at + end, offset + from, target)
            from = end
          }
        })
      })
      // `expect` is slow even when the values are equal.
      for (const notes of others)
        if (!isDeepStrictEqual(notes, expected)) expect(notes, file.join('\n')).toEqual(expected)
      for (const { decoder } of engines) count(decoder.takeFallbacks())
      told += expected!.read.length
      counted += expected!.rows.length
    }),
    { numRuns: Math.ceil(LINES / LINES_A_FILE), seed },
  )
})

it('the engines agree on a key named __proto__, with or without escapes', () => {
  const asked = rollout(S(t1), C(t1), R('a', A, t1, x))
  for (const key of ['__proto__', '\\u005f_proto__', '__pro\\u0074o__'])
    agree(rollout(M(A, { source: { subagent: { odd: { type: 'review' } } } })).replace('odd', key) + asked)
})

it('the lines above cover the fallback reasons of the field walker, and over half need no fallback', () => {
  const reasons = ['escaped_key', 'key_twice', 'malformed', 'odd_outside', 'too_deep', 'excess']
  const long = [C(t1, 'x'.repeat(MAX_LINE_VALUES)), C(t1, 'gpt-5.5', { deep: nested(300) }), K(x, x)]
  agree(rollout(M(A), S(t1), ...long))
  expect(Object.keys(fallbacks).sort()).toEqual(reasons.sort())
  const left = Object.values(fallbacks).reduce((sum, lines) => sum + lines, 0)
  console.log(`seed ${seed}: ${told} of ${LINES} lines read, ${counted} rows; left to v8:`, fallbacks)
  expect(left).toBeLessThan(LINES * 0.5)
  expect(told).toBeGreaterThan(LINES * 0.3)
  expect(counted).toBeGreaterThan(LINES * 0.05)
})

describe('the field walker', () => {
  it('needs no fallback for lines that Codex writes', () => {
    const text = rollout(
      M(A, { base_instructions: { text: 'Say "no".\n' }, cwd: 'C:\\é' }),
      S(t1),
      C(t1, 'é'),
      K(x, x),
      R('a', A, t1, x),
    )
    expect(agree(text + text.replace(',"type"', ',"ordinal":12,"type"'))).toEqual({})
  })

  it('skips the texts that JSON.parse accepts, wherever their escapes are, and leaves all others', () => {
    const odd = ['\\', '\\u00', '\\x', '\u0000', '\u001f', '\\u00g9']
    const letters = ['"', '\\', '/', 'b', 'f', 'n', 'r', 't']
    const even = [...letters.map((letter) => `\\${letter}`), '\\u00E9', '\u007f', 'é', ' a text of 16 b']
    const unit = fc.oneof(
      { weight: 60, arbitrary: fc.constantFrom(...even) },
      { weight: 1, arbitrary: fc.constantFrom(...odd) },
    )
    const template = rollout(S(t1), C(t1, 'gpt-5.5', { text: '@' }), R('a', A, t1, x))
    const valid = { true: 0, false: 0 }
    fc.assert(
      fc.property(fc.nat(130), fc.array(unit, { maxLength: 90, size: 'max' }), (before, units) => {
        const text = 'x'.repeat(before) + units.join('')
        valid[`${isString(text)}`] += 1
        const taken = agree(template.replace('@', () => text))
        if (/^(?:[^"\\]|\\[^])*$/.test(text)) expect(taken, text).toEqual(isString(text) ? {} : { malformed: 1 })
      }),
      { numRuns: 5_000, seed },
    )
    expect(valid.true).toBeGreaterThan(1_000)
    expect(valid.false).toBeGreaterThan(1_000)
  })

  it('knows for each byte whether it may follow a backslash', () => {
    const template = rollout(S(t1), C(t1, 'gpt-5.5', { text: `${'x'.repeat(40)}@` }), R('a', A, t1, x))
    const taken = Array.from({ length: 256 }, (_, code) =>
      agree(
        template.replace('@', `\\@`).replace('@', () => String.fromCharCode(code)),
        'latin1',
      ),
    )
    const known = taken.flatMap((fallbacks, code) =>
      Object.keys(fallbacks).length === 0 ? [String.fromCharCode(code)] : [],
    )
    expect(known.sort().join('')).toBe('"/\\bfnrt')
  })

  it('throws for bytes outside its own buffer', () => {
    const { decoder } = engines.find(({ backend }) => backend === 'wasm')!
    const bytes = Buffer.from(rollout(M(A)))
    expect(() => notesOf(0, (target) => decoder.decode(bytes, 0, bytes.length, 0, target))).toThrow(/not the buffer/)
    expect(() => decoder.grow(bytes, 100)).toThrow(/not the buffer/)
  })

  it('throws for more fields, or longer names, than it has room for', () => {
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`field_${n}`, true as const]))
    const source = { prefilters: [], engine: codexLike(many) }
    expect(() => source.engine(createV8Decoder(source))).toThrow()
    expect(() => codexLike({ ['x'.repeat(33)]: true })(createV8Decoder(source))).toThrow()
  })
})

describe(`the engines agree on files (seed ${seed})`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'fields-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const lines = fc.array(fc.nat(), { minLength: 1, maxLength: 30 })
  const chunks = fc.integer({ min: 64, max: 9_000 })

  it('read in chunks of any size and resumed anywhere by another engine', { timeout: 600_000 }, () => {
    const path = join(folder, 'rollout-S.jsonl')
    const readers = backends.flatMap((first) => backends.map((second) => [first, second] as const))
    fc.assert(
      fc.property(lines, chunks, fc.nat(1_000), (seeds, chunkBytes, cut) => {
        const bytes = Buffer.concat(mutatedRollout(seeds).flatMap((line) => [line, LINE_FEED]))
        const until = Math.floor((bytes.length * cut) / 1_000)
        const [expected, ...others] = readers.map(([first, second]) => {
          writeFileSync(path, bytes.subarray(0, until))
          const before = readFile(first, path, chunkBytes)
          writeFileSync(path, bytes)
          return [before.found, readFile(second, path, chunkBytes, before.outcome).found]
        })
        for (const other of others) expect(other).toEqual(expected)
      }),
      { numRuns: Math.ceil(LINES / 500), seed },
    )
  })

  const { zstdCompressSync } = zlib as { zstdCompressSync?: (bytes: Buffer) => Buffer }
  if (zstdCompressSync !== undefined)
    it('compressed with zstd', () => {
      const path = join(folder, 'rollout-S.jsonl.zst')
      fc.assert(
        fc.property(lines, chunks, (seeds, chunkBytes) => {
          const bytes = Buffer.concat(mutatedRollout(seeds).flatMap((line) => [line, LINE_FEED]))
          writeFileSync(path, zstdCompressSync(bytes))
          const [expected, ...others] = backends.map((backend) => readFile(backend, path, chunkBytes).found)
          for (const other of others) expect(other).toEqual(expected)
        }),
        { numRuns: 200, seed },
      )
    })
})

const LINE_FEED = Buffer.from('\n')

const codexLike = (fields: Fields) => (rest: Decoder) =>
  createFieldDecoder({ firstLook: codex.firstLook!, fields }, rest)

/** Reads the file as a worker does, resuming after `before` if there is one. */
function readFile(backend: Backend, path: string, chunkBytes: number, before?: FileOutcome) {
  const cursor = before?.kind === 'read' ? before.cursor : undefined
  const { offset: from = 0, fingerprint = { low: 0, high: 0 }, saved } = cursor ?? {}
  const file = { ...FILE, path, from, fingerprint, ...(saved !== undefined && { saved }) }
  const form = path.endsWith('.zst') ? { form: 'zstd-lines' as const } : {}
  const task = { agent: codex.agent, backend, files: [{ ...file, ...form }] }
  const { batch, outcomes } = parseFiles(task, createReadBuffer(chunkBytes, SOURCES))
  const [outcome] = outcomes
  const known = outcome?.kind === 'read' ? { ...outcome.cursor, mtimeMs: 0 } : undefined
  const found = { counted: countedOf(batch), ...outcome, cursor: known, seconds: 0, fallbacks: {} }
  return { outcome: outcome!, found }
}

/** Whether JSON.parse accepts a text between quotes. */
function isString(text: string): boolean {
  try {
    return typeof JSON.parse(`"${text}"`) === 'string'
  } catch {
    return false
  }
}

function nested(depth: number): unknown {
  let value: unknown = 0
  for (let level = 0; level < depth; level += 1) value = [value]
  return value
}

function lengthOf(lines: readonly Buffer[]): number {
  return lines.reduce((sum, line) => sum + line.length + 1, 0)
}

function count(more: Fallbacks): void {
  for (const [reason, lines] of Object.entries(more)) fallbacks[reason] = (fallbacks[reason] ?? 0) + lines
}

/** Expects the same from every engine, and at least one row. Returns the walker's fallbacks. */
function agree(content: string, encoding: BufferEncoding = 'utf8'): Fallbacks {
  const [expected, ...others] = engines.map(({ decoder }) => {
    const bytes = decoder.allocate(Buffer.byteLength(content, encoding))
    bytes.write(content, encoding)
    return notesOf(0, (target) => decoder.decode(bytes, 0, bytes.length, 0, target))
  })
  for (const other of others) expect(other).toEqual(expected)
  const { decoder } = engines.find(({ backend }) => backend === 'wasm')!
  const taken = decoder.takeFallbacks()
  count(taken)
  expect(expected!.rows.length).toBeGreaterThan(0)
  return taken
}

/**
 * Everything learnt from the lines: the fields of each with its offset, and what the reader makes of them.
 * @param every once per `every` lines read, the reader asks for every line that follows; 0: never
 */
function notesOf(every: number, decode: (target: LineTarget) => unknown) {
  const batch = new BatchBuilder()
  const sink = new FileSink(codex, FILE, batch)
  const reader = codex.open(FILE, sink)
  const read: unknown[] = []
  const noting: LineReader = {
    read(line, offset) {
      read.push([offset, fieldsOf(line, rolloutFields)])
      reader.read(line, offset)
    },
    get wantsEveryLine() {
      return reader.wantsEveryLine === true || (every > 0 && read.length % every === every - 1)
    },
  }
  const lines = decode({ sink, reader: noting })
  const told = batch.finish()
  const rows = rowNotes(told.entries, told.requests, (number) => told.strings[number]!)
  return { read, rows, lines, skipped: skippedBy(sink).sort(), cwd: sink.firstCwd, saved: reader.save?.() }
}

/** The wanted fields of a value. */
function fieldsOf(value: unknown, fields: Fields): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const all = value as Readonly<Record<string, unknown>>
  return Object.entries(fields).map(([name, below]) => {
    const one = Object.hasOwn(all, name) ? all[name] : undefined
    return below === true ? unsigned(one) : fieldsOf(one, below)
  })
}

/** Engines need not agree on the sign of 0, which no count has. */
function unsigned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unsigned)
  if (typeof value !== 'object' || value === null) return value === 0 ? 0 : value
  return Object.fromEntries(Object.entries(value).map(([name, below]) => [name, unsigned(below)]))
}

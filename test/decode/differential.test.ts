// Compares the engines with each other and with plain JSON.parse on Claude Code's lines, intact and damaged: they must
// produce the same records and skip a line for the same reason.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, it } from 'vitest'
import { BatchBuilder } from '../../src/core/ledger/batch.js'
import { FALLBACK_REASONS, type Fallbacks } from '../../src/core/ledger/fallback.js'
import type { SkipReason } from '../../src/core/ledger/skip.js'
import { Ledger } from '../../src/core/ledger/ledger.js'
import { StringTable } from '../../src/core/tables/strings.js'
import {
  BACKENDS,
  MAX_CWD_LINE_BYTES,
  MAX_LINE_OBJECTS,
  MAX_LINE_VALUES,
  MAX_READ_LINE_BYTES,
  type LineTarget,
} from '../../src/decode/decoder.js'
import { createParse, readJsonValues } from '../../src/decode/json-values.js'
import { chooseBackend, createDecoder } from '../../src/decode/engines.js'
import { claudeCode } from '../../src/sources/claude-code/claude-code.js'
import { SOURCES } from '../../src/sources/index.js'
import { FileSink } from '../../src/worker/file-sink.js'
import { createReadBuffer, parseFiles } from '../../src/worker/parse-file.js'
import type { Backend } from '../../src/worker/protocol.js'
import { countedOf, skippedBy } from '../sources/reading.js'
import { mutatedLine } from './mutated.js'
import { rowNotes } from './row-notes.js'
import { LINES, seed } from './tried.js'

const LINES_A_FILE = 40
const WITH_BYTES = 4 * 1024 * 1024

/** `simdjson` is included only where it is installed. */
const backends = BACKENDS.filter((backend) => chooseBackend(backend, SOURCES).backend === backend)
const engines = backends.map((backend) => ({ backend, decoder: createDecoder(backend, claudeCode) }))
const fallbacks: Record<string, number> = {}
let told = 0

it('wasm, v8 and the engines named in AUE_BACKEND are available', () => {
  expect(backends).toEqual(expect.arrayContaining(['wasm', 'v8', ...(process.env.AUE_BACKEND?.split(',') ?? [])]))
})

it(`the engines and JSON.parse agree on ${LINES} lines (seed ${seed})`, { timeout: 600_000 }, () => {
  const buffers = engines.map(({ decoder }) => decoder.allocate(WITH_BYTES))
  const lines = fc.array(fc.nat(), { minLength: 1, maxLength: 2 * LINES_A_FILE, size: 'max' })
  const cuts = fc.array(fc.nat(LINES_A_FILE))
  const place = fc.record({
    at: fc.nat(70),
    offset: fc.nat(2 ** 33),
    wantsCwd: fc.boolean(),
    apart: fc.boolean(),
    cuts,
  })
  fc.assert(
    fc.property(lines, place, (seeds, { at, offset, wantsCwd, apart, cuts }) => {
      const file = seeds.map(mutatedLine)
      const expected = oracle(file, offset, wantsCwd, apart)
      const bytes = Buffer.concat(file.flatMap((line) => [line, LINE_FEED]))
      for (const [index, { backend, decoder }] of engines.entries()) {
        const buffer = buffers[index]!
        bytes.copy(buffer, at)
        const notes = notesOf(wantsCwd, apart, (target) => {
          let from = at
          for (const end of [...(apart ? file.keys() : cuts), file.length]
            .sort((a, b) => a - b)
            .map((cut) => at + lengthOf(file.slice(0, cut)))) {
            decoder.decode(buffer, from, end, offset + from - at, target)
            from = end
          }
        })
        const first = notes.findIndex((note, index) => note !== expected[index])
        if (first < 0 && notes.length === expected.length) continue
        expect([backend, notes.length, notes[first]], file.join('\n')).toEqual([
          backend,
          expected.length,
          expected[first],
        ])
      }
      for (const { decoder } of engines) count(decoder.takeFallbacks())
      told += expected.length
    }),
    { numRuns: Math.ceil(LINES / LINES_A_FILE), seed },
  )
})

it.each([0, 1])('the engines agree on a line %d bytes over the limit for working directories', (more) => {
  const long = longLine('{"type":"user","cwd":"/w/long"', MAX_CWD_LINE_BYTES + more)
  const expected = [more === 0 ? 'cwd /w/long' : 'cwd /w/next', '0 records']
  expect(oracle([long, NEXT], 0, true, true)).toEqual(expected)
  agree([long, NEXT], expected)
})

const RESPONSE = '{"type":"assistant","cwd":"/w/long","message":{"id":"msg_1","usage":{"output_tokens":1}}'

it.each([0, 1])('the engines agree on a line %d bytes over the maximum line length', (more) => {
  const expected = more === 0 ? ['cwd /w/long', '1 records'] : ['cwd /w/next', 'too_long', '0 records']
  for (const key of ['text', 't\\u0065xt']) agree([longLine(RESPONSE, MAX_READ_LINE_BYTES + more, key), NEXT], expected)
  // A line that cannot hold usage is not reported as skipped, whatever its length.
  agree([longLine('{"usage":1', MAX_READ_LINE_BYTES + more), NEXT], ['cwd /w/next', '0 records'])
})

it.each([0, 1])('the engines agree on a line %d values over the maximum', (more) => {
  // The values of the response itself, and the brackets of the list.
  const others = RESPONSE.match(/[,{[]/g)!.length + 2
  const expected = more === 0 ? ['cwd /w/long', '1 records'] : ['cwd /w/next', 'too_many_values', '0 records']
  for (const value of ['0', '",[{"', '"\\",[{"', '{}', '[]']) {
    const each = value.startsWith('"') || value === '0' ? 1 : 2
    const values = (MAX_LINE_VALUES - others + 1) / each
    const list = `[${Array.from({ length: Math.floor(values) }, () => value).join(',')}`.padEnd(MAX_LINE_VALUES, ' ')
    const rest = `${',0'.repeat(values % 1 === 0 ? 0 : 1)}${',0'.repeat(more)}]}`
    for (const key of ['list', 'l\\u0069st'])
      agree([Buffer.from(`${RESPONSE},"${key}":${list}${rest}`), NEXT], expected)
  }
})

it('the engines agree on a line that holds no usage, only a working directory, and too many values', () => {
  agree(
    [Buffer.from(`{"cwd":"/w/long","list":[${'0,'.repeat(MAX_LINE_VALUES)}0]}`), NEXT],
    ['cwd /w/next', '0 records'],
  )
  agree(
    [Buffer.from(`{"cwd":"/w/long","list":[${'0,'.repeat(MAX_LINE_VALUES)}`), NEXT],
    ['cwd /w/next', 'invalid_json', '0 records'],
  )
})

it('the engines agree on model names of any length', () => {
  const names = [96, 97, 200, 201, 100_000].flatMap((length) => ['a', 'b'].map((last) => 'm'.repeat(length - 1) + last))
  const file = [...names, 'é'.repeat(300), ' 💡'.repeat(300)].map((model) =>
    Buffer.from(JSON.stringify({ type: 'assistant', message: { id: 'msg_1', model, usage: { input_tokens: 1 } } })),
  )
  const expected = oracle(file, 0, false, true)
  expect(new Set(expected).size).toBe(file.length + 1)
  expect(Math.max(...expected.map((note) => note.length))).toBeLessThan(300)
  agree(file, expected, true)
})

it.each([0, 1])('the engines agree on a line %d objects over the maximum', (more) => {
  const line = Buffer.from(`${RESPONSE}}`.repeat(MAX_LINE_OBJECTS + more))
  agree([line, NEXT], ['cwd /w/long', ...(more === 0 ? [] : ['invalid_json']), `${MAX_LINE_OBJECTS} records`])
})

it('the lines above cover every fallback reason, and over 40 % need no fallback', () => {
  expect(Object.keys(fallbacks).sort()).toEqual([...FALLBACK_REASONS].sort())
  const left = Object.values(fallbacks).reduce((sum, lines) => sum + lines, 0)
  console.log(`seed ${seed}: ${told} notes of ${LINES} lines; left to v8:`, fallbacks)
  expect(left).toBeLessThan(LINES * 0.6)
  expect(told).toBeGreaterThan(LINES / 2)
})

it(`the engines agree on files read in chunks of any size (seed ${seed})`, { timeout: 600_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'differential-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'S.jsonl')
  const task = (backend: Backend) => ({
    agent: claudeCode.agent,
    backend,
    files: [{ path, ...PLACE, wantsCwd: true, from: 0, fingerprint: { low: 0, high: 0 } }],
  })
  const chunks = fc.integer({ min: 64, max: 9_000 })
  fc.assert(
    fc.property(
      fc.array(fc.nat(), { minLength: 1, maxLength: 12 }),
      chunks,
      fc.boolean(),
      (seeds, chunkBytes, torn) => {
        const bytes = Buffer.concat(seeds.map(mutatedLine).flatMap((line) => [line, LINE_FEED]))
        writeFileSync(path, torn ? bytes.subarray(0, -1) : bytes)
        const [one, ...others] = backends.map((backend) => {
          const { batch, outcomes } = parseFiles(task(backend), createReadBuffer(chunkBytes, SOURCES))
          const records = batch.duplicates + batch.entries.count
          return {
            counted: countedOf(batch),
            records,
            outcomes: outcomes.map((outcome) => ({ ...outcome, seconds: 0, fallbacks: {} })),
          }
        })
        for (const other of others) expect(other).toEqual(one)
      },
    ),
    { numRuns: Math.ceil(LINES / 200), seed },
  )
})

const NEXT = Buffer.from('{"type":"user","cwd":"/w/next"}')

/** A line that starts with `head` and is `bytes` bytes long. */
function longLine(head: string, bytes: number, key = 'text'): Buffer {
  const start = `${head},"${key}":"`
  return Buffer.from(`${start}${'x'.repeat(bytes - start.length - 2)}"}`)
}

/** Expects these notes from every engine, with or without the notes of rows. */
function agree(file: readonly Buffer[], expected: readonly string[], withRows = false): void {
  const bytes = Buffer.concat(file.flatMap((line) => [line, LINE_FEED]))
  for (const { backend, decoder } of engines) {
    const buffer = decoder.allocate(bytes.length)
    bytes.copy(buffer)
    const notes = notesOf(true, true, (target) => {
      // One call per line: an engine may join lines of one response that it decodes together.
      for (let from = 0; from < bytes.length; from = bytes.indexOf(0x0a, from) + 1)
        decoder.decode(buffer, from, bytes.indexOf(0x0a, from) + 1, from, target)
    })
    expect([backend, notes.filter((note) => withRows || !/^\d+ \d+ /.test(note))]).toEqual([backend, expected])
    count(decoder.takeFallbacks())
  }
}

const LINE_FEED = Buffer.from('\n')
const PLACE = { project: '-w-app', session: 'S', subagent: false }

function lengthOf(lines: readonly Buffer[]): number {
  return lines.reduce((sum, line) => sum + line.length + 1, 0)
}

function count(more: Fallbacks): void {
  for (const [reason, lines] of Object.entries(more)) fallbacks[reason] = (fallbacks[reason] ?? 0) + lines
}

/**
 * Everything that Claude Code's reader learns from the lines that `decode` passes to it, in a fixed order. An engine may
 * join lines of one response that it decodes together: unless `apart`, the notes therefore describe the joined result.
 */
function notesOf(wantsCwd: boolean, apart: boolean, decode: (target: LineTarget) => void): string[] {
  const batch = new BatchBuilder()
  const file = { path: '/p/S.jsonl', ...PLACE, wantsCwd }
  const sink = new FileSink(claudeCode, file, batch)
  decode({ sink, reader: claudeCode.open(file, sink) })
  const notes: string[] = [...skippedBy(sink), ...(sink.firstCwd === undefined ? [] : [`cwd ${sink.firstCwd}`])]
  const told = batch.finish()
  if (apart) notes.push(...rowNotes(told.entries, told.requests, (number) => told.strings[number]!))
  else {
    const ledger = new Ledger(new StringTable())
    ledger.join(told, () => undefined)
    const [entries, links] = [ledger.entries.rows, ledger.requests.rows].map((rows) => ({
      pages: rows.pages(),
      count: rows.count,
    }))
    notes.push(...rowNotes(entries!, links!, (number) => ledger.strings.get(number)))
  }
  for (const page of [...told.toolUses.pages, ...told.toolResults.pages])
    notes.push(page.join(' ').replace(/( 0)+$/, ''))
  return [...notes.sort(), `${told.duplicates + told.entries.count} records`]
}

/** The notes that plain JSON.parse gives for the lines. */
function oracle(file: readonly Buffer[], offset: number, wantsCwd: boolean, apart: boolean): string[] {
  return notesOf(wantsCwd, apart, (target) => {
    let at = offset
    for (const bytes of file) {
      judge(bytes, at, target)
      at += bytes.length + 1
    }
  })
}

function judge(bytes: Buffer, at: number, { reader, sink }: LineTarget): void {
  const whole = bytes.toString('latin1')
  const before = /^[ \t\r\0]*/.exec(whole)![0].length
  const outer = whole.slice(before).replace(/[ \t\r\0]+$/, '')
  if (outer === '') {
    if (whole.includes('\0')) sink.skip('nul_bytes')
    return
  }
  const has = (text: string) => outer.includes(text)
  if (
    !(has('"usage"') && has('"assistant"')) &&
    !has('"searchCount"') &&
    !(sink.wantsCwd && outer.length <= MAX_CWD_LINE_BYTES && has('"cwd"'))
  ) {
    if (!outer.startsWith('{') || !outer.endsWith('}')) sink.skip(reasonOf(whole))
    return
  }
  const text = Buffer.from(outer, 'latin1').toString()
  try {
    reader.read(JSON.parse(text), at + before)
  } catch {
    const complete = readJsonValues(text, createParse(), (value, index) => {
      reader.read(value, at + before + index)
    })
    if (!complete) sink.skip(reasonOf(whole))
  }
}

function reasonOf(line: string): SkipReason {
  if (line.includes('\0')) return 'nul_bytes'
  const bytes = Buffer.from(line, 'latin1')
  return Buffer.from(bytes.toString()).equals(bytes) ? 'invalid_json' : 'invalid_utf8'
}

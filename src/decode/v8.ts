// The engine that stands on V8: a byte prefilter finds the lines that can count, JSON.parse reads them.
// Lines that cannot count are only looked at from outside, so a bad one among them is noticed by its first or last byte.
import { isUtf8 } from 'node:buffer'
import type { Fallbacks } from '../core/ledger/fallback.js'
import type { SkipReason } from '../core/ledger/skip.js'
import { MAX_CWD_LINE_BYTES, type Decoder, type LineReader, type Prefilter } from './decoder.js'
import { excessOf } from './excess.js'
import { NOT_JSON, createParse, readJsonValues, type Parse } from './json-values.js'

const LINE_FEED = 0x0a
const BRACE_OPEN = 0x7b
const BRACE_CLOSE = 0x7d
const CWD = Buffer.from('"cwd"')

/** @param parseJson must make of every text what JSON.parse makes of it */
export function createV8Decoder(prefilters: readonly Prefilter[], parseJson?: Parse): Decoder {
  const parse = createParse(parseJson)
  const filters = prefilters.map(({ find, and }) => ({
    find: Buffer.from(find),
    and: and === undefined ? undefined : Buffer.from(and),
  }))
  /** Next place of each filter's text, in the bytes being decoded; `Infinity` when there is none left. */
  const next = filters.map(() => 0)

  /** Whether the line may count. Filters look ahead once for many lines, not once a line. */
  function mayCount(bytes: Buffer, start: number, end: number): boolean {
    let may = false
    for (const [index, { find, and }] of filters.entries()) {
      if (next[index]! < start) next[index] = found(bytes.indexOf(find, start))
      if (next[index]! >= end) continue
      if (and === undefined || bytes.subarray(start, end).includes(and)) may = true
    }
    return may
  }

  function readLine(
    bytes: Buffer,
    start: number,
    end: number,
    offset: number,
    reader: LineReader,
    torn: boolean,
  ): void {
    let from = start
    let to = end
    while (from < to && isBlank(bytes[from]!)) from += 1
    while (to > from && isBlank(bytes[to - 1]!)) to -= 1
    if (from === to) {
      // Blank lines are nothing; NUL bytes where a line should be are a loss that somebody may want to know of.
      if (end > start && !torn && bytes.subarray(start, end).includes(0)) reader.skip('nul_bytes')
      return
    }
    const counts = mayCount(bytes, from, to)
    const wanted =
      counts || (reader.wantsCwd && to - from <= MAX_CWD_LINE_BYTES && bytes.subarray(from, to).includes(CWD))
    const excess = wanted ? excessOf(bytes, from, to) : undefined
    if (counts && excess !== undefined) {
      if (!torn) reader.skip(excess)
      return
    }
    if (!wanted || excess !== undefined) {
      if (!torn && (bytes[from] !== BRACE_OPEN || bytes[to - 1] !== BRACE_CLOSE))
        reader.skip(badReason(bytes, start, end))
      return
    }
    const at = offset + (from - start)
    const text = bytes.toString('utf8', from, to)
    const line = parse(text)
    if (line !== NOT_JSON) {
      reader.read(line, at)
      return
    }
    // Where several objects share a line, each one's offset is told apart by its place in the text.
    const complete = readJsonValues(text, parse, (value, index) => {
      reader.read(value, at + index)
    })
    if (!complete && !torn) reader.skip(badReason(bytes, start, end))
  }

  return {
    allocate: (bytes) => Buffer.allocUnsafeSlow(bytes),
    grow(buffer, bytes) {
      const larger = Buffer.allocUnsafeSlow(bytes)
      buffer.copy(larger)
      return larger
    },
    decode(bytes, from, to, offset, reader) {
      next.fill(-1)
      let lines = 0
      for (let start = from; start < to;) {
        const feed = bytes.indexOf(LINE_FEED, start)
        const end = feed < 0 || feed >= to ? to : feed
        readLine(bytes, start, end, offset + (start - from), reader, false)
        lines += 1
        start = end + 1
      }
      return lines
    },
    decodeTorn(bytes, from, to, offset, reader) {
      next.fill(-1)
      // Cut: or the filters would look through all that is left in the buffer from before.
      readLine(bytes.subarray(0, to), from, to, offset, reader, true)
    },
    takeFallbacks: () => NOTHING,
  }
}

const NOTHING: Fallbacks = {}

/** Place of a text, or Infinity: so that a text that is not there is not looked for again. */
function found(index: number): number {
  return index < 0 ? Infinity : index
}

/** White space of JSON, and NUL, with which a crash may fill the place of lines that never reached the disk. */
function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === 0x00
}

function badReason(bytes: Buffer, from: number, to: number): SkipReason {
  const line = bytes.subarray(from, to)
  if (line.includes(0)) return 'nul_bytes'
  return isUtf8(line) ? 'invalid_json' : 'invalid_utf8'
}

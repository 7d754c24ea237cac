// The engine that stands on V8: a byte prefilter finds the lines that can count, JSON.parse reads them.
// Lines that cannot count are only looked at from outside, so a bad one among them is noticed by its first or last byte.
import { isUtf8 } from 'node:buffer'
import type { Fallbacks } from '../core/ledger/fallback.js'
import type { SkipReason } from '../core/ledger/skip.js'
import { LINE_FEED, MAX_CWD_LINE_BYTES, type Decoder, type LineTarget, type Prefilter } from './decoder.js'
import { excessOf } from './excess.js'
import { createLook, type FirstLook } from './first-look.js'
import { NOT_JSON, createParse, readJsonValues, type Parse } from './json-values.js'
import { withoutUnread } from './unread.js'

const BRACE_OPEN = 0x7b
const BRACE_CLOSE = 0x7d

export interface V8Options {
  readonly prefilters: readonly Prefilter[]
  readonly firstLook?: FirstLook | undefined
  /** What stands in front of strings that no reader wants, up to and with their opening quotes. */
  readonly unread?: readonly string[] | undefined
}

/** @param parseJson must make of every text what JSON.parse makes of it */
export function createV8Decoder({ prefilters, firstLook, unread = [] }: V8Options, parseJson?: Parse): Decoder {
  const parse = createParse(parseJson)
  const counting = prefilters.filter(({ cwdOnly }) => cwdOnly !== true).map(lookAhead)
  const telling = prefilters.filter(({ cwdOnly }) => cwdOnly === true).map(lookAhead)
  const unreadStrings = unread.map((before) => Buffer.from(before))
  const look = firstLook && createLook(firstLook)
  const joints = firstLook === undefined ? [] : [lookAhead({ find: firstLook.joint })]

  /** To be called when other bytes lie in the buffer. */
  function forget(): void {
    for (const filter of counting) filter.next = -1
    for (const filter of telling) filter.next = -1
    for (const filter of joints) filter.next = -1
  }

  function canCount(bytes: Buffer, from: number, to: number): boolean {
    const told = look?.(bytes, from, to)
    return told === undefined ? holdsAny(counting, bytes, from, to) : told || holdsAny(joints, bytes, from, to)
  }

  /** Hands on what is one JSON value, and answers whether it was. */
  function isRead(text: string | undefined, reader: LineTarget['reader'], at: number): boolean {
    const line = text === undefined ? NOT_JSON : parse(text)
    if (line === NOT_JSON) return false
    reader.read(line, at)
    return true
  }

  function readLine(
    bytes: Buffer,
    start: number,
    end: number,
    offset: number,
    { reader, sink }: LineTarget,
    torn: boolean,
  ): void {
    let from = start
    let to = end
    while (from < to && isBlank(bytes[from]!)) from += 1
    while (to > from && isBlank(bytes[to - 1]!)) to -= 1
    if (from === to) {
      // Blank lines are nothing; NUL bytes where a line should be are a loss that somebody may want to know of.
      if (end > start && !torn && bytes.subarray(start, end).includes(0)) sink.skip('nul_bytes')
      return
    }
    const counts = canCount(bytes, from, to)
    const wanted =
      counts ||
      (to - from <= MAX_CWD_LINE_BYTES &&
        (reader.wantsEveryLine === true || (sink.wantsCwd && holdsAny(telling, bytes, from, to))))
    const excess = wanted ? excessOf(bytes, from, to) : undefined
    if (counts && excess !== undefined) {
      if (!torn) sink.skip(excess)
      return
    }
    if (!wanted || excess !== undefined) {
      if (!torn && (bytes[from] !== BRACE_OPEN || bytes[to - 1] !== BRACE_CLOSE))
        sink.skip(badReason(bytes, start, end))
      return
    }
    const at = offset + (from - start)
    if (isRead(withoutUnread(bytes, from, to, unreadStrings), reader, at)) return
    const text = bytes.toString('utf8', from, to)
    if (isRead(text, reader, at)) return
    // Where several objects share a line, each one's offset is told apart by its place in the text.
    const complete = readJsonValues(text, parse, (value, index) => {
      reader.read(value, at + index)
    })
    if (!complete && !torn) sink.skip(badReason(bytes, start, end))
  }

  return {
    allocate: (bytes) => Buffer.allocUnsafeSlow(bytes),
    grow(buffer, bytes) {
      const larger = Buffer.allocUnsafeSlow(bytes)
      buffer.copy(larger)
      return larger
    },
    decode(bytes, from, to, offset, target) {
      forget()
      let lines = 0
      for (let start = from; start < to;) {
        const feed = bytes.indexOf(LINE_FEED, start)
        const end = feed < 0 || feed >= to ? to : feed
        readLine(bytes, start, end, offset + (start - from), target, false)
        lines += 1
        start = end + 1
      }
      return lines
    },
    decodeTorn(bytes, from, to, offset, target) {
      forget()
      // Cut: or the filters would look through all that is left in the buffer from before.
      readLine(bytes.subarray(0, to), from, to, offset, target, true)
    },
    decodeDocument(bytes, from, to, target) {
      forget()
      readLine(bytes.subarray(0, to), from, to, from, target, false)
    },
    takeFallbacks: () => NOTHING,
  }
}

const NOTHING: Fallbacks = {}

/** A prefilter that looks ahead once for many lines, not once a line. */
interface LookAhead {
  readonly find: Buffer
  readonly and: Buffer | undefined
  /** Next place of `find` in the bytes being decoded; Infinity when there is none left, so that it is not looked for again. */
  next: number
}

function lookAhead({ find, and }: Prefilter): LookAhead {
  return { find: Buffer.from(find), and: and === undefined ? undefined : Buffer.from(and), next: -1 }
}

/** Whether the line holds what one of the filters looks for. */
function holdsAny(filters: readonly LookAhead[], bytes: Buffer, start: number, end: number): boolean {
  let holds = false
  for (let index = 0; index < filters.length; index += 1) {
    const filter = filters[index]!
    if (filter.next < start) {
      const found = bytes.indexOf(filter.find, start)
      filter.next = found < 0 ? Infinity : found
    }
    if (filter.next >= end || holds) continue
    holds = filter.and === undefined || bytes.subarray(start, end).includes(filter.and)
  }
  return holds
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

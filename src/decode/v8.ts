// The engine that uses V8: prefilters on bytes find the lines that can count, and JSON.parse reads them. Of all other
// lines only the first and last byte are checked, to find malformed ones.
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
  /** The text before strings that the reader does not use, including their opening quotes. */
  readonly unread?: readonly string[] | undefined
}

/** @param parseJson must return what JSON.parse returns, and throw if it throws; if absent, JSON.parse */
export function createV8Decoder({ prefilters, firstLook, unread = [] }: V8Options, parseJson?: Parse): Decoder {
  const parse = createParse(parseJson)
  const counting = prefilters.filter(({ cwdOnly }) => cwdOnly !== true).map(lookAhead)
  const cwdFilters = prefilters.filter(({ cwdOnly }) => cwdOnly === true).map(lookAhead)
  const unreadStrings = unread.map((before) => Buffer.from(before))
  const look = firstLook && createLook(firstLook)
  const joints = firstLook === undefined ? [] : [lookAhead({ find: firstLook.joint })]

  /** Must be called whenever the buffer has new contents. */
  function reset(): void {
    for (const filter of counting) filter.next = -1
    for (const filter of cwdFilters) filter.next = -1
    for (const filter of joints) filter.next = -1
  }

  function canCount(bytes: Buffer, from: number, to: number): boolean {
    const looked = look?.(bytes, from, to)
    return looked === undefined ? holdsAny(counting, bytes, from, to) : looked || holdsAny(joints, bytes, from, to)
  }

  /** Passes a text that is one JSON value to the reader; returns whether it was one. */
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
      // Blank lines are ignored. NUL bytes in place of a line are lost data, and are counted.
      if (end > start && !torn && bytes.subarray(start, end).includes(0)) sink.skip('nul_bytes')
      return
    }
    const counts = canCount(bytes, from, to)
    const wanted =
      counts ||
      (to - from <= MAX_CWD_LINE_BYTES &&
        (reader.wantsEveryLine === true || (sink.wantsCwd && holdsAny(cwdFilters, bytes, from, to))))
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
    // Several objects on one line: the index in the text makes their offsets distinct.
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
      reset()
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
      reset()
      // Cut off, so that the filters do not search the earlier contents behind it.
      readLine(bytes.subarray(0, to), from, to, offset, target, true)
    },
    decodeDocument(bytes, from, to, target) {
      reset()
      readLine(bytes.subarray(0, to), from, to, from, target, false)
    },
    takeFallbacks: () => NOTHING,
  }
}

const NOTHING: Fallbacks = {}

/** A prefilter that remembers the next match, so that it does not search once per line. */
interface LookAhead {
  readonly find: Buffer
  readonly and: Buffer | undefined
  /** Index of the next match of `find` in the bytes being decoded; -1: unknown; Infinity: there is no further match. */
  next: number
}

function lookAhead({ find, and }: Prefilter): LookAhead {
  return { find: Buffer.from(find), and: and === undefined ? undefined : Buffer.from(and), next: -1 }
}

/** Whether the line matches one of the filters. */
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

/** JSON's white space, or NUL, which a crash can leave in place of lines that did not reach the disk. */
function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === 0x00
}

function badReason(bytes: Buffer, from: number, to: number): SkipReason {
  const line = bytes.subarray(from, to)
  if (line.includes(0)) return 'nul_bytes'
  return isUtf8(line) ? 'invalid_json' : 'invalid_utf8'
}

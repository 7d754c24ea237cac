// The module's one function: goes through whole lines of Claude Code, 64 bytes at a time, and leaves a record for each that
// tells something. Most lines hold none of the names looked for, and of these only both ends are looked at.
import { ODD_OUTSIDE, SEARCH_COUNT, reason } from './give-up'
import { BRACE_CLOSE, BRACE_OPEN, QUOTE, byte } from './json'
import {
  CWD, END, FLAGS, GAVE_UP, KIND, MAX_RECORDS, MESSAGE_ID, MODEL, NOTHING, REASON, RECORDS, RECORD_BYTES, REQUEST_ID,
  SAME_MESSAGE_ID, SAME_MODEL, SAME_REQUEST_ID, START, USAGE,
} from './layout'
import { readLine } from './line'
import { NEEDLES, SEARCH_NEEDLE, USAGE_NEEDLE, meaningOf, Meaning } from './names'

export { BYTES, RECORDS, RECORD_BYTES } from './layout'
/** How many records the last call left. */
export let records: i32 = 0
/** How many lines the last call went through. */
export let lines: i32 = 0

/** As in decoder.ts. */
const MAX_CWD_LINE_BYTES: usize = 4 * 1024 * 1024

const FEED: u8 = 0x0a
const LETTER_C: u8 = 0x43
const LETTER_U: u8 = 0x75
let wantsCwd = false
/** The last record of usage that this call left; 0: none. */
let lastUsage: usize = 0

/**
 * Goes through the lines from `from` on; a line feed stands before `to`. Answers where it stopped: at `to`, or behind a line
 * when there was no more room for records, or when a working directory is wanted and the line may have told one.
 */
export function scan(from: usize, to: usize, withCwd: bool): usize {
  records = 0
  lines = 0
  wantsCwd = withCwd
  lastUsage = 0
  let start = from
  let needles: Meaning = 0
  let p = from
  while (true) {
    if (!v128.any_true(v128.or(v128.or(hits(p), hits(p + 16)), v128.or(hits(p + 32), hits(p + 48))))) {
      p += 64
      continue
    }
    for (const end = p + 64; p < end; p += 16) {
      for (let left = i8x16.bitmask(hits(p)); left != 0; left &= left - 1) {
        const at = p + <usize>ctz(left)
        if (byte(at) != FEED) {
          needles |= needleAt(at)
          continue
        }
        lines += 1
        const stops = endLine(start, at, needles)
        start = at + 1
        needles = 0
        if (start >= to || records == MAX_RECORDS || stops) return start
      }
    }
  }
}

/**
 * Marks line feeds, and the two letters that may stand in `"usage"` and `"searchCount"`, five bytes before their last quote:
 * the fewest comparisons that leave few marks in vain.
 */
// @ts-ignore: decorator
@inline
function hits(p: usize): v128 {
  const here = v128.load(p)
  const letter = v128.or(i8x16.eq(here, i8x16.splat(LETTER_U)), i8x16.eq(here, i8x16.splat(LETTER_C)))
  const needle = v128.and(letter, i8x16.eq(v128.load(p, 5), i8x16.splat(QUOTE)))
  return v128.or(i8x16.eq(here, i8x16.splat(FEED)), needle)
}

function needleAt(letter: usize): Meaning {
  const length = byte(letter) == LETTER_U ? 5 : 11
  const quote = letter + 5
  return byte(quote - length - 1) == QUOTE ? meaningOf(NEEDLES, quote - length, length) : 0
}

/** Leaves a record of the line if there is need for one. Answers whether it may have told a working directory. */
function endLine(start: usize, end: usize, needles: Meaning): bool {
  let from = start
  let to = end
  while (from < to && isBlank(byte(from))) from += 1
  while (to > from && isBlank(byte(to - 1))) to -= 1
  if (from == to || byte(from) != BRACE_OPEN || byte(to - 1) != BRACE_CLOSE) {
    return start == end ? false : leave(start, end, ODD_OUTSIDE)
  }
  if ((needles & SEARCH_NEEDLE) != 0) return leave(start, end, SEARCH_COUNT)
  if ((needles & USAGE_NEEDLE) == 0 && !(wantsCwd && to - from <= MAX_CWD_LINE_BYTES && hasCwd(from, to))) return false
  const record = RECORDS + <usize>records * RECORD_BYTES
  if (!readLine(from, to, record, wantsCwd)) return leave(start, end, reason)
  const toldCwd = load<u32>(record, CWD + 4) > 0
  if (load<u32>(record, KIND) == NOTHING && !toldCwd) return false
  store<u32>(record, <u32>from, START)
  records += 1
  if (load<u32>(record, KIND) == USAGE) {
    if (lastUsage != 0) store<u32>(record, load<u32>(record, FLAGS) | sameTexts(record, lastUsage), FLAGS)
    lastUsage = record
  }
  return toldCwd
}

/** Flags for the texts that are those of the record of usage before, as they mostly are: so they need be made only once. */
function sameTexts(record: usize, before: usize): u32 {
  return (
    (isSameText(record + MESSAGE_ID, before + MESSAGE_ID) ? SAME_MESSAGE_ID : 0) |
    (isSameText(record + REQUEST_ID, before + REQUEST_ID) ? SAME_REQUEST_ID : 0) |
    (isSameText(record + MODEL, before + MODEL) ? SAME_MODEL : 0)
  )
}

function isSameText(a: usize, b: usize): bool {
  const length = load<u32>(a, 4)
  if (length != load<u32>(b, 4)) return false
  const shift = load<u32>(b) - load<u32>(a)
  let from = load<u32>(a)
  for (const end = from + length; from < end; from += 16) {
    const differing = i8x16.bitmask(i8x16.ne(v128.load(from), v128.load(from + shift)))
    if ((differing & (end - from < 16 ? (1 << <i32>(end - from)) - 1 : -1)) != 0) return false
  }
  return true
}

/** White space of JSON, and NUL, with which a crash may fill the place of lines that never reached the disk. */
function isBlank(c: u8): bool {
  return c == 0x20 || c == 0x09 || c == 0x0d || c == 0x00
}

/** Leaves the line to the other engine. */
function leave(start: usize, end: usize, why: u32): bool {
  const record = RECORDS + <usize>records * RECORD_BYTES
  store<u32>(record, GAVE_UP, KIND)
  store<u32>(record, why, REASON)
  store<u32>(record, <u32>start, START)
  store<u32>(record, <u32>end, END)
  records += 1
  return wantsCwd
}

function hasCwd(from: usize, to: usize): bool {
  for (let p = from; p < to; p += 16) {
    const quotes = v128.and(i8x16.eq(v128.load(p), i8x16.splat(QUOTE)), i8x16.eq(v128.load(p, 4), i8x16.splat(QUOTE)))
    const marks = v128.and(quotes, i8x16.eq(v128.load(p, 1), i8x16.splat(0x63)))
    for (let left = i8x16.bitmask(marks); left != 0; left &= left - 1) {
      const at = p + <usize>ctz(left)
      if (at + 5 <= to && byte(at + 2) == 0x77 && byte(at + 3) == 0x64) return true
    }
  }
  return false
}

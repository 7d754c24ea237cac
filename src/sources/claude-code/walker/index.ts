// Scans complete lines of Claude Code, 64 bytes at a time, and writes rows for usage and notes for everything else.
// Most lines contain none of the names searched for; only their first and last bytes are checked.
import { isExcessive } from '../../../decode/walker/excess'
import {
  CWD_NOTE,
  FALLBACK_EXCESS,
  FALLBACK_ODD_OUTSIDE,
  FALLBACK_SEARCH_COUNT,
  MAX_CWD_LINE_BYTES,
  NOTE_BYTES,
  NOTE_FROM,
  NOTE_TO,
  NOTE_WHAT,
  REPORT_BYTES,
  REPORT_LINES,
  REPORT_NOTES,
} from './generated'
import { reason } from '../../../decode/walker/give-up'
import { BRACE_CLOSE, BRACE_OPEN, QUOTE, byte } from '../../../decode/walker/json'
import { COUNTS, CWD, MAX_NOTES, MAX_ROWS, NOTES, RECORD, REPORT } from './layout'
import { readLine } from './line'
import { Meaning, meaningOf } from '../../../decode/walker/names'
import { NEEDLES, SEARCH_NEEDLE, USAGE_NEEDLE } from './names'
import { addRow, asks, count, rows, startRows } from './rows'

export { LAYOUT } from './generated'
export { BYTES, LINKS, NOTES, REPORT, ROWS } from './layout'
export { forgetModels } from './models'
export { answer, open } from './rows'

/** Number of notes that this call of `scan` wrote. */
let notes: i32 = 0

const FEED: u8 = 0x0a
const LETTER_C: u8 = 0x43
const LETTER_U: u8 = 0x75
let wantsCwd = false

/**
 * Scans the lines in [from, to), which ends with a line feed. Returns the address where it stopped: `to`; or after a
 * line if there is no more room, or if a working directory is wanted and the line may have stated one; or before a line
 * whose model number it asks for.
 * @param firstRow number of the first row in its batch
 */
export function scan(from: usize, to: usize, withCwd: bool, firstRow: u32): usize {
  memory.fill(REPORT, 0, REPORT_BYTES)
  startRows(firstRow)
  notes = 0
  wantsCwd = withCwd
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
        const stops = endLine(start, at, needles)
        if (asks) return start
        count(REPORT_LINES)
        start = at + 1
        needles = 0
        if (start >= to || rows == MAX_ROWS || notes == MAX_NOTES || stops) return start
      }
    }
  }
}

/**
 * Marks line feeds, and the letters `u` and `C` five bytes before a quote, as in `"usage"` and `"searchCount"`. This
 * takes the fewest comparisons that still give few false marks.
 */
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

/** Reads the line if necessary. Returns whether it may have stated a working directory. */
function endLine(start: usize, end: usize, needles: Meaning): bool {
  let from = start
  let to = end
  while (from < to && isBlank(byte(from))) from += 1
  while (to > from && isBlank(byte(to - 1))) to -= 1
  if (from == to || byte(from) != BRACE_OPEN || byte(to - 1) != BRACE_CLOSE) {
    return start == end ? false : leave(start, end, FALLBACK_ODD_OUTSIDE)
  }
  if ((needles & SEARCH_NEEDLE) != 0) return leave(start, end, FALLBACK_SEARCH_COUNT)
  if ((needles & USAGE_NEEDLE) == 0 && !(wantsCwd && to - from <= MAX_CWD_LINE_BYTES && hasCwd(from, to))) return false
  if (isExcessive(from, to)) return leave(start, end, FALLBACK_EXCESS)
  if (!readLine(from, to, wantsCwd)) return leave(start, end, reason)
  if (load<u32>(RECORD, COUNTS) != 0 && !addRow()) return leave(start, end, reason)
  if (asks) return false
  const cwd = load<u32>(RECORD, CWD)
  const cwdBytes = load<u32>(RECORD, CWD + 4)
  if (cwdBytes == 0) return false
  note(CWD_NOTE, cwd, cwd + cwdBytes)
  return true
}

/** JSON's white space, or NUL, which a crash can leave in place of lines that did not reach the disk. */
function isBlank(c: u8): bool {
  return c == 0x20 || c == 0x09 || c == 0x0d || c == 0x00
}

/** Leaves the line to the other engine. */
function leave(start: usize, end: usize, why: u32): bool {
  note(why, <u32>start, <u32>end)
  return wantsCwd
}

function note(what: u32, from: u32, to: u32): void {
  const at = NOTES + <usize>notes * NOTE_BYTES
  store<u32>(at, what, NOTE_WHAT)
  store<u32>(at, from, NOTE_FROM)
  store<u32>(at, to, NOTE_TO)
  notes += 1
  count(REPORT_NOTES)
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

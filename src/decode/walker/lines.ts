// Scans complete lines, 64 bytes at a time, skips those that cannot count by their beginning, and reads the fields of
// the others. The program describes an agent's lines and the wanted fields once, in tables.
import { FIELDS, addField, fieldName, readFields } from './fields'
import { BEGINNINGS, COUNTING, look } from './first-look'
import {
  FALLBACK_EXCESS,
  FALLBACK_MALFORMED,
  FALLBACK_ODD_OUTSIDE,
  FOUND_FIELDS,
  FOUND_LEFT,
  FOUND_NOTHING,
  FOUND_UNSURE,
  LOOK_COUNTS,
  LOOK_UNKNOWN,
  LOOK_UNSURE,
  MAX_LINE_VALUES,
  REPORT_BYTES,
  REPORT_FOUND,
  REPORT_FROM,
  REPORT_LINES,
  REPORT_TO,
} from './generated'
import { reason } from './give-up'
import { BRACE_CLOSE, BRACE_OPEN, byte } from './json'

export { BEGINNINGS, COUNTING, FIELDS, addField, fieldName }
export { LAYOUT } from './generated'

/** Address of the file's bytes, above everything that the compiler places. */
export const BYTES: usize = 65536
/** The result of a call. */
export const REPORT: usize = memory.data(<i32>REPORT_BYTES, 8)

const FEED: u8 = 0x0a

/** Four bytes found where two lines met because a line feed was lost. */
let joint: u32 = 0

export function setJoint(bytes: u32): void {
  joint = bytes
}

/**
 * Scans the lines in [from, to), which ends with a line feed, up to the first that is not skipped. Returns the address
 * after that line, or `to`.
 * @param every whether lines that cannot count are wanted, too
 */
export function seek(from: usize, to: usize, every: bool): usize {
  let lines: u32 = 0
  let start = from
  let joined = false
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
          joined = joined || load<u32>(at) == joint
          continue
        }
        lines += 1
        const found = judge(start, at, joined, every)
        if (found != FOUND_NOTHING || at + 1 >= to) {
          store<u32>(REPORT, lines, REPORT_LINES)
          store<u32>(REPORT, found, REPORT_FOUND)
          store<u32>(REPORT, <u32>start, REPORT_FROM)
          store<u32>(REPORT, <u32>at, REPORT_TO)
          return at + 1
        }
        start = at + 1
        joined = false
      }
    }
  }
}

/** Marks line feeds, and the first two bytes of the joint. */
function hits(p: usize): v128 {
  const here = v128.load(p)
  const meets = v128.and(
    i8x16.eq(here, i8x16.splat(<i8>joint)),
    i8x16.eq(v128.load(p, 1), i8x16.splat(<i8>(joint >> 8))),
  )
  return v128.or(i8x16.eq(here, i8x16.splat(FEED)), meets)
}

/** Decides on a line. If the result is FOUND_FIELDS, its values are in FIELDS. */
function judge(start: usize, end: usize, joined: bool, every: bool): u32 {
  if (start == end) return FOUND_NOTHING
  if (byte(start) != BRACE_OPEN || byte(end - 1) != BRACE_CLOSE) return FOUND_LEFT + FALLBACK_ODD_OUTSIDE
  const looked = look(start, end)
  if (looked == LOOK_COUNTS) {
    if (end - start > MAX_LINE_VALUES) return FOUND_LEFT + FALLBACK_EXCESS
    return readFields(start, end) ? FOUND_FIELDS : FOUND_LEFT + reason
  }
  if (looked == LOOK_UNKNOWN) return FOUND_LEFT + FALLBACK_ODD_OUTSIDE
  if (joined) return FOUND_LEFT + FALLBACK_MALFORMED
  return every || looked == LOOK_UNSURE ? FOUND_UNSURE : FOUND_NOTHING
}

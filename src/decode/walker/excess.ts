// Lines that are not parsed, by the same rule as decode/excess.ts has: not for the walker's sake, which makes nothing of
// values, but so that all engines read the same lines.
import { MAX_LINE_VALUES, MAX_READ_LINE_BYTES } from './generated'
import { BACKSLASH, BRACE_OPEN, BRACKET_OPEN, COMMA, QUOTE, byte, specials } from './json'

/** Of a line's bytes without what surrounds it. */
export function isExcessive(from: usize, to: usize): bool {
  // Nearly all lines are shorter: each value takes a byte at least.
  if (to - from <= MAX_LINE_VALUES) return false
  return to - from > MAX_READ_LINE_BYTES || countValues(from, to) > MAX_LINE_VALUES
}

function countValues(from: usize, to: usize): usize {
  let values: usize = 0
  for (let p = from; p < to; p += 1) {
    const c = byte(p)
    if (c == QUOTE) p = stringEnd(p + 1, to)
    else if (c == COMMA || c == BRACKET_OPEN || c == BRACE_OPEN) values += 1
  }
  return values
}

/** Address of the quote that ends a string, or of the line's end. */
function stringEnd(from: usize, to: usize): usize {
  let p = from
  while (p < to) {
    const special = specials(p)
    if (special == 0) {
      p += 16
      continue
    }
    p += <usize>ctz(special)
    const c = byte(p)
    if (c == QUOTE) break
    // Behind an escaped byte, or a control character, which no string may hold: but that is not decided here.
    p += c == BACKSLASH ? 2 : 1
  }
  return min(p, to)
}

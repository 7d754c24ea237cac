// Finds lines that are not parsed, by the rule of decode/excess.ts. The walker itself could read them, but all engines
// must read the same lines.
import { MAX_LINE_VALUES, MAX_READ_LINE_BYTES } from './generated'
import { BACKSLASH, BRACE_OPEN, BRACKET_OPEN, COMMA, QUOTE, byte, specials } from './json'

/** @param from, to the line without surrounding white space */
export function isExcessive(from: usize, to: usize): bool {
  // Nearly all lines are shorter, and each value takes at least a byte.
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

/** Address of the closing quote of a string, or of the line's end. */
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
    // Skips an escaped byte, or a control character. Control characters are invalid in a string, but not rejected here.
    p += c == BACKSLASH ? 2 : 1
  }
  return min(p, to)
}

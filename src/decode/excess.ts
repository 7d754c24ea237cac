// Finds lines that are far larger than any log line and would take too much memory to parse. The known line with the
// most values has less than a thousandth of the limit.
import { MAX_LINE_VALUES, MAX_READ_LINE_BYTES } from './decoder.js'

const QUOTE = 0x22
const COMMA = 0x2c
const BRACKET_OPEN = 0x5b
const BACKSLASH = 0x5c
const BRACE_OPEN = 0x7b

/** The reason not to parse a line; undefined if it may be parsed. All engines apply the same limits. */
export function excessOf(bytes: Buffer, from: number, to: number): 'too_long' | 'too_many_values' | undefined {
  if (to - from > MAX_READ_LINE_BYTES) return 'too_long'
  // Nearly all lines are shorter than the limit; each value takes at least a byte.
  return to - from > MAX_LINE_VALUES && countValues(bytes, from, to) > MAX_LINE_VALUES ? 'too_many_values' : undefined
}

/**
 * Counts the characters that can precede a value: commas and opening brackets and braces outside strings. The line need
 * not be JSON.
 */
function countValues(bytes: Buffer, from: number, to: number): number {
  let values = 0
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at]!
    if (byte === QUOTE) at = stringEnd(bytes, at + 1, to)
    else if (byte === COMMA || byte === BRACKET_OPEN || byte === BRACE_OPEN) values += 1
  }
  return values
}

/** Index of the quote that ends a string, or the end of the line. */
function stringEnd(bytes: Buffer, from: number, to: number): number {
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at]!
    if (byte === QUOTE) return at
    if (byte === BACKSLASH) at += 1
  }
  return to
}

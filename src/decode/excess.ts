// What is more than a log's line ever holds, and would take more memory to parse than there should be: a thousandth of
// such a line's values would do for the largest line known.
import { MAX_LINE_VALUES, MAX_READ_LINE_BYTES } from './decoder.js'

const QUOTE = 0x22
const COMMA = 0x2c
const BRACKET_OPEN = 0x5b
const BACKSLASH = 0x5c
const BRACE_OPEN = 0x7b

/** Why a line is not to be parsed, if it is not. A source's own engine tells the same. */
export function excessOf(bytes: Buffer, from: number, to: number): 'too_long' | 'too_many_values' | undefined {
  if (to - from > MAX_READ_LINE_BYTES) return 'too_long'
  // Nearly all lines are shorter: each value takes a byte at least.
  return to - from > MAX_LINE_VALUES && countValues(bytes, from, to) > MAX_LINE_VALUES ? 'too_many_values' : undefined
}

/** Counts what begins a value, or could: commas, brackets and braces outside of strings. The line need not be JSON. */
function countValues(bytes: Buffer, from: number, to: number): number {
  let values = 0
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at]!
    if (byte === QUOTE) at = stringEnd(bytes, at + 1, to)
    else if (byte === COMMA || byte === BRACKET_OPEN || byte === BRACE_OPEN) values += 1
  }
  return values
}

/** Place of the quote that ends a string, or the end of the line. */
function stringEnd(bytes: Buffer, from: number, to: number): number {
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at]!
    if (byte === QUOTE) return at
    if (byte === BACKSLASH) at += 1
  }
  return to
}

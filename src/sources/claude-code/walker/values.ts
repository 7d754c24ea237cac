// The values that a record is made of, each written to its place in the record. What a field may hold besides, null above
// all, is skipped: the record says 0, empty or false of it already.
import { FALLBACK_ODD_NUMBER, FALLBACK_ODD_TIME } from './generated'
import { giveUp } from '../../../decode/walker/give-up'
import { QUOTE, byte, isDigit, skipPlainText, skipValue } from '../../../decode/walker/json'
import { timeOf } from '../../../decode/walker/time'

/** A text, trimmed: its address and length to `at`. */
export function takeText(p: usize, at: usize, depth: i32): usize {
  if (byte(p) != QUOTE) return skipValue(p, depth)
  const end = skipPlainText(p)
  if (end == 0) return 0
  let from = p + 1
  let to = end - 1
  while (from < to && byte(from) == 0x20) from += 1
  while (to > from && byte(to - 1) == 0x20) to -= 1
  store<u32>(at, <u32>from)
  store<u32>(at, <u32>(to - from), 4)
  return end
}

/** A count of decimal digits; a fraction, an exponent and more than that are left to the other engine. */
export function takeCount(p: usize, at: usize, most: u64, depth: i32): usize {
  if (!isDigit(byte(p)) || byte(p) == 0x30) return takeOddCount(p, depth)
  let value: u64 = 0
  const first = p
  do {
    value = value * 10 + <u64>(byte(p) - 0x30)
    p += 1
  } while (isDigit(byte(p)))
  if (p - first > 18 || value > most || byte(p) == 0x2e || (byte(p) | 0x20) == 0x65) return giveUp(FALLBACK_ODD_NUMBER)
  store<u32>(at, <u32>value)
  return p
}

/** A count that starts with a zero is 0 if that is all of it; what is no number or is negative counts 0. */
function takeOddCount(p: usize, depth: i32): usize {
  if (byte(p) == 0x30 && (byte(p + 1) == 0x2e || (byte(p + 1) | 0x20) == 0x65)) return giveUp(FALLBACK_ODD_NUMBER)
  return skipValue(p, depth)
}

/** `true` sets the flag. */
export function takeFlag(p: usize, flags: usize, flag: u32, depth: i32): usize {
  if (byte(p) == 0x74) store<u32>(flags, load<u32>(flags) | flag)
  return skipValue(p, depth)
}

/** A time exactly as `2026-11-01T10:00:00.000Z`: milliseconds since the epoch to `at`. */
export function takeTime(p: usize, at: usize, depth: i32): usize {
  if (byte(p) != QUOTE) return skipValue(p, depth)
  const end = skipPlainText(p)
  if (end == 0) return 0
  const time = timeOf(p + 1, end - 1)
  if (isNaN(time)) return giveUp(FALLBACK_ODD_TIME)
  store<f64>(at, time)
  return end
}

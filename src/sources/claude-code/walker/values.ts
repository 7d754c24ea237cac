// The values that a record is made of, each written to its place in the record. What a field may hold besides, null above
// all, is skipped: the record says 0, empty or false of it already.
import { FALLBACK_ODD_NUMBER, FALLBACK_ODD_TIME } from './generated'
import { giveUp } from '../../../decode/walker/give-up'
import { QUOTE, byte, isDigit, skipPlainText, skipValue } from '../../../decode/walker/json'

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
  const t = p + 1
  if (end - t != 25 || byte(t + 4) != 0x2d || byte(t + 7) != 0x2d || byte(t + 10) != 0x54)
    return giveUp(FALLBACK_ODD_TIME)
  if (byte(t + 13) != 0x3a || byte(t + 16) != 0x3a || byte(t + 19) != 0x2e || byte(t + 23) != 0x5a)
    return giveUp(FALLBACK_ODD_TIME)
  const century = twoDigits(t)
  const ofCentury = twoDigits(t + 2)
  const month = twoDigits(t + 5)
  const day = twoDigits(t + 8)
  const hour = twoDigits(t + 11)
  const minute = twoDigits(t + 14)
  const second = twoDigits(t + 17)
  const tens = twoDigits(t + 20)
  const ones = byte(t + 22)
  // One negative part makes the union negative. The year 1900 and those before are another engine's problem.
  if ((century | ofCentury | month | day | hour | minute | second | tens) < 0 || !isDigit(ones))
    return giveUp(FALLBACK_ODD_TIME)
  const year = century * 100 + ofCentury
  if (year <= 1900 || month < 1 || month > 12 || day < 1 || day > daysOfMonth(year, month))
    return giveUp(FALLBACK_ODD_TIME)
  if (hour > 23 || minute > 59 || second > 60) return giveUp(FALLBACK_ODD_TIME)
  const seconds = <i64>daysFromEpoch(year, month, day) * 86_400 + <i64>((hour * 60 + minute) * 60 + second)
  store<f64>(at, <f64>(seconds * 1000 + <i64>(tens * 10 + <i32>(ones - 0x30))))
  return end
}

/** The number that two digits make; negative when they are none. */
function twoDigits(p: usize): i32 {
  const high = byte(p)
  const low = byte(p + 1)
  return isDigit(high) && isDigit(low) ? <i32>(high - 0x30) * 10 + <i32>(low - 0x30) : -1
}

function daysOfMonth(year: i32, month: i32): i32 {
  if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31
}

/** Days since 1970-01-01 of a day of the Gregorian calendar; years begin in March, so that leap days come last. */
function daysFromEpoch(year: i32, month: i32, day: i32): i32 {
  const y = month > 2 ? year : year - 1
  const monthFromMarch = (month + 9) % 12
  const dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
  return y * 365 + y / 4 - y / 100 + y / 400 + dayOfYear - 719_468
}

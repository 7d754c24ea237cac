// Timestamps in the most common form.
import { byte, isDigit } from './json'

/** Milliseconds since the epoch of a time exactly as `2026-11-01T10:00:00.000Z`, which ends at `to`; NaN for any other text. */
export function timeOf(t: usize, to: usize): f64 {
  if (to - t != 24 || byte(t + 4) != 0x2d || byte(t + 7) != 0x2d || byte(t + 10) != 0x54) return NaN
  if (byte(t + 13) != 0x3a || byte(t + 16) != 0x3a || byte(t + 19) != 0x2e || byte(t + 23) != 0x5a) return NaN
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
  if ((century | ofCentury | month | day | hour | minute | second | tens) < 0 || !isDigit(ones)) return NaN
  const year = century * 100 + ofCentury
  if (year <= 1900 || month < 1 || month > 12 || day < 1 || day > daysOfMonth(year, month)) return NaN
  if (hour > 23 || minute > 59 || second > 60) return NaN
  const seconds = <i64>daysFromEpoch(year, month, day) * 86_400 + <i64>((hour * 60 + minute) * 60 + second)
  return <f64>(seconds * 1000 + <i64>(tens * 10 + <i32>(ones - 0x30)))
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

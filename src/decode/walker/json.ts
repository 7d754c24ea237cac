// Walks over JSON text without creating values, as strictly as JSON.parse. Each function takes the address of a value's
// first byte and returns the address after the value, or gives up. No function needs the end of the line, because no
// value contains the line feed after it.
import { FALLBACK_ESCAPED_KEY, FALLBACK_MALFORMED, FALLBACK_ODD_TEXT, FALLBACK_TOO_DEEP } from './generated'
import { giveUp } from './give-up'

export const QUOTE: u8 = 0x22
export const COMMA: u8 = 0x2c
export const COLON: u8 = 0x3a
export const BRACKET_OPEN: u8 = 0x5b
export const BRACKET_CLOSE: u8 = 0x5d
export const BRACE_OPEN: u8 = 0x7b
export const BRACE_CLOSE: u8 = 0x7d
export const BACKSLASH: u8 = 0x5c

/** Values nested deeper are left to the other engine; each level is a call here. */
export const MAX_DEPTH: i32 = 256

export function byte(p: usize): u8 {
  return load<u8>(p)
}

export function skipSpace(p: usize): usize {
  while (byte(p) <= 0x20 && isSpace(byte(p))) p += 1
  return p
}

function isSpace(c: u8): bool {
  return c == 0x20 || c == 0x09 || c == 0x0d
}

export function skipValue(p: usize, depth: i32): usize {
  switch (byte(p)) {
    case QUOTE:
      return skipText(p)
    case BRACE_OPEN:
      return skipObject(p, depth)
    case BRACKET_OPEN:
      return skipArray(p, depth)
    case 0x74: // t
      return load<u32>(p) == 0x65757274 ? p + 4 : giveUp(FALLBACK_MALFORMED)
    case 0x6e: // n
      return load<u32>(p) == 0x6c6c756e ? p + 4 : giveUp(FALLBACK_MALFORMED)
    case 0x66: // f
      return load<u32>(p + 1) == 0x65736c61 ? p + 5 : giveUp(FALLBACK_MALFORMED)
    default:
      return skipNumber(p)
  }
}

function skipObject(p: usize, depth: i32): usize {
  if (depth >= MAX_DEPTH) return giveUp(FALLBACK_TOO_DEEP)
  p = skipSpace(p + 1)
  if (byte(p) == BRACE_CLOSE) return p + 1
  while (true) {
    p = skipKey(p)
    if (p == 0) return 0
    p = skipColon(p)
    if (p == 0) return 0
    p = skipValue(p, depth + 1)
    if (p == 0) return 0
    p = skipSpace(p)
    const c = byte(p)
    if (c == BRACE_CLOSE) return p + 1
    if (c != COMMA) return giveUp(FALLBACK_MALFORMED)
    p = skipSpace(p + 1)
  }
}

function skipArray(p: usize, depth: i32): usize {
  if (depth >= MAX_DEPTH) return giveUp(FALLBACK_TOO_DEEP)
  p = skipSpace(p + 1)
  if (byte(p) == BRACKET_CLOSE) return p + 1
  while (true) {
    p = skipValue(p, depth + 1)
    if (p == 0) return 0
    p = skipSpace(p)
    const c = byte(p)
    if (c == BRACKET_CLOSE) return p + 1
    if (c != COMMA) return giveUp(FALLBACK_MALFORMED)
    p = skipSpace(p + 1)
  }
}

/** Takes the address after a key's closing quote, and returns that of its value. */
export function skipColon(p: usize): usize {
  p = skipSpace(p)
  if (byte(p) != COLON) return giveUp(FALLBACK_MALFORMED)
  return skipSpace(p + 1)
}

/** Skips any valid string. Its bytes need not be UTF-8, because JSON.parse would get replacement characters. */
export function skipText(p: usize): usize {
  p += 1
  const special = specials(p)
  const first = p + <usize>ctz(special)
  // Most texts are shorter than 16 bytes.
  return special != 0 && byte(first) == QUOTE ? first + 1 : skipLongText(p)
}

/** Skips the rest of a string, 64 bytes at a time, each of which is a bit of the numbers here. */
function skipLongText(p: usize): usize {
  /** The first bit, if the byte before escapes it. */
  let carried: u64 = 0
  while (true) {
    const a = v128.load(p)
    const b = v128.load(p, 16)
    const c = v128.load(p, 32)
    const d = v128.load(p, 48)
    const quotes = bits(equal(a, QUOTE), equal(b, QUOTE), equal(c, QUOTE), equal(d, QUOTE))
    const backslashes = bits(equal(a, BACKSLASH), equal(b, BACKSLASH), equal(c, BACKSLASH), equal(d, BACKSLASH))
    const escaping = escapes(backslashes, carried)
    const escaped = (escaping << 1) | carried
    const ends = quotes & ~escaped
    /** Everything before the first end. */
    const inside = (ends & -ends) - 1
    if (escaped != 0) {
      const letters = bits(isLetter(a), isLetter(b), isLetter(c), isLetter(d))
      for (let others = escaped & inside & ~letters; others != 0; others &= others - 1) {
        const at = p + <usize>ctz(others)
        if (byte(at) != 0x75 || !isHex4(at + 1)) return giveUp(FALLBACK_MALFORMED)
      }
    }
    if (v128.any_true(v128.or(v128.or(control(a), control(b)), v128.or(control(c), control(d))))) {
      if ((bits(control(a), control(b), control(c), control(d)) & inside) != 0) return giveUp(FALLBACK_MALFORMED)
    }
    if (ends != 0) return p + <usize>ctz(ends) + 1
    carried = escaping >> 63
    p += 64
  }
}

/** The backslashes that are not escaped themselves. */
function escapes(backslashes: u64, carried: u64): u64 {
  let left = backslashes & ~carried
  // Usually no two are neighbours.
  if ((left & (left << 1)) == 0) return left
  let found: u64 = 0
  while (left != 0) {
    const next = left & -left
    found |= next
    left &= ~(next | (next << 1))
  }
  return found
}

/** Marks quotes, backslashes and control characters among 16 bytes. */
export function specials(p: usize): i32 {
  return i8x16.bitmask(special(v128.load(p)))
}

function special(bytes: v128): v128 {
  return v128.or(v128.or(equal(bytes, QUOTE), equal(bytes, BACKSLASH)), control(bytes))
}

function equal(bytes: v128, to: u8): v128 {
  return i8x16.eq(bytes, i8x16.splat(to))
}

function control(bytes: v128): v128 {
  return i8x16.le_u(bytes, i8x16.splat(0x1f))
}

/** Whether a byte is one of "\/bfnrt, by its two halves: each half allows a set, and the sets must have one in common. */
function isLetter(bytes: v128): v128 {
  const low = i8x16.swizzle(LOW_HALVES, v128.and(bytes, i8x16.splat(0x0f)))
  const high = i8x16.swizzle(HIGH_HALVES, v128.and(i16x8.shr_u(bytes, 4), i8x16.splat(0x0f)))
  return i8x16.ne(v128.and(low, high), i8x16.splat(0))
}

/** For each lower half of a byte, the sets that it is in: 1 for 0x2., 2 for 0x5., 4 for 0x6., 8 for 0x7. */
const LOW_HALVES: v128 = i8x16(0, 0, 1 | 4 | 8, 0, 8, 0, 4, 0, 0, 0, 0, 0, 2, 0, 4, 1)
const HIGH_HALVES: v128 = i8x16(0, 0, 1, 0, 0, 2, 4, 8, 0, 0, 0, 0, 0, 0, 0, 0)

function bits(a: v128, b: v128, c: v128, d: v128): u64 {
  const low = (<u32>i8x16.bitmask(a)) | ((<u32>i8x16.bitmask(b)) << 16)
  const high = (<u32>i8x16.bitmask(c)) | ((<u32>i8x16.bitmask(d)) << 16)
  return (<u64>low) | ((<u64>high) << 32)
}

function isHex4(p: usize): bool {
  return isHex(byte(p)) && isHex(byte(p + 1)) && isHex(byte(p + 2)) && isHex(byte(p + 3))
}

function isHex(c: u8): bool {
  return isDigit(c) || ((c | 0x20) >= 0x61 && (c | 0x20) <= 0x66)
}

/**
 * Skips a key. With an escape it could be any key, so the whole line is left to the other engine. With bytes beyond
 * ASCII it is not a wanted one.
 */
export function skipKey(p: usize): usize {
  if (byte(p) != QUOTE) return giveUp(FALLBACK_MALFORMED)
  p += 1
  while (true) {
    const bytes = v128.load(p)
    const special = i8x16.bitmask(
      v128.or(
        v128.or(i8x16.eq(bytes, i8x16.splat(QUOTE)), i8x16.eq(bytes, i8x16.splat(BACKSLASH))),
        i8x16.le_u(bytes, i8x16.splat(0x1f)),
      ),
    )
    if (special == 0) {
      p += 16
      continue
    }
    p += <usize>ctz(special)
    return byte(p) == QUOTE ? p + 1 : giveUp(byte(p) == BACKSLASH ? FALLBACK_ESCAPED_KEY : FALLBACK_MALFORMED)
  }
}

/** Skips a string of printable ASCII without escapes, whose bytes are its characters. Gives up on other strings. */
export function skipPlainText(p: usize): usize {
  p += 1
  while (true) {
    const bytes = v128.load(p)
    // Signed: bytes from 0x80 are below the space, too.
    const special = i8x16.bitmask(
      v128.or(
        v128.or(i8x16.eq(bytes, i8x16.splat(QUOTE)), i8x16.eq(bytes, i8x16.splat(BACKSLASH))),
        i8x16.lt_s(bytes, i8x16.splat(0x20)),
      ),
    )
    if (special == 0) {
      p += 16
      continue
    }
    p += <usize>ctz(special)
    return byte(p) == QUOTE ? p + 1 : giveUp(FALLBACK_ODD_TEXT)
  }
}

export function isDigit(c: u8): bool {
  return <u8>(c - 0x30) <= 9
}

export function skipNumber(p: usize): usize {
  if (byte(p) == 0x2d) p += 1 // -
  if (byte(p) == 0x30) p += 1
  else {
    const digits = skipDigits(p)
    if (digits == p) return giveUp(FALLBACK_MALFORMED)
    p = digits
  }
  if (byte(p) == 0x2e) {
    const digits = skipDigits(p + 1)
    if (digits == p + 1) return giveUp(FALLBACK_MALFORMED)
    p = digits
  }
  if ((byte(p) | 0x20) == 0x65) {
    p += 1
    if (byte(p) == 0x2b || byte(p) == 0x2d) p += 1
    const digits = skipDigits(p)
    if (digits == p) return giveUp(FALLBACK_MALFORMED)
    p = digits
  }
  return p
}

function skipDigits(p: usize): usize {
  while (isDigit(byte(p))) p += 1
  return p
}

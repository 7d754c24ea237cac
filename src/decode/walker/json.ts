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
  /** Marks the first of the next 16 bytes if the last of the current ones escapes it. */
  let escaped: i32 = 0
  while (true) {
    let special = specials(p) & ~escaped
    escaped = 0
    while (special != 0) {
      const bit = ctz(special)
      const at = p + <usize>bit
      const c = byte(at)
      if (c == QUOTE) return at + 1
      if (c != BACKSLASH) return giveUp(FALLBACK_MALFORMED)
      const length = load<u8>(ESCAPES + byte(at + 1))
      if (length != 2 && (length != 6 || !isHex4(at + 2))) return giveUp(FALLBACK_MALFORMED)
      if (bit == 15) escaped = 1
      special &= ~(3 << bit)
    }
    p += 16
  }
}

/** Marks quotes, backslashes and control characters among 16 bytes. */
export function specials(p: usize): i32 {
  const bytes = v128.load(p)
  const quotes = i8x16.eq(bytes, i8x16.splat(QUOTE))
  const backslashes = i8x16.eq(bytes, i8x16.splat(BACKSLASH))
  return i8x16.bitmask(v128.or(v128.or(quotes, backslashes), i8x16.le_u(bytes, i8x16.splat(0x1f))))
}

function isHex4(p: usize): bool {
  return isHex(byte(p)) && isHex(byte(p + 1)) && isHex(byte(p + 2)) && isHex(byte(p + 3))
}

function isHex(c: u8): bool {
  return isDigit(c) || ((c | 0x20) >= 0x61 && (c | 0x20) <= 0x66)
}

/** For each byte that may follow a backslash, the length of the escape; 0 if it is invalid. */
const ESCAPES: usize = memory.data(256)
for (let i = 0; i < 8; i += 1) store<u8>(ESCAPES + <usize>'"\\/bfnrt'.charCodeAt(i), 2)
store<u8>(ESCAPES + 0x75, 6)

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

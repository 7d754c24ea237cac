// Checks whether a text is JSON without throwing: an error of JSON.parse takes 20 µs and a kilobyte.

const QUOTE = 0x22
const COMMA = 0x2c
const MINUS = 0x2d
const POINT = 0x2e
const ZERO = 0x30
const COLON = 0x3a
const BACKSLASH = 0x5c
const BRACKET_OPEN = 0x5b
const BRACE_OPEN = 0x7b
const BRACE_CLOSE = 0x7d

/** True exactly if JSON.parse does not throw. */
export function isJson(text: string): boolean {
  /** The closing characters of the objects and arrays that are open at `at`. */
  const closers: number[] = []
  let at = 0
  for (;;) {
    at = spaceEnd(text, at)
    const first = text.charCodeAt(at)
    if (first === BRACE_OPEN || first === BRACKET_OPEN) {
      const closer = first + 2
      at = spaceEnd(text, at + 1)
      if (text.charCodeAt(at) !== closer) {
        closers.push(closer)
        if (closer === BRACE_CLOSE) at = keyEnd(text, at)
        if (at < 0) return false
        continue
      }
      at += 1
    } else at = scalarEnd(text, at, first)
    if (at < 0) return false

    // After a value.
    for (;;) {
      at = spaceEnd(text, at)
      const closer = closers.at(-1)
      if (closer === undefined) return at === text.length
      const unit = text.charCodeAt(at)
      at += 1
      if (unit === closer) closers.pop()
      else if (unit !== COMMA) return false
      else {
        if (closer === BRACE_CLOSE) at = keyEnd(text, spaceEnd(text, at))
        if (at < 0) return false
        break
      }
    }
  }
}

function spaceEnd(text: string, from: number): number {
  let at = from
  while (isSpace(text.charCodeAt(at))) at += 1
  return at
}

function isSpace(unit: number): boolean {
  return unit === 0x20 || unit === 0x09 || unit === 0x0a || unit === 0x0d
}

/** Index after a key and its colon, or -1. */
function keyEnd(text: string, from: number): number {
  if (text.charCodeAt(from) !== QUOTE) return -1
  const end = stringEnd(text, from)
  const colon = end < 0 ? -1 : spaceEnd(text, end)
  return colon >= 0 && text.charCodeAt(colon) === COLON ? colon + 1 : -1
}

function scalarEnd(text: string, from: number, first: number): number {
  if (first === QUOTE) return stringEnd(text, from)
  for (const word of ['true', 'false', 'null']) if (text.startsWith(word, from)) return from + word.length
  return numberEnd(text, first === MINUS ? from + 1 : from)
}

function stringEnd(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    if (unit === QUOTE) return at + 1
    if (unit < 0x20) return -1
    if (unit !== BACKSLASH) continue
    at += 1
    const escaped = text[at] ?? ''
    if (escaped === 'u') {
      if (!/^[\da-f]{4}$/i.test(text.slice(at + 1, at + 5))) return -1
      at += 4
    } else if (escaped === '' || !'"\\/bfnrt'.includes(escaped)) return -1
  }
  return -1
}

function numberEnd(text: string, from: number): number {
  let at = text.charCodeAt(from) === ZERO ? from + 1 : digitsEnd(text, from)
  if (at >= 0 && text.charCodeAt(at) === POINT) at = digitsEnd(text, at + 1)
  if (at < 0 || (text[at] !== 'e' && text[at] !== 'E')) return at
  const sign = text[at + 1]
  return digitsEnd(text, sign === '+' || sign === '-' ? at + 2 : at + 1)
}

/** Index after one or more digits, or -1 if there is none. */
function digitsEnd(text: string, from: number): number {
  let at = from
  while (isDigit(text.charCodeAt(at))) at += 1
  return at === from ? -1 : at
}

function isDigit(unit: number): boolean {
  return unit >= ZERO && unit <= 0x39
}

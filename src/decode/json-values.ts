// JSON that may be none, and several JSON objects on one line, as a crash can leave them: each counts (claude-code-logs 4).
import { MAX_LINE_OBJECTS } from './decoder.js'
import { isJson } from './is-json.js'

/** What a text that is not JSON is parsed to. */
export const NOT_JSON = Symbol('not JSON')
export type Parse = (text: string) => unknown

/** Texts that fail before others are looked at first: an error costs as much as ten looks, and logs hold few bad lines. */
const FREE_ERRORS = 100

/**
 * JSON.parse that answers NOT_JSON instead of throwing.
 * @param parse must make of every text what JSON.parse makes of it
 */
export function createParse(parse: Parse = JSON.parse): Parse {
  let errors = 0
  return (text) => {
    if (errors >= FREE_ERRORS && !isJson(text)) return NOT_JSON
    try {
      return parse(text)
    } catch {
      errors += 1
      return NOT_JSON
    }
  }
}

/**
 * Reads the JSON objects of a text one after the other, as far as they can be read, and so many of them at most. Answers
 * whether that was all of the text.
 * @param parse as `createParse` makes them
 * @param take is given each value when it was read, and where it begins, in UTF-16 units
 */
export function readJsonValues(text: string, parse: Parse, take: (value: unknown, at: number) => void): boolean {
  let objects = 0
  for (let at = skipSpace(text, 0); at < text.length; objects += 1) {
    const end = objects < MAX_LINE_OBJECTS ? objectEnd(text, at) : -1
    const value = end < 0 ? NOT_JSON : parse(text.slice(at, end))
    if (value === NOT_JSON) return false
    take(value, at)
    at = skipSpace(text, end)
  }
  return objects > 0
}

/** Index behind the object that begins at `from`, or -1. */
function objectEnd(text: string, from: number): number {
  if (text[from] !== '{') return -1
  let depth = 0
  for (let at = from; at < text.length; at += 1) {
    const unit = text[at]
    if (unit === '"') {
      at = stringEnd(text, at)
      if (at < 0) return -1
    } else if (unit === '{' || unit === '[') depth += 1
    else if (unit === '}' || unit === ']') depth -= 1
    if (depth === 0) return at + 1
  }
  return -1
}

/** Index of the quote that ends the string which begins at `from`, or -1. */
function stringEnd(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1
    else if (text[at] === '"') return at
  }
  return -1
}

function skipSpace(text: string, from: number): number {
  let at = from
  while (at < text.length && ' \t\r\n'.includes(text[at]!)) at += 1
  return at
}

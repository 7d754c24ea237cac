// Parses text that may not be JSON, and lines with several JSON objects. A crash can join lines; each object counts
// (claude-code-logs 4).
import { MAX_LINE_OBJECTS } from './decoder.js'
import { isJson } from './is-json.js'

/** The result for a text that is not JSON. */
export const NOT_JSON = Symbol('not JSON')
export type Parse = (text: string) => unknown

/**
 * Number of errors after which texts are checked before they are parsed. An error costs as much as ten checks, and most
 * logs have few.
 */
const FREE_ERRORS = 100

/**
 * Returns a JSON.parse that returns NOT_JSON instead of throwing.
 * @param parse must return what JSON.parse returns, and throw if it throws
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
 * Reads the JSON objects of a text one after another, up to the first that cannot be parsed and at most
 * MAX_LINE_OBJECTS. Returns whether that was the whole text.
 * @param parse returned by `createParse`
 * @param take called with each value and its index in the text, in UTF-16 units
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

/** Index after the object that begins at `from`, or -1. */
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

/** Index of the closing quote of the string that begins at `from`, or -1. */
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

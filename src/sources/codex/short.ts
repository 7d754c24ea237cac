// Texts of a log that are remembered from line to line, cut so that what is saved of them has a bound.
import { text } from '../json.js'

/** A UUID has 36 characters. */
const LONGEST_ID = 48
const LONGEST_MODEL = 128

/** The end of an id: beginnings are more alike. */
export function shortId(value: unknown): string {
  return text(value).slice(-LONGEST_ID)
}

export function shortModel(value: unknown): string {
  return text(value).slice(0, LONGEST_MODEL)
}

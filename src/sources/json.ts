// Access to values that a log may or may not contain.
import { bounded } from '../core/labels/bounded.js'

export type Fields = Readonly<Record<string, unknown>>

/** The fields of an object; undefined for anything else. */
export function fields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined
}

/** Trimmed; anything but a string is empty. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value.trim() : ''
}

/** Maximum length of a name in UTF-16 units: as for a model's name, and five times the length of a UUID. */
const MAX_NAME = 200

/**
 * Like `text`, for a name that is kept beyond its line. Later lines hash or compare it again, so its length is bounded;
 * a longer name is cut, and ends with a hash of the whole.
 */
export function name(value: unknown): string {
  return bounded(text(value), MAX_NAME)
}

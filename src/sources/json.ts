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

/** Longest name that is remembered, in UTF-16 units: as long as that of a model, and five times as long as a UUID. */
const MAX_NAME = 200

/**
 * The same for a name that is remembered beyond its line. It is hashed or compared again with each line behind it, so it has a bound;
 * a longer one ends in a hash of the whole.
 */
export function name(value: unknown): string {
  return bounded(text(value), MAX_NAME)
}

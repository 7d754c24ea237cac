// Looking at values that a log may or may not hold.

export type Fields = Readonly<Record<string, unknown>>

/** The fields of an object; undefined for anything else. */
export function fields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined
}

/** Trimmed; anything but a string is empty. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value.trim() : ''
}

// Several JSON objects on one line, as a crash can leave them: each counts (claude-code-logs 4).

export interface JsonValues {
  /** The values from the start of the text, and where each begins in it, in UTF-16 units. */
  readonly values: readonly { readonly value: unknown; readonly at: number }[]
  /** Whether all of the text was read. */
  readonly complete: boolean
}

/** Reads the JSON objects of a text one after the other, as far as they can be read. */
export function readJsonValues(text: string): JsonValues {
  const values: { value: unknown; at: number }[] = []
  let at = skipSpace(text, 0)
  while (at < text.length) {
    const end = objectEnd(text, at)
    if (end < 0) return { values, complete: false }
    try {
      values.push({ value: JSON.parse(text.slice(at, end)), at })
    } catch {
      return { values, complete: false }
    }
    at = skipSpace(text, end)
  }
  return { values, complete: values.length > 0 }
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

// The JSON objects of one line (claude-code-logs 2, 4): usually one; after a crash, several or a torn one.

export type JsonObject = Readonly<Record<string, unknown>>

export interface LineObjects {
  readonly objects: readonly JsonObject[]
  /** Whether something on the line could not be parsed. */
  readonly malformed: boolean
}

/** Invalid UTF-8 becomes U+FFFD; NUL bytes and white space around the line are removed. */
export function objectsOf(bytes: Buffer): LineObjects {
  const text = bytes
    .toString('utf8')
    .replace(/^[\0\s]+/, '')
    .replace(/[\0\s]+$/, '')
  if (text === '') return { objects: [], malformed: false }
  const whole = parse(text)
  if (whole.ok) return { objects: isObject(whole.value) ? [whole.value] : [], malformed: false }

  const objects: JsonObject[] = []
  let rest = text
  while (rest !== '') {
    const end = firstObjectEnd(rest)
    const first = end === undefined ? { ok: false as const } : parse(rest.slice(0, end))
    if (!first.ok || !isObject(first.value)) return { objects, malformed: true }
    objects.push(first.value)
    rest = rest.slice(end).trimStart()
  }
  return { objects, malformed: false }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parse(text: string): { readonly ok: true; readonly value: unknown } | { readonly ok: false } {
  try {
    return { ok: true, value: JSON.parse(text) as unknown }
  } catch {
    return { ok: false }
  }
}

/** Index after the brace that closes the object at the start of `text`. */
function firstObjectEnd(text: string): number | undefined {
  if (!text.startsWith('{')) return undefined
  let depth = 0
  let inString = false
  for (let i = 0; i < text.length; i++) {
    const char = text[i]
    if (inString) {
      if (char === '\\') i++
      else if (char === '"') inString = false
    } else if (char === '"') inString = true
    else if (char === '{') depth++
    else if (char === '}' && --depth === 0) return i + 1
  }
  return undefined
}

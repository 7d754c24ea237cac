// One JSON value in the styles of different writers: compact, with spaces, with keys in another order, with raw numbers.
import type { Random } from './random.js'

/** A number with its text in the file: `1e3`, `-0.5`, `1e999`. */
export class RawNumber {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

export interface Style {
  /** White space between tokens. */
  readonly gap: '' | ' '
  readonly shuffle: boolean
  /** Whether non-ASCII characters are written as `\uXXXX`, like Python does. */
  readonly ascii: boolean
}

export function randomStyle(random: Random): Style {
  if (random.chance(0.7)) return { gap: '', shuffle: false, ascii: false }
  return { gap: random.chance(0.5) ? ' ' : '', shuffle: random.chance(0.6), ascii: random.chance(0.3) }
}

/** One line of JSON, without its newline. */
export function render(value: unknown, style: Style, random: Random): string {
  const { gap } = style
  const list = (open: string, parts: readonly string[], close: string) =>
    parts.length === 0 ? open + close : open + gap + parts.join(`${gap},${gap}`) + gap + close
  if (value instanceof RawNumber) return value.text
  if (Array.isArray(value))
    return list(
      '[',
      value.map((one) => render(one, style, random)),
      ']',
    )
  if (typeof value !== 'object' || value === null) return text(value, style)
  const entries = Object.entries(value).filter(([, one]) => one !== undefined)
  const ordered = style.shuffle ? random.shuffled(entries) : entries
  return list(
    '{',
    ordered.map(([key, one]) => `${text(key, style)}${gap}:${gap}${render(one, style, random)}`),
    '}',
  )
}

function text(value: unknown, { ascii }: Style): string {
  const json = JSON.stringify(value)
  if (!ascii) return json
  return json.replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

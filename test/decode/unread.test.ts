// Long strings that no reader reads are cut out before a line is parsed; everything else must stay the same.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { withoutUnread } from '../../src/decode/unread.js'
import { createV8Decoder } from '../../src/decode/v8.js'
import { decoded, values } from './noted.js'

const UNREAD = ['"instructions":"', '"base":{"text":"']
const BUFFERS = UNREAD.map((before) => Buffer.from(before))
const LONG = 'long '.repeat(500)
const shortened = (text: string): string | undefined => {
  const bytes = Buffer.from(`before${text}behind`)
  return withoutUnread(bytes, 6, bytes.length - 6, BUFFERS)
}

/** Texts that make the end of a string hard to find. */
const text = fc
  .array(fc.oneof(fc.constantFrom('"', '\\', '\\"', '\\\\', '\n', 'é', '{', '"instructions":"', LONG), fc.string()))
  .map((parts) => parts.join(''))
const tree = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.integer(),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('instructions', 'base', 'text', 'other'), tie('value')),
  ),
})).value

/** The value with its unread strings emptied. */
function emptied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(emptied)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (key === 'instructions' && typeof inner === 'string') return [key, '']
      if (key !== 'base' || typeof inner !== 'object' || inner === null || Array.isArray(inner))
        return [key, emptied(inner)]
      // `text` is cut only as the first key of `base`.
      const [first] = Object.entries(inner as object)
      const rest = emptied(inner) as object
      return [key, first?.[0] === 'text' && typeof first[1] === 'string' ? { ...rest, text: '' } : rest]
    }),
  )
}

describe('withoutUnread', () => {
  it('empties unread strings and changes nothing else', () => {
    fc.assert(
      fc.property(tree, (value) => {
        const line = { value, long: LONG }
        const left = shortened(JSON.stringify(line))
        expect(left === undefined ? line : JSON.parse(left)).toEqual(left === undefined ? emptied(line) : emptied(line))
      }),
      { numRuns: 2_000 },
    )
  })

  it('returns undefined for a short line and for one without unread strings', () => {
    expect(shortened('{"instructions":"short"}')).toBeUndefined()
    expect(shortened(JSON.stringify({ other: LONG }))).toBeUndefined()
  })
})

describe('the v8 engine', () => {
  const decode = (content: string) =>
    decoded(createV8Decoder({ prefilters: [{ find: '"find"' }], unread: UNREAD }), content)

  it('reads lines with their unread strings emptied', () => {
    expect(values(decode(`${JSON.stringify({ find: 1, instructions: LONG })}\n`))).toEqual([
      { find: 1, instructions: '' },
    ])
  })

  it('reads two objects on a line in full, and skips a line whose first object is cut inside an unread string', () => {
    const cut = JSON.stringify({ find: 1, instructions: LONG }).slice(0, -20)
    const whole = { find: 2, instructions: LONG }
    expect(decode(`${cut}${JSON.stringify(whole)}\n`).skipped).toEqual(['invalid_json'])
    expect(values(decode(`${JSON.stringify(whole)}${JSON.stringify(whole)}\n`))).toEqual([whole, whole])
  })
})

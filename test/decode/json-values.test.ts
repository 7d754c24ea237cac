// Several JSON objects on one line: each is read with its position, up to the first invalid one (claude-code-logs 4).
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_LINE_OBJECTS } from '../../src/decode/decoder.js'
import { createParse, readJsonValues } from '../../src/decode/json-values.js'

const objects = fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { maxLength: 4 })
const space = fc.string({ unit: fc.constantFrom(' ', '\t', '\r', '\n'), maxLength: 3 })
const RUNS = { numRuns: 2_000 }

describe('objects on one line', () => {
  it('are split correctly with any spacing and any strings', () => {
    fc.assert(
      fc.property(
        objects,
        fc.array(space, { minLength: 5, maxLength: 5 }),
        fc.constantFrom(0, 1),
        (values, spaces, indent) => {
          const texts = values.map((value) => JSON.stringify(value, null, indent))
          let text = spaces[4]!
          const expected = texts.map((one, index) => {
            const at = text.length
            text += one + spaces[index]!
            return { value: JSON.parse(one) as unknown, at }
          })
          expect(read(text)).toEqual({ values: expected, complete: values.length > 0 })
        },
      ),
      RUNS,
    )
  })

  it('are read up to the first text that is not an object', () => {
    fc.assert(
      fc.property(
        objects,
        fc.constantFrom('{bad', '}', 'x', '{"a":1', '"', '1', '[]', '{]', '{"a"}', '{"\\', '{} x'),
        (values, rest) => {
          const told = read(values.map((value) => JSON.stringify(value)).join('') + rest)
          expect(told.complete).toBe(false)
          const more = rest === '{} x' ? [{}] : []
          expect(told.values.map(({ value }) => value)).toEqual([
            ...values.map((value) => JSON.parse(JSON.stringify(value)) as unknown),
            ...more,
          ])
        },
      ),
      RUNS,
    )
  })

  it('are read from any text without throwing', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('{', '}', '[', ']', '"', '\\', ':', ',', 'a', '1', ' ', '\n', 'é'),
          maxLength: 30,
        }),
        (text) => {
          for (const { value, at } of read(text).values) {
            expect(text[at]).toBe('{')
            expect(typeof value).toBe('object')
          }
        },
      ),
      RUNS,
    )
  })

  it.each(['', ' ', '\n\t'])('are absent from a blank line (%j), which is incomplete', (text) => {
    expect(read(text)).toEqual({ values: [], complete: false })
  })

  it('are read up to a maximum per line', () => {
    for (const more of [0, 1]) {
      const { values, complete } = read('{} '.repeat(MAX_LINE_OBJECTS + more))
      expect([values.length, values.at(-1), complete]).toEqual([
        MAX_LINE_OBJECTS,
        { value: {}, at: 3 * (MAX_LINE_OBJECTS - 1) },
        more === 0,
      ])
    }
  })
})

function read(text: string) {
  const values: { readonly value: unknown; readonly at: number }[] = []
  const complete = readJsonValues(text, createParse(), (value, at) => values.push({ value, at }))
  return { values, complete }
}

// Several JSON objects on one line: each is read, with its place, as far as they can be read (claude-code-logs 4).
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readJsonValues } from '../../src/decode/json-values.js'

const objects = fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { maxLength: 4 })
const space = fc.string({ unit: fc.constantFrom(' ', '\t', '\r', '\n'), maxLength: 3 })
const RUNS = { numRuns: 2_000 }

describe('objects on one line', () => {
  it('are split right, however they are spaced and whatever their strings hold', () => {
    fc.assert(
      fc.property(objects, fc.array(space, { minLength: 5, maxLength: 5 }), fc.constantFrom(0, 1), (values, spaces, indent) => {
        const texts = values.map((value) => JSON.stringify(value, null, indent))
        let text = spaces[4]!
        const expected = texts.map((one, index) => {
          const at = text.length
          text += one + spaces[index]!
          return { value: JSON.parse(one) as unknown, at }
        })
        expect(readJsonValues(text)).toEqual({ values: expected, complete: values.length > 0 })
      }),
      RUNS,
    )
  })

  it('are read up to what is none', () => {
    fc.assert(
      fc.property(objects, fc.constantFrom('{bad', '}', 'x', '{"a":1', '"', '1', '[]', '{]', '{"a"}', '{"\\', '{} x'), (values, rest) => {
        const read = readJsonValues(values.map((value) => JSON.stringify(value)).join('') + rest)
        expect(read.complete).toBe(false)
        const more = rest === '{} x' ? [{}] : []
        expect(read.values.map(({ value }) => value)).toEqual([...values.map((value) => JSON.parse(JSON.stringify(value)) as unknown), ...more])
      }),
      RUNS,
    )
  })

  it('never fail, and end, on any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', '\\', ':', ',', 'a', '1', ' ', '\n', 'é'), maxLength: 30 }), (text) => {
        for (const { value, at } of readJsonValues(text).values) {
          expect(text[at]).toBe('{')
          expect(typeof value).toBe('object')
        }
      }),
      RUNS,
    )
  })

  it.each(['', ' ', '\n\t'])('that are none (%j) are nothing to read', (text) => {
    expect(readJsonValues(text)).toEqual({ values: [], complete: false })
  })
})

// `isJson` must agree with JSON.parse on whether a text is JSON.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isJson } from '../../src/decode/is-json.js'
import { NOT_JSON, createParse } from '../../src/decode/json-values.js'
import { mutatedLine } from './mutated.js'

function parses(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

it('isJson agrees with JSON.parse on intact and damaged lines', () => {
  let good = 0
  const lines = 40_000
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const text = mutatedLine(seed).toString()
      good += parses(text) ? 1 : 0
      expect(isJson(text), text).toBe(parses(text))
    }),
    { numRuns: lines },
  )
  expect(good).toBeGreaterThan(lines / 4)
  expect(good).toBeLessThan((lines * 9) / 10)
})

it('isJson agrees with JSON.parse on random texts of JSON tokens', () => {
  const unit = fc.constantFrom(
    ...'{}[]",:\\ue0+-.19 \t\n\v'.split(''),
    'true',
    'false',
    'null',
    '"a"',
    '\\u00e9',
    '\\n',
    '{"a":',
    '[1,',
  )
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 8 }), (text) => {
      expect(isJson(text), text).toBe(parses(text))
    }),
    { numRuns: 200_000 },
  )
})

it('isJson handles texts nested 100,000 levels deep', () => {
  for (const [open, close] of [
    ['[', ']'],
    ['{"a":', '}'],
  ] as const) {
    const deep = `${open.repeat(100_000)}1${close.repeat(100_000)}`
    expect([isJson(deep), isJson(deep.slice(0, -1)), isJson(`${deep}${close}`)]).toEqual([true, false, false])
  }
})

it('createParse stops handing invalid texts to JSON.parse after 100 errors, and still parses valid ones', () => {
  let parsed = 0
  const parse = createParse((text) => {
    parsed += 1
    return JSON.parse(text) as unknown
  })
  for (let text = 0; text < 1_000; text += 1) expect(parse('{"a",}')).toBe(NOT_JSON)
  expect(parsed).toBe(100)
  expect(parse('{"a":1}')).toEqual({ a: 1 })
})

// How lines begin: which verdict that gives, and that it never costs a line that counts.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { COUNTS, IDLE, OTHER, readBeginnings } from '../../src/decode/beginnings.js'
import { createV8Decoder } from '../../src/decode/v8.js'
import { codex } from '../../src/sources/codex/codex.js'
import { decoded } from './noted.js'

const beginnings = {
  counts: ['{"at":"??","type":"use",'],
  idle: ['{"at":"??","type":"user",', '{"at":"??","n":#,"type":"say"'],
}
const { tell } = readBeginnings(beginnings)
const verdict = (line: string) => tell(Buffer.from(`xx${line}yy`), 2, 2 + Buffer.byteLength(line))

describe('a verdict', () => {
  it.each([
    ['{"at":"12","type":"use","x":1}', COUNTS],
    ['{"at":"12","type":"user","x":1}', IDLE],
    ['{"at":"12","n":7,"type":"say"}', IDLE],
    ['{"at":"12","n":1234567890,"type":"say"}', IDLE],
    ['{"at":"12","n":,"type":"say"}', OTHER],
    ['{"at":"12","n":1x,"type":"say"}', OTHER],
    ['{"at":"123","type":"use","x":1}', OTHER],
    ['{"at":"1","type":"use","x":1}', OTHER],
    ['{"at":"\\"","type":"use","x":1}', OTHER],
    ['{"at":"é","type":"use","x":1}', OTHER],
    ['{"at": "12","type":"use","x":1}', OTHER],
    ['{"at":"12","type":"used","x":1}', OTHER],
    // What stands behind the line is not looked at.
    ['{"at":"12","type":"use"', OTHER],
    ['{"at":"12","n":1', OTHER],
    ['', OTHER],
  ])('of %s', (line, expected) => {
    expect(verdict(line)).toBe(expected)
  })

  it.each([
    { counts: ['{"a'], idle: ['{"ab'] },
    { counts: ['{"ab'], idle: ['{"a'] },
    { counts: ['{"a'], idle: ['{"a'] },
    { counts: ['{"é'], idle: [] },
  ])('must be one: %j', (ambiguous) => {
    expect(() => readBeginnings(ambiguous)).toThrow(RangeError)
  })
})

describe('a decoder that asks it', () => {
  const prefilters = [{ find: '"use"' }]
  const read = (content: string, forms = { prefilters, beginnings }) =>
    decoded(createV8Decoder(forms), content).read.map(({ offset }) => offset)

  it('leaves out idle lines that quote what counts', () => {
    expect(read('{"at":"12","type":"user","text":{"use":1}}\n{"at":"12","type":"use","x":1}\n')).toEqual([43])
  })

  it('asks the prefilters where a line begins otherwise', () => {
    expect(read('{"use":1}\n{"used":1}\n{"at":"12","x":{"use":1}}\n')).toEqual([0, 21])
  })

  it('finds what follows an idle object on its line', () => {
    const [idle, use] = ['{"at":"12","type":"user","x":1}', '{"at":"12","type":"use","x":1}']
    expect(read(`${idle}${use}\n${idle}\n`)).toEqual([0, idle.length])
    expect(read(`${idle} ${use}\n`)).toHaveLength(2)
    expect(read(`${idle}\n${idle}${idle}\n${use}\n`)).toEqual([3 * idle.length + 2])
  })
})

it('Codex: lines come to the same as without beginnings, however they are cut, glued and spoilt', () => {
  const at = '2026-11-01T10:00:00.000Z'
  const line = (type: string, payload: object, ordinal?: number) =>
    JSON.stringify({ timestamp: at, ...(ordinal !== undefined && { ordinal }), type, payload })
  const event = (type: string, more: object = {}) => line('event_msg', { type, ...more })
  const whole = [
    line('session_meta', { id: 'A' }),
    line('turn_context', { turn_id: 't', model: 'm' }, 12),
    line('token_usage_record', { usage: {} }),
    line('compacted', { message: '"token_count"' }, 3),
    event('token_count', { info: null }),
    event('turn_started'),
    event('thread_settings_applied', { thread_settings: {} }),
    event('agent_message', { message: 'x' }),
    event('item_completed', { item: {} }),
    line('world_state', { full: true }, 4),
    line('response_item', { type: 'function_call_output', output: 'plain' }),
  ]
  // Text about usage is not usage: what of these lines is read tells nothing.
  const quoting = /"type":"(?:response_item|world_state)"|agent_message|item_completed/
  const cut = fc.tuple(fc.constantFrom(...whole), fc.nat(60)).map(([text, end]) => text.slice(0, end))
  const spoilt = fc
    .tuple(
      fc.constantFrom(...whole),
      fc.integer({ min: '{"timestamp":"'.length, max: 80 }),
      fc.constantFrom(' ', '"', '\\', '\0', 'é', '{'),
    )
    .map(([text, place, char]) => text.slice(0, place) + char + text.slice(place))
  const piece = fc.oneof(fc.constantFrom(...whole), fc.constantFrom(...whole), cut, spoilt)
  const text = fc
    .array(fc.tuple(piece, fc.constantFrom('\n', '\n', '\r\n', '', ' ', '\n\n')), { maxLength: 12 })
    .map((parts) => `${parts.flat().join('')}\n`)
  const meant = (forms: Parameters<typeof createV8Decoder>[0], content: string) => {
    const { read, lines } = decoded(createV8Decoder(forms), content)
    const told = read.map(({ value, offset }) => `${offset} ${JSON.stringify(value)}`)
    return { lines, told: told.filter((each) => !quoting.test(each)) }
  }
  const { prefilters } = codex
  fc.assert(
    fc.property(text, (content) => {
      expect(meant(codex, content)).toEqual(meant({ prefilters }, content))
    }),
    { numRuns: 2_000 },
  )
})

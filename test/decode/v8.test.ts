// The engine on V8: which lines are read, what is made of bad ones, and where each began.
import { describe, expect, it } from 'vitest'
import { createV8Decoder } from '../../src/decode/v8.js'
import { decoded, values, type Reading } from './noted.js'

const PREFILTERS = [
  { find: '"usage"', and: '"assistant"' },
  { find: '"count"' },
  { find: '"cwd"', cwdOnly: true as const },
]
const decode = (content: string | Buffer, reading?: Reading) =>
  decoded(createV8Decoder({ prefilters: PREFILTERS }), content, reading)

const GOOD = '{"usage":"assistant"}'

describe('the prefilter', () => {
  it('lets through lines that hold a text, and those that hold both of two', () => {
    const lines = [
      '{"usage":1}',
      '{"assistant":1}',
      '{"usage":"assistant"}',
      '{"assistant":0,"usage":0}',
      '{"count":1}',
      '{"other":1}',
    ]
    expect(values(decode(`${lines.join('\n')}\n`))).toEqual([
      { usage: 'assistant' },
      { assistant: 0, usage: 0 },
      { count: 1 },
    ])
  })

  it('does not take a text of a later line, of another chunk or beyond the bytes for this one', () => {
    const noted = decode(`{"usage":1}\n{"assistant":1}\n`)
    expect([noted.read, noted.skipped, noted.lines]).toEqual([[], [], 2])
    const decoder = createV8Decoder({ prefilters: [{ find: '"find"' }] })
    expect(values(decoded(decoder, '{"a":1}\n{"b":1}\n'))).toEqual([])
    expect(values(decoded(decoder, '{"find":1}\n'))).toEqual([{ find: 1 }])
    expect(values(decoded(decoder, '{"a":1}\n{"find":2}\n'))).toEqual([{ find: 2 }])
  })

  it('lets through lines with a working directory while one is wanted', () => {
    const content = '{"cwd":"/w"}\n{"other":1}\n'
    expect(values(decode(content, { wantsCwd: true }))).toEqual([{ cwd: '/w' }])
    expect(values(decode(content))).toEqual([])
  })
})

describe('the first look', () => {
  const firstLook = { beginnings: [['{k:']], counting: [{ find: 'y' }], joint: '}{k:' }
  const looked = (content: string) => decoded(createV8Decoder({ prefilters: PREFILTERS, firstLook }), content)

  it('decides, and where it does not the prefilter does', () => {
    const noted = looked('{k:y}\n{k:n"count"}\n{"count":1}\n{"other":1}\n')
    // What is to be parsed and is no JSON is noticed.
    expect([values(noted), noted.skipped]).toEqual([[{ count: 1 }], ['invalid_json']])
  })

  it('lets through what may be two lines', () => {
    expect(looked('{k:n}\n{k:n}{k:y}\n{k:n}{no}\n').skipped).toEqual(['invalid_json'])
  })
})

describe('lines', () => {
  it('are told with the place of their first byte in the file', () => {
    const noted = decode(`\n${GOOD}\n  ${GOOD}\nnot a line that counts: é\n${GOOD}\n`, { offset: 1000 })
    expect(noted.read.map(({ offset }) => offset)).toEqual([1001, 1025, 1074])
    expect(noted.lines).toBe(5)
  })

  it('may be blank, spaced, ended by CR LF or surrounded by NUL', () => {
    const noted = decode(`\n \t\n\r\n${GOOD}\r\n \t${GOOD} \n\0\0${GOOD}\0\n`)
    expect(noted.read).toHaveLength(3)
    expect(noted.skipped).toEqual([])
  })

  it('that hold several objects give each, at places that differ', () => {
    const noted = decode(`${GOOD}${GOOD} ${GOOD}\n`, { offset: 10 })
    expect(noted.read.map(({ offset }) => offset)).toEqual([10, 31, 53])
    expect(noted.skipped).toEqual([])
  })

  it('with bytes that are no UTF-8 inside a string are read all the same', () => {
    const noted = decode(
      Buffer.concat([Buffer.from('{"usage":"assistant","x":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}\n')]),
    )
    expect(values(noted)).toEqual([{ usage: 'assistant', x: '\ufffd\ufffd' }])
  })
})

describe('what cannot be read is skipped', () => {
  it.each([
    ['not JSON', '{"usage":"assistant"\n', ['invalid_json']],
    ['not JSON, and no candidate', 'bad\n', ['invalid_json']],
    ['cut short, and no candidate', '{"other":1\n', ['invalid_json']],
    ['a tail behind an object', `${GOOD}{bad\n`, ['invalid_json']],
    ['not JSON with NUL in it', '{"usage":\0"assistant"}\n', ['nul_bytes']],
    ['a line of NUL', '\0\0\0\n', ['nul_bytes']],
    ['not UTF-8 and not JSON', Buffer.from([0xff, 0xfe, 0x0a]), ['invalid_utf8']],
    [
      'not UTF-8 in a candidate that is not JSON',
      Buffer.concat([Buffer.from('{"usage":"assistant'), Buffer.from([0xff, 0x0a])]),
      ['invalid_utf8'],
    ],
    ['each bad line', 'x\ny\n', ['invalid_json', 'invalid_json']],
    ['blank lines are not', '\n \n\r\n', []],
    ['nor lines that do not count', '{"other":{}}\n', []],
  ])('%s', (_, content, reasons) => {
    const noted = decode(content)
    expect(noted.skipped).toEqual(reasons)
    expect(noted.read).toHaveLength(content.toString().startsWith(GOOD) ? 1 : 0)
  })
})

describe('a torn last line', () => {
  it('counts when it is whole but for its line feed', () => {
    const noted = decode(GOOD, { torn: true, offset: 7 })
    expect(noted.read).toEqual([{ value: { usage: 'assistant' }, offset: 7 }])
  })

  it.each(['{"usage":"assist', '{"usage":"assistant"', 'x', '\0\0', '{"other":', `${GOOD}{"us`])(
    'is no error when it is not: %j',
    (content) => {
      const noted = decode(content, { torn: true })
      expect(noted.skipped).toEqual([])
      expect(noted.read).toHaveLength(content.startsWith(GOOD) ? 1 : 0)
    },
  )
})

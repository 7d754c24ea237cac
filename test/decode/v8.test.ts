// The v8 engine: which lines it reads, why it skips the others, and at which offset each starts.
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
  it('passes lines that contain a text, or both of two texts', () => {
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

  it('ignores a text in a later line, in another chunk or beyond the given bytes', () => {
    const noted = decode(`{"usage":1}\n{"assistant":1}\n`)
    expect([noted.read, noted.skipped, noted.lines]).toEqual([[], [], 2])
    const decoder = createV8Decoder({ prefilters: [{ find: '"find"' }] })
    expect(values(decoded(decoder, '{"a":1}\n{"b":1}\n'))).toEqual([])
    expect(values(decoded(decoder, '{"find":1}\n'))).toEqual([{ find: 1 }])
    expect(values(decoded(decoder, '{"a":1}\n{"find":2}\n'))).toEqual([{ find: 2 }])
  })

  it('passes lines with a working directory only while one is wanted', () => {
    const content = '{"cwd":"/w"}\n{"other":1}\n'
    expect(values(decode(content, { wantsCwd: true }))).toEqual([{ cwd: '/w' }])
    expect(values(decode(content))).toEqual([])
  })
})

describe('the first look', () => {
  const firstLook = { beginnings: [['{k:']], counting: [{ find: 'y' }], joint: '}{k:' }
  const looked = (content: string) => decoded(createV8Decoder({ prefilters: PREFILTERS, firstLook }), content)

  it('decides first, and leaves the lines that it does not know to the prefilter', () => {
    const noted = looked('{k:y}\n{k:n"count"}\n{"count":1}\n{"other":1}\n')
    // The first line is passed and is not JSON.
    expect([values(noted), noted.skipped]).toEqual([[{ count: 1 }], ['invalid_json']])
  })

  it('passes a line that may be two lines in one', () => {
    expect(looked('{k:n}\n{k:n}{k:y}\n{k:n}{no}\n').skipped).toEqual(['invalid_json'])
  })
})

describe('the v8 engine', () => {
  it('reports the offset of the first byte of each line in the file', () => {
    const noted = decode(`\n${GOOD}\n  ${GOOD}\nnot a line that counts: é\n${GOOD}\n`, { offset: 1000 })
    expect(noted.read.map(({ offset }) => offset)).toEqual([1001, 1025, 1074])
    expect(noted.lines).toBe(5)
  })

  it('accepts blank lines, surrounding spaces, CR LF and surrounding NUL bytes', () => {
    const noted = decode(`\n \t\n\r\n${GOOD}\r\n \t${GOOD} \n\0\0${GOOD}\0\n`)
    expect(noted.read).toHaveLength(3)
    expect(noted.skipped).toEqual([])
  })

  it('reads each of several objects on a line, at its own offset', () => {
    const noted = decode(`${GOOD}${GOOD} ${GOOD}\n`, { offset: 10 })
    expect(noted.read.map(({ offset }) => offset)).toEqual([10, 31, 53])
    expect(noted.skipped).toEqual([])
  })

  it('reads a line with invalid UTF-8 inside a string', () => {
    const noted = decode(
      Buffer.concat([Buffer.from('{"usage":"assistant","x":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}\n')]),
    )
    expect(values(noted)).toEqual([{ usage: 'assistant', x: '\ufffd\ufffd' }])
  })
})

describe('the v8 engine reports skipped lines', () => {
  it.each([
    ['not JSON', '{"usage":"assistant"\n', ['invalid_json']],
    ['not JSON, without a prefilter text', 'bad\n', ['invalid_json']],
    ['cut short, without a prefilter text', '{"other":1\n', ['invalid_json']],
    ['an invalid object after a valid one', `${GOOD}{bad\n`, ['invalid_json']],
    ['not JSON, with a NUL byte inside', '{"usage":\0"assistant"}\n', ['nul_bytes']],
    ['nothing but NUL bytes', '\0\0\0\n', ['nul_bytes']],
    ['neither UTF-8 nor JSON', Buffer.from([0xff, 0xfe, 0x0a]), ['invalid_utf8']],
    [
      'invalid UTF-8 in a line with the prefilter texts that is not JSON',
      Buffer.concat([Buffer.from('{"usage":"assistant'), Buffer.from([0xff, 0x0a])]),
      ['invalid_utf8'],
    ],
    ['two bad lines', 'x\ny\n', ['invalid_json', 'invalid_json']],
    ['blank lines: none', '\n \n\r\n', []],
    ['a line without a prefilter text: none', '{"other":{}}\n', []],
  ])('%s', (_, content, reasons) => {
    const noted = decode(content)
    expect(noted.skipped).toEqual(reasons)
    expect(noted.read).toHaveLength(content.toString().startsWith(GOOD) ? 1 : 0)
  })
})

describe('an unterminated last line', () => {
  it('is read when only its line feed is missing', () => {
    const noted = decode(GOOD, { torn: true, offset: 7 })
    expect(noted.read).toEqual([{ value: { usage: 'assistant' }, offset: 7 }])
  })

  it.each(['{"usage":"assist', '{"usage":"assistant"', 'x', '\0\0', '{"other":', `${GOOD}{"us`])(
    'is not reported when it is incomplete: %j',
    (content) => {
      const noted = decode(content, { torn: true })
      expect(noted.skipped).toEqual([])
      expect(noted.read).toHaveLength(content.startsWith(GOOD) ? 1 : 0)
    },
  )
})

// File names as bytes and as text: the conversion is lossless, and leaves ordinary names unchanged.
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { isSuspect, nativePath, pathOf } from '../../src/worker/path-bytes.js'

const bytesOf = (path: string): Buffer => Buffer.from(nativePath(path) as string)
const oddBytes = fc
  .array(
    fc.oneof(
      fc.integer({ min: 0, max: 255 }).map((byte) => [byte]),
      fc.string({ unit: 'grapheme' }).map((text) => [...Buffer.from(text)]),
      fc.constantFrom([0xef, 0xbe, 0x80], [0xef, 0xbf, 0xbd], [0xee, 0xbe, 0x80], [0xed, 0xa0, 0x80]),
    ),
  )
  .map((parts) => Buffer.from(parts.flat()))

describe.skipIf(process.platform === 'win32')('the bytes of a file name', () => {
  it('survive the conversion to text and back, and the text is valid UTF-8', () => {
    fc.assert(
      fc.property(oddBytes, (bytes) => {
        const path = pathOf(bytes)
        expect(bytesOf(path)).toEqual(bytes)
        expect(Buffer.from(path).toString()).toBe(path)
        if (Buffer.from(bytes.toString()).equals(bytes) && !isSuspect(bytes.toString()))
          expect(path).toBe(bytes.toString())
      }),
      { numRuns: 2_000 },
    )
  })

  test.each([
    [[0x80], '\uef80'],
    [[0x61, 0xff, 0x2f, 0xc3, 0xa9], 'a\uefff/é'],
    [[0xee, 0xbe, 0x80], '\uefee\uefbe\uef80'],
    [[0xef, 0xbf, 0xbd], '\ufffd'],
  ])('%j become %j', (bytes, path) => {
    expect(pathOf(Buffer.from(bytes))).toBe(path)
    expect([...bytesOf(path)]).toEqual(bytes)
  })
})

// Keys hashed from text: realistic ids never collide, and the parts of a key stay separate.
import { describe, expect, it } from 'vitest'
import { KeyHash } from '../../../src/core/ledger/hash.js'
import { seeded } from '../../support/random.js'

const EACH = 700_000
const BASE_62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

describe('keys of many ids', () => {
  it('are all different for numbered ids, ids with a common prefix, and uuids', () => {
    const random = seeded(1)
    const base62 = (length: number): string => Array.from({ length }, () => BASE_62[random.int(62)]!).join('')
    const hex = (digits: number): string =>
      random
        .int(2 ** 24)
        .toString(16)
        .padStart(6, '0')
        .slice(-digits)
    const keys = new BigUint64Array(3 * EACH)
    const hash = new KeyHash()
    let next = 0
    const add = (text: string, tag: number): void => {
      hash.start(tag).text(text).finish()
      keys[next++] = (BigInt(hash.high) << 32n) | BigInt(hash.low)
    }
    for (let number = 0; number < EACH; number += 1) {
      add(`msg_${String(number)}`, 1)
      add(`req_01${base62(22)}`, 3)
      add(`${hex(6)}${hex(2)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(6)}${hex(6)}`, 5)
    }
    keys.sort()
    let met = 0
    for (let index = 1; index < keys.length; index += 1) if (keys[index] === keys[index - 1]) met += 1
    expect(met).toBe(0)
  })

  it('fill the slots of a table evenly by their low bits', () => {
    const filled = new Uint32Array(256)
    const hash = new KeyHash()
    for (let number = 0; number < 256 * 100; number += 1)
      filled[hash.start(1).text(`msg_${number}`).finish().low & 255]! += 1
    // 100 per slot with a standard deviation of 10: six deviations have a chance of one in a billion.
    for (const count of filled) expect(Math.abs(count - 100)).toBeLessThan(60)
  })
})

describe('a hashed key', () => {
  const key = (write: (hash: KeyHash) => KeyHash): string => {
    const { low: lo, high: hi } = write(new KeyHash()).finish()
    return `${lo} ${hi}`
  }

  it.each([
    [
      'texts split at another position',
      (hash: KeyHash) => hash.start(1).text('ab').text('c'),
      (hash: KeyHash) => hash.start(1).text('a').text('bc'),
    ],
    ['an empty part', (hash: KeyHash) => hash.start(1).text('a').text(''), (hash: KeyHash) => hash.start(1).text('a')],
    [
      'an empty part at another position',
      (hash: KeyHash) => hash.start(1).text('').text('a'),
      (hash: KeyHash) => hash.start(1).text('a').text(''),
    ],
    [
      'the same text under another tag',
      (hash: KeyHash) => hash.start(1).text('a'),
      (hash: KeyHash) => hash.start(2).text('a'),
    ],
    [
      'numbers that differ above 2^32',
      (hash: KeyHash) => hash.start(6).number(2 ** 32 + 1),
      (hash: KeyHash) => hash.start(6).number(2 ** 33 + 1),
    ],
    [
      'numbers in another order',
      (hash: KeyHash) => hash.start(4).number(1).number(2),
      (hash: KeyHash) => hash.start(4).number(2).number(1),
    ],
    [
      'a NUL character and an empty text',
      (hash: KeyHash) => hash.start(1).text('\0'),
      (hash: KeyHash) => hash.start(1).text(''),
    ],
  ])('differs for %s', (_, one, other) => {
    expect(key(one)).not.toBe(key(other))
  })

  it('does not depend on earlier uses of the hasher', () => {
    const hash = new KeyHash()
    hash.start(1).text('something').number(7)
    const { low: lo, high: hi } = hash.start(1).text('msg_1').finish()
    expect(`${lo} ${hi}`).toBe(key((fresh) => fresh.start(1).text('msg_1')))
  })

  it('is the same for ASCII text and for its bytes', () => {
    const bytes = Buffer.from('xxmsg_1yy')
    expect(key((hash) => hash.start(1).bytes(bytes, 2, 7))).toBe(key((hash) => hash.start(1).text('msg_1')))
  })

  it('is two 32-bit halves, never both 0', () => {
    const hash = new KeyHash()
    hash.low = hash.high = 0
    const { low: lo, high: hi } = hash.finish()
    expect([lo, hi]).toEqual([0, 1])
    for (let number = 0; number < 1000; number += 1) {
      hash.start(6).number(number).finish()
      for (const half of [hash.low, hash.high]) expect(half >>> 0).toBe(half)
    }
  })
})

// A machine of the other byte order is refused in one line; ours is not.
import { expect, it } from 'vitest'
import { refuseBigEndian } from '../../src/process/byte-order.js'

it('refuses big-endian machines alone', () => {
  expect(() => refuseBigEndian('BE')).toThrow(/^big-endian machines are not supported/)
  expect(() => refuseBigEndian('LE')).not.toThrow()
  expect(() => refuseBigEndian()).not.toThrow()
})

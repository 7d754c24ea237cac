// Big-endian machines are rejected with one line.
import { expect, it } from 'vitest'
import { refuseBigEndian } from '../../src/process/byte-order.js'

it('rejects big-endian machines and no others', () => {
  expect(() => refuseBigEndian('BE')).toThrow(/^big-endian machines are not supported/)
  expect(() => refuseBigEndian('LE')).not.toThrow()
  expect(() => refuseBigEndian()).not.toThrow()
})

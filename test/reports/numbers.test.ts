// Formatting of numbers: a shown number never differs from the exact one by more than its last digit.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cents, dollars, exact, short } from '../../src/reports/numbers.js'
import { fitted, textWidth } from '../../src/reports/text-width.js'

it.each([
  [0, '0', '0'],
  [999, '999', '999'],
  [1000, '1,000', '1.00k'],
  [9994, '9,994', '9.99k'],
  [9995, '9,995', '10.0k'],
  [99_949, '99,949', '99.9k'],
  [99_950, '99,950', '100k'],
  [999_499, '999,499', '999k'],
  [999_500, '999,500', '1.00M'],
  [1_234_567, '1,234,567', '1.23M'],
  [12_345_678_901, '12,345,678,901', '12.3G'],
])('%d tokens are shown as %s, or short as %s', (count, long, brief) => {
  expect([exact(count), short(count)]).toEqual([long, brief])
})

it.each([
  [0, '0.00', '0.00'],
  [1, '<0.01', '0.000000001'],
  [4_999_999, '<0.01', '0.004999999'],
  [5_000_000, '0.01', '0.005'],
  [10_000_000, '0.01', '0.01'],
  [1_500_000_000, '1.50', '1.50'],
  [1_204_900_000_000, '1,204.90', '1,204.90'],
  [-1_234_567_890, '-1.23', '-1.23456789'],
])('%d nano-dollars are shown as %s, or exactly as %s', (nanos, rounded, whole) => {
  expect([cents(nanos), dollars(nanos)]).toEqual([rounded, whole])
})

it('exact dollars lose no nano-dollar', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (nanos) => {
      const [, sign, whole, decimals] = /^(-?)(\d+)\.(\d{2,9})$/.exec(dollars(nanos).replaceAll(',', ''))!
      expect(BigInt(`${sign}${whole}${decimals!.padEnd(9, '0')}`)).toBe(BigInt(nanos))
    }),
  )
})

it('a short number differs from the exact one by at most half of its last digit', () => {
  fc.assert(
    fc.property(fc.nat({ max: Number.MAX_SAFE_INTEGER }), (count) => {
      const [, digits, unit] = /^([\d.]+)([kMGTP]?)$/.exec(short(count))!
      expect(digits!.length).toBeLessThanOrEqual(4)
      const shown = Number(digits) * 1000 ** ' kMGTP'.indexOf(unit || ' ')
      expect(Math.abs(shown - count)).toBeLessThanOrEqual(count * 0.0051)
    }),
  )
})

describe('text in a terminal', () => {
  it.each([
    ['shop', 4],
    ['', 0],
    ['café', 4],
    ['cafe\u0301', 4],
    ['店', 2],
    ['쇼핑', 4],
    ['🚀 web', 6],
  ])('"%s" is %i columns wide', (text, width) => {
    expect(textWidth(text)).toBe(width)
  })

  it('is cut to the columns it may take', () => {
    expect(fitted('shop', 4)).toBe('shop')
    expect(fitted('shops', 4)).toBe('sho…')
    expect(fitted('店店店', 4)).toBe('店…')
  })
})

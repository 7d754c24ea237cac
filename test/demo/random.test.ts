// Random values for the demo: the same for the same seed and name.
import { expect, it } from 'vitest'
import { createRandom } from '../../src/demo/random.js'

const drawn = (seed: number, name: string): unknown[] => {
  const random = createRandom(seed, name)
  return [
    random.unit(),
    random.between(3, 9),
    random.around(100),
    random.letters(8),
    random.uuid(),
    random.pick(['a', 'b', 'c']),
  ]
}

it('random values repeat for the same seed and name, and differ for others', () => {
  expect(drawn(1, 'a')).toEqual(drawn(1, 'a'))
  const all = [drawn(1, 'a'), drawn(2, 'a'), drawn(1, 'b'), drawn(0xffff_ffff, 'a')].map((each) => JSON.stringify(each))
  expect(new Set(all).size).toBe(4)
})

it('random values stay within their ranges and fill them', () => {
  const random = createRandom(7, 'ranges')
  const many = <T>(draw: () => T): T[] => Array.from({ length: 2_000 }, draw)
  expect(new Set(many(() => random.between(1, 3)))).toEqual(new Set([1, 2, 3]))
  const units = many(() => random.unit())
  expect(units.every((unit) => unit >= 0 && unit < 1)).toBe(true)
  expect(units.reduce((a, b) => a + b) / 2_000).toBeCloseTo(0.5, 1)
  expect(many(() => random.around(2)).every((value) => Number.isInteger(value) && value >= 1)).toBe(true)
  expect(new Set(many(() => random.uuid())).size).toBe(2_000)
})

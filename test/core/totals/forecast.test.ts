// The forecast of a period: at its pace so far, once that tells anything.
import { expect, it } from 'vitest'
import { forecast } from '../../../src/core/totals/forecast.js'
import { DAY_MS, type Period } from '../../../src/core/totals/period.js'

const at = (period: Period, days: number, passed: number): number | null =>
  forecast(42, period, { fromMs: 5 * DAY_MS, toMs: (5 + days) * DAY_MS }, (5 + passed) * DAY_MS)

it.each([
  ['month', 30, 15, 84],
  ['month', 30, 10, 126],
  ['month', 31, 30.999999, 42],
  // A whole week at least.
  ['month', 28, 1, 168],
  ['month', 28, 7, 168],
  ['month', 28, 8, 147],
  ['week', 7, 1, 294],
  ['week', 7, 2, 147],
  ['week', 7, 6.999999, 42],
] as const)('%s of %d days, of which %d have passed', (period, days, passed, usd) => {
  expect(at(period, days, passed)).toBeCloseTo(usd, 3)
})

it.each([
  ['month', 30, 0.999999],
  ['week', 7, 0],
  ['day', 1, 0.5],
  // A day that clocks make longer.
  ['day', 25 / 24, 24.5 / 24],
] as const)('%s of %d days: none when %d have passed', (period, days, passed) => {
  expect(at(period, days, passed)).toBeNull()
})

it('is what was spent, where that is nothing', () => {
  expect(forecast(0, 'month', { fromMs: 0, toMs: 30 * DAY_MS }, 9 * DAY_MS)).toBe(0)
})

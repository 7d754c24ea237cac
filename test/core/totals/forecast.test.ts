// The forecast of a period extrapolates its spending so far, once enough of the period has passed.
import { expect, it } from 'vitest'
import { forecast } from '../../../src/core/totals/forecast.js'
import { DAY_MS, type Period } from '../../../src/core/totals/period.js'

const at = (period: Period, days: number, passed: number): number | null =>
  forecast(42, period, { fromMs: 5 * DAY_MS, toMs: (5 + days) * DAY_MS }, (5 + passed) * DAY_MS)

it.each([
  ['month', 30, 15, 84],
  ['month', 30, 10, 126],
  ['month', 31, 30.999999, 42],
  // A month is extrapolated from at least a whole week.
  ['month', 28, 1, 168],
  ['month', 28, 7, 168],
  ['month', 28, 8, 147],
  ['week', 7, 1, 294],
  ['week', 7, 2, 147],
  ['week', 7, 6.999999, 42],
] as const)('forecasts a %s of %d days after %d days', (period, days, passed, usd) => {
  expect(at(period, days, passed)).toBeCloseTo(usd, 3)
})

it.each([
  ['month', 30, 0.999999],
  ['week', 7, 0],
  ['day', 1, 0.5],
  // A day of 25 hours.
  ['day', 25 / 24, 24.5 / 24],
] as const)('gives no forecast for a %s of %d days after %d days', (period, days, passed) => {
  expect(at(period, days, passed)).toBeNull()
})

it('forecasts 0 when nothing was spent', () => {
  expect(forecast(0, 'month', { fromMs: 0, toMs: 30 * DAY_MS }, 9 * DAY_MS)).toBe(0)
})

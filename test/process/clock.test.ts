// A moment is the wall-clock time at which it was taken, unless the clock later proves to have been ahead. Then the moment
// is moved back to the latest possible time.
import { expect, it } from 'vitest'
import { moment, type Clock } from '../../src/process/clock.js'

const NOW = Date.parse('2026-11-25T12:00:00Z')
const HOUR = 3_600_000

it.each([
  ['an hour', { now: NOW + HOUR, passed: HOUR }, NOW],
  ['the clock is set ahead', { now: NOW + 10 * HOUR, passed: HOUR }, NOW],
  ['the clock is set back', { now: NOW - 5 * HOUR, passed: HOUR }, NOW - 6 * HOUR],
  ['the clocks drift apart a little', { now: NOW + HOUR - 900, passed: HOUR }, NOW],
  // The monotonic clock stands still during sleep.
  ['nine hours of sleep', { now: NOW + 10 * HOUR, passed: HOUR }, NOW],
])('a moment is right after %s', (_, then, answer) => {
  let [nowMs, monotonicMs] = [NOW, 17]
  const clock: Clock = { now: () => nowMs, monotonic: () => monotonicMs }
  const noted = moment(clock)
  expect(noted()).toBe(NOW)
  nowMs = then.now
  monotonicMs += then.passed
  expect(noted()).toBe(answer)
})

// A noted moment is what the wall clock said, unless that turns out to have been ahead: then no later than can be.
import { expect, it } from 'vitest'
import { moment, type Clock } from '../../src/process/clock.js'

const NOW = Date.parse('2026-11-25T12:00:00Z')
const HOUR = 3_600_000

it.each([
  ['an hour passed', { now: NOW + HOUR, passed: HOUR }, NOW],
  ['the clock was set ahead', { now: NOW + 10 * HOUR, passed: HOUR }, NOW],
  ['the clock was set back', { now: NOW - 5 * HOUR, passed: HOUR }, NOW - 6 * HOUR],
  ['the clocks differ by a little', { now: NOW + HOUR - 900, passed: HOUR }, NOW],
  // The monotonic clock stands still meanwhile.
  ['the machine slept for nine hours', { now: NOW + 10 * HOUR, passed: HOUR }, NOW],
])('%s', (_, then, answer) => {
  let [nowMs, monotonicMs] = [NOW, 17]
  const clock: Clock = { now: () => nowMs, monotonic: () => monotonicMs }
  const noted = moment(clock)
  expect(noted()).toBe(NOW)
  nowMs = then.now
  monotonicMs += then.passed
  expect(noted()).toBe(answer)
})

// The token bucket of the rate limit.
import { expect, test } from 'vitest'
import { createRateLimit } from '../../../src/http/security/rate-limit.js'

test('a burst is allowed, then one request per interval; at most a burst is saved up', () => {
  let nowMs = 5_000
  const allowed = createRateLimit(() => nowMs)
  const burst = (): number => [1, 2, 3, 4].filter(() => allowed({ intervalMs: 1_000, burst: 3 })).length
  expect(burst()).toBe(3)
  nowMs += 999
  expect(burst()).toBe(0)
  nowMs += 1
  expect(burst()).toBe(1)
  nowMs += 60_000
  expect(burst()).toBe(3)
})

test('a smaller limit applies immediately', () => {
  let nowMs = 0
  const allowed = createRateLimit(() => nowMs)
  expect(allowed({ intervalMs: 1, burst: 100 })).toBe(true)
  expect([1, 2, 3].map(() => allowed({ intervalMs: 1_000, burst: 2 }))).toEqual([true, true, false])
  nowMs += 1_000
  expect(allowed({ intervalMs: 1_000, burst: 2 })).toBe(true)
})

// A token bucket for all requests together, like the exporter-toolkit's rate_limit.
import type { RateLimit } from './web-config.js'

/** @param now milliseconds of a clock that never goes back @returns whether one more request may pass now */
export function createRateLimit(now: () => number): (limit: RateLimit) => boolean {
  let tokens = Infinity
  let lastMs = now()
  return ({ intervalMs, burst }) => {
    const nowMs = now()
    tokens = Math.min(burst, tokens + (nowMs - lastMs) / intervalMs)
    lastMs = nowMs
    if (tokens < 1) return false
    tokens -= 1
    return true
  }
}

// Event loop lag: the delay of the loop without the sampling period, and never NaN.
import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { createProcessMetrics } from '../../src/outputs/process-metrics.js'

const NAMES = ['min', 'p50', 'p90', 'p99', 'max', 'mean', 'stddev'] as const
/** Seconds between samples. */
const PERIOD = 0.2
const GREATEST = NAMES.indexOf('max')

function lagging(): () => Promise<number[]> {
  const read = createProcessMetrics()
  return async () => {
    const families = await read()
    return NAMES.map((part) => families.find(({ name }) => name === `nodejs_eventloop_lag_${part}_seconds`)!.values[0]!)
  }
}

it('event loop lag rises while the loop is blocked, and falls below the sampling period afterwards', async () => {
  const scrape = lagging()
  let lags = await scrape()
  expect(lags).toEqual(NAMES.map(() => 0))
  for (const end = performance.now() + 3 * PERIOD * 1e3; performance.now() < end;);
  while (lags[GREATEST]! < PERIOD) lags = await next(scrape)
  expect(lags.slice(0, 5)).toEqual(lags.slice(0, 5).sort((a, b) => a - b))
  while (lags[GREATEST]! >= PERIOD / 2) lags = await next(scrape)
})

it('event loop lag is a plausible number in scrapes that follow each other closely', async () => {
  const scrape = lagging()
  const scrapes: number[][] = []
  for (let index = 0; index < 3; index += 1) scrapes.push(await scrape())
  for (const lag of scrapes.flat()) expect(lag).toBeLessThan(60)
  for (const lag of scrapes.flat()) expect(lag).toBeGreaterThanOrEqual(0)
})

/** Scrapes in the next turn of the event loop. */
async function next(scrape: () => Promise<number[]>): Promise<number[]> {
  await setImmediate()
  return scrape()
}

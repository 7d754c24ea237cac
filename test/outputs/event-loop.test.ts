// Event loop lag: how late the loop was, without the time between two samples, and never a number that is none.
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

it('rises when something holds the loop up, and falls below the time between two samples when nothing does', async () => {
  const scrape = lagging()
  let lags = await scrape()
  expect(lags).toEqual(NAMES.map(() => 0))
  for (const end = performance.now() + 3 * PERIOD * 1e3; performance.now() < end;);
  while (lags[GREATEST]! < PERIOD) lags = await next(scrape)
  expect(lags.slice(0, 5)).toEqual(lags.slice(0, 5).sort((a, b) => a - b))
  while (lags[GREATEST]! >= PERIOD / 2) lags = await next(scrape)
})

it('is what it was when two scrapes follow each other closely', async () => {
  const scrape = lagging()
  const scrapes: number[][] = []
  for (let index = 0; index < 3; index += 1) scrapes.push(await scrape())
  for (const lag of scrapes.flat()) expect(lag).toBeLessThan(60)
  for (const lag of scrapes.flat()) expect(lag).toBeGreaterThanOrEqual(0)
})

/** After others had their turn. */
async function next(scrape: () => Promise<number[]>): Promise<number[]> {
  await setImmediate()
  return scrape()
}

// The worker pool is an optimisation: the counts are the same without it.
import { expect, it } from 'vitest'
import { sumOf } from '../support/exposition.js'
import { LARGE_TREE_REQUESTS, largeTree } from './large-tree.js'
import { homes, requests, running, usageCounters } from './running.js'

const home = homes()

it('counts the same without workers as with two', async () => {
  const { configDir, dir } = home(largeTree())
  const alone = await (await running({ configDir, dir, stateDir: `${dir}/a` }, ['--parser.workers=0'])).scrape()
  const pooled = await (await running({ configDir, dir, stateDir: `${dir}/b` }, ['--parser.workers=2'])).scrape()
  expect(sumOf(alone, 'agent_usage_exporter_pool_run_seconds_count')).toBe(0)
  expect(sumOf(pooled, 'agent_usage_exporter_pool_run_seconds_count')).toBeGreaterThanOrEqual(2)
  expect(requests(pooled)).toBe(LARGE_TREE_REQUESTS)
  expect(usageCounters(pooled)).toEqual(usageCounters(alone))
})

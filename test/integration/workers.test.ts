// The worker pool is an optimisation: the counts are the same without it.
import { expect, it } from 'vitest'
import { samples, sumOf } from '../support/exposition.js'
import { run } from '../support/program.js'
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

it('once counts the same with any number of workers, of which the main thread is one', async () => {
  const { configDir } = home(largeTree())
  const told = async (workers: number) => {
    const flags = ['--agents=claude-code', `--claude.config-dir=${configDir}`, '--state.dir=none', '--log.format=json']
    const { stdout, stderr } = await run(['once', ...flags, `--parser.workers=${workers}`])
    const [, used] = /"workers":(\d+)[^}]*"msg":"first pass"/.exec(stderr)!
    const all = samples(stdout)
    const inThreads = sumOf(all, 'agent_usage_exporter_pool_run_seconds_count') > 0
    return { requests: requests(all), used: Number(used), inThreads }
  }
  expect(await told(0)).toEqual({ requests: LARGE_TREE_REQUESTS, used: 0, inThreads: false })
  expect(await told(1)).toEqual({ requests: LARGE_TREE_REQUESTS, used: 0, inThreads: false })
  expect(await told(2)).toEqual({ requests: LARGE_TREE_REQUESTS, used: 2, inThreads: true })
  expect(await told(3)).toEqual({ requests: LARGE_TREE_REQUESTS, used: 3, inThreads: true })
})

// A worker that fails costs time, not numbers: the pass continues without it, with one warning and a counted error.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { sumOf } from '../support/exposition.js'
import { LARGE_TREE_REQUESTS, largeTree } from './large-tree.js'
import { homes, requests, running, usageCounters } from './running.js'

const home = homes()
/** A task without an answer would hang. */
const HANGS_MS = 30_000

it.each([
  ['throws', 'export default () => { throw new Error("broken") }'],
  ['cannot be loaded', 'throw new Error("broken")'],
  // Like a worker that runs out of memory.
  ['ends its thread', 'export default () => process.exit(3)'],
])('a pass counts everything if the worker %s', { timeout: HANGS_MS }, async (_, code) => {
  const { configDir, dir } = home(largeTree())
  const workerFile = join(dir, 'worker.mjs')
  writeFileSync(workerFile, code)
  const alone = await (await running({ configDir, dir, stateDir: `${dir}/a` })).scrape()
  const { scrape, complaints } = await running({ configDir, dir, stateDir: `${dir}/b` }, ['--parser.workers=2'], {
    workerFile,
  })
  const broken = await scrape()
  expect(requests(broken)).toBe(LARGE_TREE_REQUESTS)
  expect(usageCounters(broken)).toEqual(usageCounters(alone))
  // There are several tasks, and each of them fails.
  expect(sumOf(broken, 'agent_usage_exporter_errors_total', { stage: 'worker' })).toBeGreaterThan(1)
  expect(complaints.filter(({ message }) => message.includes('worker'))).toHaveLength(1)
})

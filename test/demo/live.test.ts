// The live part of the demo: every project in turn, with an hour costing about as much as a day of the history.
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createLive } from '../../src/demo/live.js'
import { PROJECTS } from '../../src/demo/projects.js'
import { DEMO_WRITERS } from '../../src/sources/demo-writers.js'
import { NOW_MS, running, homes } from '../integration/running.js'
import { samples, sumOf } from '../support/exposition.js'
import { plant } from '../support/tree.js'

const HOUR_SECONDS = 3_600
const home = homes()

function hour(seed: number): Record<string, string> {
  const live = createLive(DEMO_WRITERS, seed)
  const files: Record<string, string> = {}
  for (let second = 0; second < HOUR_SECONDS; second += 1) {
    const { path, text } = live.next(NOW_MS - (HOUR_SECONDS - second) * 1_000)
    files[`/${path}`] = (files[`/${path}`] ?? '') + text
  }
  return files
}

it('live lines depend only on the seed and the times', () => {
  expect(hour(1)).toEqual(hour(1))
  expect(Object.keys(hour(1))).not.toEqual(Object.keys(hour(2)))
})

it('an hour of live lines has usage of each project, and costs as much as a day of the history', async () => {
  const made = home()
  plant(made.dir, hour(1))
  const directories = [`--claude.config-dir=${join(made.dir, 'claude')}`, `--codex.home=${join(made.dir, 'codex')}`]
  const { app } = await running(made, directories)
  const all = samples((await app.print('text')).body)
  for (const { name } of PROJECTS)
    expect(sumOf(all, 'agent_usage_requests_total', { project: name })).toBeGreaterThan(100)
  const cost = sumOf(all, 'agent_usage_cost_usd_total')
  expect(cost).toBeGreaterThan(2)
  expect(cost).toBeLessThan(20)
})

// If no state can be stored, the program still serves, and log and metrics report it.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { sumOf } from '../support/exposition.js'
import { homes, requests, running, transcript } from './running.js'

const home = homes()
const up = 'agent_usage_exporter_store_up'
const errors = 'agent_usage_exporter_errors_total'

it('serves if the state directory cannot be created', async () => {
  const planted = home({ 'a/A.jsonl': transcript('/w/app', '1') })
  writeFileSync(join(planted.dir, 'file'), '')
  const stateDir = join(planted.dir, 'file', 'state')
  const { app, scrape, complaints } = await running({ ...planted, stateDir })
  const first = await scrape()
  expect([requests(first), sumOf(first, up), sumOf(first, errors, { stage: 'store' })]).toEqual([1, 0, 1])
  expect(complaints).toMatchObject([{ level: 'error', fields: { dir: stateDir } }])

  // A new project still starts at 0 and grows, although its birth cannot be stored.
  writeFileSync(join(planted.configDir, 'projects/a/B.jsonl'), transcript('/w/new', '2'))
  await app.pass()
  expect([requests(await scrape()), requests(await scrape())]).toEqual([1, 2])
  expect(complaints).toHaveLength(1)
})

it('reports no error with --state.dir=none', async () => {
  const { scrape, complaints } = await running(home({ 'a/A.jsonl': transcript('/w/app', '1') }), ['--state.dir=none'])
  const all = await scrape()
  expect([requests(all), sumOf(all, up), sumOf(all, errors)]).toEqual([1, 0, 0])
  expect(complaints).toEqual([])
})

// A log directory that is missing at the start is no error, and is found by the pass after it appears.
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { sumOf, type Sample } from '../support/exposition.js'
import { homes, requests, running, transcript } from './running.js'

const home = homes()
const up = (all: readonly Sample[]) => sumOf(all, 'agent_usage_exporter_source_up', { agent: 'claude-code' })

it('is ready without logs, and finds logs that appear later', async () => {
  const planted = home()
  rmSync(planted.configDir, { recursive: true })
  const { app, url, scrape, complaints } = await running(planted)
  expect((await fetch(`${url}/-/ready`)).status).toBe(200)
  expect(up(await scrape())).toBe(0)
  expect(complaints.map(({ level, message }) => `${level}: ${message}`)).toEqual([
    expect.stringMatching(/^warn: no logs found/),
  ])

  mkdirSync(join(planted.configDir, 'projects/a'), { recursive: true })
  writeFileSync(join(planted.configDir, 'projects/a/A.jsonl'), transcript('/w/app', '1', '2'))
  await app.pass()
  const [born, grown] = [await scrape(), await scrape()]
  expect(up(born)).toBe(1)
  // The exporter was scraped before the series was born, so it starts at 0.
  expect([requests(born), requests(grown)]).toEqual([0, 2])
})

it('watches a directory that appeared after the start', async () => {
  const planted = home()
  rmSync(planted.configDir, { recursive: true })
  const { app, scrape } = await running(planted, ['--watch.mode=native'])
  const file = join(planted.configDir, 'projects/a/A.jsonl')
  mkdirSync(join(planted.configDir, 'projects/a'), { recursive: true })
  writeFileSync(file, transcript('/w/app', '1'))
  await app.pass()
  for (const id of ['2', '3']) {
    appendFileSync(file, transcript('/w/app', id))
    while (requests(await scrape()) < Number(id));
  }
})

it('reports that logs disappeared, and keeps their usage', async () => {
  const planted = home({ 'a/A.jsonl': transcript('/w/app', '1') })
  const { app, scrape } = await running(planted)
  expect(up(await scrape())).toBe(1)
  rmSync(planted.configDir, { recursive: true })
  await app.pass()
  const all = await scrape()
  expect([up(all), requests(all)]).toEqual([0, 1])
})

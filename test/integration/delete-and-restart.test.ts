// Agents delete their logs. Their usage stays counted, also after a restart with the same state.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { sumOf } from '../support/exposition.js'
import { homes, requests, running, transcript, usageCounters } from './running.js'

const home = homes()

it.each(['projects/a/A.jsonl', 'projects/a', 'projects', '.'])('keeps the totals if %s is deleted', async (what) => {
  const planted = home({
    'a/A.jsonl': transcript('/w/app', '1', '2'),
    'a/S/subagents/agent-x.jsonl': transcript('/w/app', '3'),
  })
  const before = await running(planted)
  const shown = usageCounters(await before.scrape())
  await before.app.stop()

  rmSync(join(planted.configDir, what), { recursive: true })
  const after = await running(planted)
  const all = await after.scrape()
  expect(usageCounters(all)).toEqual(shown)
  expect(requests(all)).toBe(3)
  expect(sumOf(all, 'agent_usage_exporter_bytes_read_total')).toBe(0)

  // The session is restored from a backup, with one more response.
  mkdirSync(join(planted.configDir, 'projects/a'), { recursive: true })
  writeFileSync(join(planted.configDir, 'projects/a/A.jsonl'), transcript('/w/app', '1', '2', '4'))
  await after.app.pass()
  expect(requests(await after.scrape())).toBe(4)
})

// Names in a log may have any length. What is stored of them fits into the store, and different names stay different.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { sumOf } from '../support/exposition.js'
import { line, lines } from '../support/line.js'
import { homes, requests, running, usageCounters } from './running.js'

const home = homes()
const MODELS = 300

it('hundreds of long names, some longer than a page, survive a restart', async () => {
  const long = (length: number, number: number) => `${'n'.repeat(length)}${number}`
  const models = Array.from({ length: MODELS }, (_, number) =>
    line(`msg_${number}/r${number} x 1/1`, { message: { model: long(70_000, number) } }),
  )
  const planted = home({
    'a/A.jsonl': lines(...models),
    'b/B.jsonl': lines(
      line('msg_b/rb x 1/1', { message: { model: long(3_000_000, 1) }, line: { cwd: `/w/${long(3_000_000, 1)}` } }),
    ),
    'c/C.jsonl': lines(line('msg_c/rc x 1/1', { line: { cwd: `/w/${long(3_000_000, 2)}` } })),
  })
  const before = await running(planted)
  const shown = await before.scrape()
  expect([requests(shown), sumOf(shown, 'agent_usage_exporter_store_up')]).toEqual([MODELS + 2, 1])
  const counters = usageCounters(shown)
  await before.app.stop()

  rmSync(join(planted.configDir, 'projects'), { recursive: true })
  const after = await running(planted)
  const text = await after.scrape()
  expect([requests(text), sumOf(text, 'agent_usage_exporter_store_up')]).toEqual([MODELS + 2, 1])
  expect(usageCounters(text)).toEqual(counters)
  await after.app.stop()
})

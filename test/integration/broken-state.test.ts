// A damaged state is set aside with a warning, and the counters are rebuilt from the logs.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { sumOf } from '../support/exposition.js'
import { homes, requests, running, transcript, usageCounters } from './running.js'

const home = homes()

it.each<[string, (state: Buffer) => Buffer]>([
  ['garbage', () => Buffer.from('this is no journal\n'.repeat(1_000))],
  ['empty', () => Buffer.alloc(0)],
  ['zeros', (state) => Buffer.alloc(state.length)],
  ['cut short', (state) => state.subarray(0, state.indexOf('claude-opus'))],
  ['wrong in one byte', flipped],
])('the counters are rebuilt if the state is %s', async (_, broken) => {
  const planted = home({ 'a/A.jsonl': transcript('/w/app', '1', '2') })
  const before = await running(planted)
  const shown = usageCounters(await before.scrape())
  await before.app.stop()
  const file = join(planted.stateDir, 'state.journal')
  const bytes = broken(readFileSync(file))
  writeFileSync(file, bytes)

  const after = await running(planted)
  const all = await after.scrape()
  expect(usageCounters(all)).toEqual(shown)
  expect(requests(all)).toBe(2)
  expect(sumOf(all, 'agent_usage_exporter_errors_total', { stage: 'store' })).toBe(1)
  expect(sumOf(all, 'agent_usage_exporter_store_up')).toBe(1)
  const [complaint, ...more] = after.complaints
  expect(more).toEqual([])
  expect(complaint).toMatchObject({ level: 'warn', fields: { dir: planted.stateDir } })
  expect(complaint?.message).toContain('set aside: counters are rebuilt from the logs')
  const aside = String(complaint?.fields.setAside)
  expect(existsSync(aside)).toBe(true)
  expect(readFileSync(aside).subarray(0, bytes.length).equals(bytes)).toBe(true)
  await after.app.stop()

  // The rebuilt state is valid.
  const again = await running(planted)
  expect(usageCounters(await again.scrape())).toEqual(shown)
  expect(again.complaints).toEqual([])
})

/** Changes one letter of the model's name wherever it is stored. */
function flipped(state: Buffer): Buffer {
  const bytes = Buffer.from(state)
  let found = 0
  for (let at = bytes.indexOf('claude-opus'); at >= 0; at = bytes.indexOf('claude-opus', at + 1)) {
    bytes[at] = bytes[at]! ^ 1
    found += 1
  }
  expect(found).toBeGreaterThan(0)
  return bytes
}

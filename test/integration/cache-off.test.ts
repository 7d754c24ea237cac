// --cache=false reads every file on every pass, as a baseline. With the cache, unchanged files are not opened.
import { expect, it } from 'vitest'
import { sumOf } from '../support/exposition.js'
import { homes, requests, running, transcript } from './running.js'

const home = homes()
const A = transcript('/w/app', '1', '2')
const B = transcript('/w/other', '3')
const BYTES = Buffer.byteLength(A + B)
const bytesRead = 'agent_usage_exporter_bytes_read_total'
const hits = 'agent_usage_exporter_cache_hits_total'

it.each([
  { cache: false, second: 2 * BYTES, third: 3 * BYTES, hitsThen: 0 },
  { cache: true, second: BYTES, third: BYTES, hitsThen: 4 },
])('--cache=$cache has read $second bytes after two passes', async ({ cache, second, third, hitsThen }) => {
  const { app, scrape } = await running(home({ 'a/A.jsonl': A, 'b/B.jsonl': B }), [`--cache=${cache}`])
  expect(sumOf(await scrape(), bytesRead)).toBe(BYTES)
  await app.pass()
  expect(sumOf(await scrape(), bytesRead)).toBe(second)
  await app.pass()
  const all = await scrape()
  expect(sumOf(all, bytesRead)).toBe(third)
  expect(sumOf(all, hits)).toBe(hitsThen)
  expect(requests(all)).toBe(3)
})

it('--cache=false reads files again that a stored state knows, and counts nothing twice', async () => {
  const planted = home({ 'a/A.jsonl': A, 'b/B.jsonl': B })
  const first = await running(planted)
  await first.app.stop()
  const all = await (await running(planted, ['--cache=false'])).scrape()
  expect(sumOf(all, bytesRead)).toBe(BYTES)
  expect(requests(all)).toBe(3)
})

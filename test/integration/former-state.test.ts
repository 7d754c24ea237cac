// A state of each released layout is loaded with all its counts, although the logs are gone. It is rewritten, and kept until
// the new file has been read once. `layout-2.mdb` is a database, `layout-3.journal` a journal; each has a file of its samples.
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { encodeHeader } from '../../src/store/journal-format.js'
import { samples, type Sample } from '../support/exposition.js'
import { once } from '../support/program.js'
import { homes, requests, running, type Home } from './running.js'

const home = homes()
const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/states/${name}`, import.meta.url))
const USAGE = /^agent_usage_(tokens|cost_usd|requests|web_search_requests|corrections|unpriced_tokens)_total$/

it('loads a state of layout 3', async () => {
  const planted = home({})
  mkdirSync(planted.stateDir)
  writeFileSync(join(planted.stateDir, 'state.journal'), gunzipSync(readFileSync(fixture('layout-3.journal.gz'))))
  const expected = usageOf(samples(readFileSync(fixture('layout-3.samples'), 'utf8')))
  for (let start = 0; start < 2; start += 1) {
    const { app, scrape } = await running(planted)
    expect(usageOf(await scrape())).toEqual(expected)
    await app.stop()
  }
})

it('loads a state of layout 2 and rewrites it as a journal', async () => {
  const planted = withDatabase(gunzipSync(readFileSync(fixture('layout-2.mdb.gz'))))
  const expected = usageOf(samples(readFileSync(fixture('layout-2.samples'), 'utf8')))
  for (const names of [
    ['lock', 'state.journal', 'state.mdb.migrated'],
    ['lock', 'state.journal'],
    ['lock', 'state.journal'],
  ]) {
    const { app, scrape, complaints } = await running(planted)
    expect(usageOf(await scrape())).toEqual(expected)
    expect(
      complaints.filter(({ message }) => !message.startsWith('no price') && !message.startsWith('no log files')),
    ).toEqual([])
    await app.stop()
    expect(readdirSync(planted.stateDir).sort()).toEqual(names)
  }
})

it('continues counting from a state of layout 2', async () => {
  const planted = withDatabase(gunzipSync(readFileSync(fixture('layout-2.mdb.gz'))))
  mkdirSync(join(planted.configDir, 'projects/-w-big'), { recursive: true })
  const line = (id: string): string =>
    `${JSON.stringify({ type: 'assistant', timestamp: '2026-10-01T10:00:00Z', cwd: '/w/big', requestId: `req_${id}`, message: { id: `msg_x${id}`, model: 'claude-opus-4-8', usage: { output_tokens: 100 } } })}\n`
  // The first response is in the state, the second is new.
  writeFileSync(join(planted.configDir, 'projects/-w-big/s-big.jsonl'), line('300') + line('new'))
  const { scrape } = await running(planted)
  const requests = (await scrape()).filter(
    ({ name, labels }) => name === 'agent_usage_requests_total' && labels['project'] === 'big',
  )
  expect(requests.reduce((sum, { value }) => sum + value, 0)).toBe(701)
})

it('reads a state of layout 2 again if the journal made from it is damaged', async () => {
  const planted = withDatabase(gunzipSync(readFileSync(fixture('layout-2.mdb.gz'))))
  const first = await running(planted)
  const counted = requests(await first.scrape())
  await first.app.stop()
  const journal = join(planted.stateDir, 'state.journal')
  const bytes = readFileSync(journal)
  bytes[3_000]! ^= 1
  writeFileSync(journal, bytes)
  for (const warnings of [['damaged', 'recovered'], [], []]) {
    const { app, scrape, complaints } = await running(planted)
    expect(requests(await scrape())).toBe(counted)
    const ofState = complaints.map(({ message }) => message).filter((message) => message.includes('state'))
    expect(ofState).toEqual(warnings.map((warning) => expect.stringContaining(warning) as string))
    await app.stop()
  }
})

it('sets a damaged state of layout 2 aside', async () => {
  const bytes = gunzipSync(readFileSync(fixture('layout-2.mdb.gz')))
  for (let at = bytes.indexOf('claude-opus'); at >= 0; at = bytes.indexOf('claude-opus', at + 1)) bytes[at]! ^= 1
  const planted = withDatabase(bytes)
  const { app, complaints } = await running(planted)
  expect(complaints[0]).toMatchObject({ level: 'warn', message: expect.stringContaining('damaged') as string })
  const aside = String(complaints[0]!.fields['setAside'])
  expect(readFileSync(aside).equals(bytes)).toBe(true)
  await app.stop()
  expect(existsSync(aside)).toBe(true)
  expect(existsSync(join(planted.stateDir, 'state.mdb'))).toBe(false)
})

it.each([
  ['layout', { layout: 4, tables: [] }, /its layout is 4, but this version reads up to 3/],
  ['table', { layout: 3, tables: [{ name: 'later', width: 1 }] }, /a table "later"/],
])('rejects a state of a later version, recognised by its %s, and leaves it unchanged', async (_, heading, reason) => {
  const planted = home({})
  await (await running(planted)).app.stop()
  const file = join(planted.stateDir, 'state.journal')
  writeFileSync(file, encodeHeader(heading, Buffer.alloc(8)))
  const before = readFileSync(file)
  const refusal = (await once([planted.configDir], { stateDir: planted.stateDir }).catch(
    (error: unknown) => error,
  )) as Error
  expect(refusal.message).toMatch(/^once exited with 1: agent-usage-exporter: [^\n]*\n?$/)
  expect(refusal.message).toMatch(reason)
  expect(refusal.message).toContain('--state.dir=none')
  expect(readFileSync(file)).toEqual(before)
})

function withDatabase(bytes: Buffer): Home {
  const planted = home({})
  mkdirSync(planted.stateDir)
  writeFileSync(join(planted.stateDir, 'state.mdb'), bytes)
  return planted
}

function usageOf(all: readonly Sample[]): string[] {
  return all
    .filter(({ name }) => USAGE.test(name))
    .map(({ name, labels, value }) => `${name} ${JSON.stringify(labels)} ${value}`)
    .sort()
}

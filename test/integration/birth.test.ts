// A series that is born while the exporter is scraped is shown at 0 first, so that increase() counts its first tokens.
import { writeFileSync } from 'node:fs'
import { request as ask, type OutgoingHttpHeaders } from 'node:http'
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { line, lines } from '../support/line.js'
import { COST_OF_ONE, NOW_MS, homes, requests, running, transcript, usageCounters, type Home } from './running.js'
import { sumOf } from '../support/exposition.js'

const newHome = homes()
const NEW = { project: 'new' }
let home: Home

beforeEach(() => {
  home = newHome({ 'a/A.jsonl': transcript('/w/old', '1') })
})

const write = (name: string, text: string): void => writeFileSync(join(home.configDir, 'projects/a', name), text)

it('shows a new project at 0, then its value after the next scrape', async () => {
  const { app, scrape } = await running(home)
  // Usage that exists at the start has its full value immediately.
  expect(requests(await scrape(), { project: 'old' })).toBe(1)
  write('B.jsonl', transcript('/w/new', '2', '3'))
  await app.pass()
  await app.pass()
  const born = await scrape()
  expect(
    born.filter(({ name, labels }) => name === 'agent_usage_requests_total' && labels.project === 'new'),
  ).toHaveLength(1)
  for (const name of ['agent_usage_requests_total', 'agent_usage_tokens_total', 'agent_usage_cost_usd_total']) {
    expect(sumOf(born, name, NEW)).toBe(0)
  }
  const grown = await scrape()
  expect(requests(grown, NEW)).toBe(2)
  expect(sumOf(grown, 'agent_usage_tokens_total', NEW)).toBe(2 * 1170)
  expect(sumOf(grown, 'agent_usage_cost_usd_total', NEW)).toBeCloseTo(2 * COST_OF_ONE, 12)
})

it('shows a new model of a known project, and its unpriced tokens, at 0 first', async () => {
  const { app, scrape } = await running(home)
  const unpriced = { model: 'house-model' }
  write('B.jsonl', lines(line('msg_2/r2 house-model 7/3', { line: { cwd: '/w/old' } })))
  await app.pass()
  const [born, grown] = [await scrape(), await scrape()]
  expect([born, grown].map((all) => requests(all, unpriced))).toEqual([0, 1])
  expect([born, grown].map((all) => sumOf(all, 'agent_usage_unpriced_tokens_total', unpriced))).toEqual([0, 10])
  expect(born.some(({ name }) => name === 'agent_usage_unpriced_tokens_total')).toBe(true)
})

it('does not treat a HEAD request as a scrape', async () => {
  const { app, scrape, request } = await running(home)
  write('B.jsonl', transcript('/w/new', '2'))
  await app.pass()
  for (let time = 0; time < 3; time += 1) expect((await request({ method: 'HEAD' })).status).toBe(200)
  expect(requests(await scrape(), NEW)).toBe(0)
  expect(requests(await scrape(), NEW)).toBe(1)
})

it('holds a new series at 0 for --metrics.birth-hold after its first scrape', async () => {
  let elapsedMs = 0
  const { app, scrape } = await running(home, ['--metrics.birth-hold=90s'], { monotonic: () => elapsedMs })
  write('B.jsonl', transcript('/w/new', '2'))
  await app.pass()
  const after = async (ms: number): Promise<number> => {
    elapsedMs += ms
    return requests(await scrape(), NEW)
  }
  // The hold begins at the first scrape, and later scrapes do not restart it.
  expect(await after(3_600_000)).toBe(0)
  expect(await after(60_000)).toBe(0)
  expect(await after(29_999)).toBe(0)
  expect(await after(1)).toBe(1)
})

it.each([-3_600_000, -4_000, 3_600_000])(
  'keeps showing a new series, and holds another for the same time, if the clock is set by %i ms',
  async (jumpMs) => {
    let nowMs = NOW_MS
    let elapsedMs = 0
    const { app, scrape } = await running(home, ['--metrics.birth-hold=90s'], {
      now: () => nowMs,
      monotonic: () => elapsedMs,
    })
    write('B.jsonl', transcript('/w/new', '2'))
    await app.pass()
    await scrape()
    elapsedMs += 90_000
    const before = await scrape()
    expect(requests(before, NEW)).toBe(1)

    nowMs += jumpMs
    expect(usageCounters(await scrape())).toEqual(usageCounters(before))
    write('C.jsonl', transcript('/w/newer', '3'))
    await app.pass()
    const newer = async (): Promise<number> => requests(await scrape(), { project: 'newer' })
    expect(await newer()).toBe(0)
    elapsedMs += 89_999
    expect(await newer()).toBe(0)
    elapsedMs += 1
    expect(await newer()).toBe(1)
  },
)

it('keeps showing a new series if a reload raises --metrics.birth-hold, and holds the others longer', async () => {
  let elapsedMs = 0
  const file = join(home.dir, 'c.yaml')
  writeFileSync(file, 'metrics: { birth-hold: 30s }\n')
  const { app, scrape } = await running(home, [`--config.file=${file}`], { monotonic: () => elapsedMs })
  write('B.jsonl', transcript('/w/new', '2'))
  await app.pass()
  await scrape()
  elapsedMs += 30_000
  const shown = await scrape()
  expect(requests(shown, NEW)).toBe(1)
  write('C.jsonl', transcript('/w/newer', '3'))
  await app.pass()
  await scrape()

  writeFileSync(file, 'metrics: { birth-hold: 60s }\n')
  await app.reload()
  expect(usageCounters(await scrape())).toMatchObject(usageCounters(shown))
  elapsedMs += 59_999
  const held = await scrape()
  expect(usageCounters(held)).toMatchObject(usageCounters(shown))
  expect(requests(held, { project: 'newer' })).toBe(0)
  elapsedMs += 1
  expect(requests(await scrape(), { project: 'newer' })).toBe(1)
})

it('remembers across restarts whether a series has been scraped', async () => {
  const before = await running(home)
  write('B.jsonl', transcript('/w/new', '2'))
  await before.app.pass()
  await before.app.stop()

  const unseen = await running(home)
  expect(requests(await unseen.scrape(), NEW)).toBe(0)
  await unseen.app.stop()

  const seen = await running(home)
  expect(requests(await seen.scrape(), NEW)).toBe(1)
})

it.each([
  ['an image on a foreign page', { accept: 'image/avif,image/webp,*/*;q=0.8', 'sec-fetch-site': 'cross-site' }],
  [
    'the link on its own page',
    { accept: 'text/html,application/xhtml+xml,*/*;q=0.8', 'sec-fetch-site': 'same-origin' },
  ],
])('does not treat a request from %s as a scrape', async (_, headers) => {
  const { app, scrape, url } = await running(home)
  write('B.jsonl', transcript('/w/new', '2'))
  await app.pass()
  for (let time = 0; time < 3; time += 1) expect(await statusOf(`${url}/metrics`, headers)).toBe(200)
  expect(requests(await scrape(), NEW)).toBe(0)
  expect(requests(await scrape(), NEW)).toBe(1)
})

it('shows a new series at 0 in both formats until one of them was sent', async () => {
  const { app, scrape } = await running(home)
  write('B.jsonl', transcript('/w/new', '2'))
  await app.pass()
  const printed = [await app.scrape('text'), await app.scrape('openmetrics')]
  for (const { body } of printed) expect(body.toString()).toMatch(/^agent_usage_requests_total\{.*"new".*\} 0$/m)
  for (const { sent } of printed) sent()
  expect(requests(await scrape(), NEW)).toBe(1)
})

/** Status of a request with these headers, which Node's fetch does not send. */
function statusOf(url: string, headers: OutgoingHttpHeaders): Promise<number> {
  return new Promise((resolve, reject) => {
    ask(url, { headers }, (response) => response.resume().once('end', () => resolve(response.statusCode!)))
      .on('error', reject)
      .end()
  })
}

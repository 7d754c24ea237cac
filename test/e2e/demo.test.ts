// The demo of the built program: it says that its data is made up, keeps growing, serves like the exporter, and leaves no files.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import type { Summary } from '../../src/http/summary-schema.js'
import { history } from '../../src/demo/history.js'
import { DEMO_WRITERS } from '../../src/sources/demo-writers.js'
import { samples, sumOf } from '../support/exposition.js'
import { serveDemo, type Served } from '../support/program.js'

async function started(...flags: readonly string[]): Promise<Served> {
  const demo = await serveDemo(...flags)
  onTestFinished(async () => {
    await demo.stop()
  })
  await demo.ready()
  return demo
}
const summaryOf = async ({ url }: Served): Promise<Summary> =>
  (await (await fetch(`${url}/api/summary`)).json()) as Summary
const requestsOf = async (demo: Served): Promise<number> => {
  const ours = (await demo.scrape()).split('\n').filter((line) => line.startsWith('agent_usage_'))
  return sumOf(samples(ours.join('\n')), 'agent_usage_requests_total')
}
/** The temporary folder of the demo. */
const folderOf = (summary: Summary): string => join(summary.exporter.roots[0]!.path, '../..')

it('states on its first line and on the page that its data is made up', async () => {
  const demo = await started()
  expect(demo.printed().split('\n')[0]).toBe(
    'This is a demo: all projects, tokens and costs are made up. Ctrl-C ends it and removes them.',
  )
  expect(await (await fetch(demo.url)).text()).toContain('all projects, tokens and costs here are made up')
  expect((await summaryOf(demo)).demo).toBe(true)
})

it('shows thirty days and keeps adding responses', async () => {
  const demo = await started('--watch.mode=native')
  const { spend } = await summaryOf(demo)
  // Shortly after midnight, most of the current working day was yesterday, so today may still be empty.
  expect(spend!.days.slice(0, -1).filter(({ usd }) => usd > 0)).toHaveLength(29)
  const oldest = sumOf(samples(await demo.scrape()), 'agent_usage_exporter_oldest_transcript_timestamp_seconds')
  expect(Date.now() / 1000 - oldest).toBeGreaterThan(28 * 86_400)
  expect(Date.now() / 1000 - oldest).toBeLessThan(31 * 86_400)
  const before = await requestsOf(demo)
  await expect.poll(() => requestsOf(demo), { timeout: 60_000 }).toBeGreaterThan(before + 2)
  await expect.poll(async () => (await summaryOf(demo)).spend!.days.at(-1)!.usd, { timeout: 60_000 }).toBeGreaterThan(0)
})

it.each(['SIGTERM', 'SIGINT'] as const)('exits on %s and removes its folder', async (signal) => {
  const demo = await started()
  const folder = folderOf(await summaryOf(demo))
  expect(readdirSync(folder).sort()).toEqual(['claude', 'codex', 'state'])
  expect(await demo.stop(signal)).toBe(0)
  expect(existsSync(folder)).toBe(false)
})

it('depends only on the seed, and accepts the flags of the exporter', async () => {
  const demo = await started('--seed=42', '--web.telemetry-path=/m', '--timezone=Asia/Tokyo', '--parser.workers=0')
  const summary = await summaryOf(demo)
  expect(summary.time_zone).toBe('Asia/Tokyo')
  expect((await fetch(`${demo.url}/m`)).status).toBe(200)
  // The name of a rollout begins with its time, so only its end is compared.
  const idOf = (path: string): string => path.slice(-'01234567-0123-0123-0123-0123456789ab.jsonl'.length)
  const planted = readdirSync(folderOf(summary), { recursive: true, encoding: 'utf8' }).map(idOf)
  // In this project, nothing depends on the day of the week.
  const expected = [...history(DEMO_WRITERS, 42, 0)]
    .filter(({ text }) => text.includes('/nightly-evals'))
    .map(({ path }) => idOf(path))
  expect(expected.length).toBeGreaterThan(30)
  expect(planted).toEqual(expect.arrayContaining(expected))
})

it('rejects flags for directories', async () => {
  await expect(serveDemo('--state.dir=none')).rejects.toThrow('--state.dir: "none": demo creates its own directories')
})

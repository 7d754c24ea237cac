// A report of the real program: next to a running exporter, after logs are deleted, after corrections, and without ids, paths
// or text.
import { appendFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { createApp } from '../../src/app/app.js'
import { reportOf } from '../../src/app/report.js'
import { loadConfig } from '../../src/config/config.js'
import { sumOf, type Sample } from '../support/exposition.js'
import { line, lines } from '../support/line.js'
import { COST_OF_ONE, NOW_MS, homes, running, transcript, type Home } from './running.js'

const home = homes()
const ignore = (): void => undefined
const log = { debug: ignore, info: ignore, warn: ignore, error: ignore }

async function report({ configDir, stateDir, dir }: Home, ...flags: readonly string[]): Promise<string> {
  const own = [`--state.dir=${stateDir}`, '--parser.workers=0', '--timezone=UTC']
  const config = loadConfig(['report', ...own, ...flags], { HOME: dir, CLAUDE_CONFIG_DIR: configDir })
  const app = await createApp(config, { version: '0', log, readOnly: true, now: () => NOW_MS })
  onTestFinished(() => app.stop())
  await app.pass()
  return [...reportOf(app, config, NOW_MS)].join('')
}

interface Report {
  readonly rows: readonly Record<string, unknown>[]
  readonly total: Readonly<Record<string, number>>
  readonly counters_hold_more: Readonly<Record<string, number>>
  readonly corrections: Readonly<Record<string, number>>
}
const json = async (at: Home, ...flags: readonly string[]): Promise<Report> =>
  JSON.parse(await report(at, '--json', ...flags)) as Report
const responses = async (at: Home, ...flags: readonly string[]): Promise<Record<string, unknown>[]> =>
  (await report(at, '--responses', ...flags))
    .split('\n')
    .filter(Boolean)
    .map((text) => JSON.parse(text) as Record<string, unknown>)

const cost = (all: readonly Sample[]): number => sumOf(all, 'agent_usage_cost_usd_total')

it('includes deleted logs that a running exporter counted, and lines logged since', async () => {
  const at = home({ 'a/A.jsonl': transcript('/w/app', '1', '2'), 'a/B.jsonl': transcript('/w/app', '3') })
  const { scrape, complaints } = await running(at)
  rmSync(join(at.configDir, 'projects/a/B.jsonl'))
  expect((await json(at)).total['usd']).toBe(cost(await scrape()))
  appendFileSync(join(at.configDir, 'projects/a/A.jsonl'), transcript('/w/app', '4'))
  expect((await json(at)).total).toMatchObject({ requests: 4, usd: 4 * COST_OF_ONE })
  expect(complaints).toEqual([])
})

it('equals the counters once the surplus of corrections is added', async () => {
  const at = home({ 'a/A.jsonl': transcript('/w/app', '1', '2') })
  const file = join(at.configDir, 'projects/a/A.jsonl')
  const { app, scrape } = await running(at)
  // The new line has more output, so it wins, but less of the other tokens.
  appendFileSync(file, lines(line('msg_1/r1 o48 1/161/0/0/0', { line: { cwd: '/w/app' } })))
  await app.pass()
  const all = await scrape()
  expect(sumOf(all, 'agent_usage_corrections_total', { reason: 'smaller' })).toBe(1)
  const { total, counters_hold_more: more, corrections } = await json(at)
  expect(corrections).toEqual({ smaller: 1 })
  expect(total).toMatchObject({ requests: 2, input: 11, output: 321, cache_read: 1000 })
  expect(more).toMatchObject({ requests: 0, input: 9, output: 0, cache_read: 1000 })
  expect(Math.round((total['usd']! + more['usd']!) * 1e9)).toBe(Math.round(cost(all) * 1e9))
  expect(await report(at)).toContain('/metrics has $0.00052 more, 1,009 tokens more over all time')
})

it('lists responses in order of time, each with its price', async () => {
  const at = home({
    'a/A.jsonl': lines(
      line('msg_3/r3 claude-sonnet-5-5 10/20', { line: { timestamp: '2026-10-07T00:00:00.000Z' } }),
      line('msg_2/r2 claude-sonnet-5-5 10/20/30/40/50', { line: { timestamp: '2026-10-06T23:59:59.999Z' } }),
      line('msg_4/r4 house-model 10/20', { line: { timestamp: 'yesterday' } }),
      line('msg_1/r1 claude-haiku-5-5 100001/1', {
        line: { timestamp: '2026-09-30T12:00:00Z' },
        usage: { service_tier: 'batch', server_tool_use: { web_search_requests: 2 } },
      }),
    ),
  })
  const zero = { input: 10, output: 20, cache_read: 0, cache_write_5m: 0, cache_write_1h: 0, web_searches: 0 }
  const common = { agent: 'claude-code', project: 'app', requests: 1, modifiers: [] }
  const found = await responses(at)
  expect(found).toEqual([
    {
      ...common,
      ...zero,
      time: '2026-09-30T12:00:00.000Z',
      model: 'claude-haiku-5-5',
      input: 100_001,
      output: 1,
      web_searches: 2,
      modifiers: ['batch'],
      price_since: null,
      price_tier: 'long',
      price_factor: 0.5,
      usd: 0.045_001_5,
      cost_from: 'prices',
    },
    {
      ...common,
      ...zero,
      time: '2026-10-06T23:59:59.999Z',
      model: 'claude-sonnet-5-5',
      ...{ cache_write_5m: 30, cache_write_1h: 40, cache_read: 50 },
      price_since: null,
      price_tier: 'standard',
      price_factor: 1,
      usd: (10 * 2 + 20 * 10 + 30 * 2.5 + 40 * 4 + 50 * 0.2) / 1e6,
      cost_from: 'prices',
    },
    {
      ...common,
      ...zero,
      time: '2026-10-07T00:00:00.000Z',
      model: 'claude-sonnet-5-5',
      price_since: '2026-10-07',
      price_tier: 'standard',
      price_factor: 1,
      usd: 0.000_22,
      cost_from: 'prices',
    },
    {
      ...common,
      ...zero,
      time: null,
      model: 'house-model',
      price_since: null,
      price_tier: null,
      price_factor: null,
      usd: 0,
      cost_from: 'none',
    },
  ])
  expect(await responses(at, '--since=2026-10-07', '--model=*sonnet*')).toEqual([found[2]])
  const { total } = await json(at, '--by=model')
  const sum = (key: string): number => found.reduce((all, each) => all + Number(each[key]), 0)
  for (const key of ['requests', 'input', 'output', 'cache_read', 'cache_write_5m', 'cache_write_1h', 'web_searches'])
    expect(total[key], key).toBe(sum(key))
  expect(Math.round(total['usd']! * 1e9)).toBe(Math.round(sum('usd') * 1e9))
})

it('prints no id, no path and no text from the logs', async () => {
  const secrets = { cwd: '/home/ada/secret-place/app', sessionId: 'secret-session', gitBranch: 'secret-branch' }
  const at = home({
    '-home-ada-secret-place-app/secret-session.jsonl': lines(
      line('msg_secret/req_secret o48 10/20', {
        line: { ...secrets, uuid: 'secret-uuid' },
        message: { content: [{ type: 'text', text: 'secret words' }] },
      }),
    ),
  })
  const by = ['--by=day,week,month,agent,project,model,session']
  const printed = [await report(at, '--responses'), await report(at, '--json', ...by), await report(at, ...by)]
  for (const text of printed) {
    expect(text).toContain('app')
    expect(text).not.toMatch(/secret|ada|home|uuid/)
  }
})

it('omits agents that are not selected', async () => {
  const at = home({ 'a/A.jsonl': transcript('/w/app', '1') })
  const { app } = await running(at)
  await app.stop()
  expect((await json(at, '--agents=codex', `--codex.home=${at.dir}`)).total).toMatchObject({ requests: 0, usd: 0 })
  expect((await json(at, '--by=agent')).rows).toMatchObject([{ agent: 'claude-code', requests: 1 }])
})

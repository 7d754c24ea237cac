// `/api/summary` and the page of the real program: the numbers of the metrics, plus days, names and health. They follow
// changes without a scan for every request.
import { appendFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import type { Summary } from '../../src/http/summary-schema.js'
import { sumOf } from '../support/exposition.js'
import { line, lines } from '../support/line.js'
import { homes, running, NOW_MS } from './running.js'

const home = homes()
const DAY = 86_400_000

/** A response with the given cost; output of Opus 4.8 costs 25 dollars per million tokens. */
function spent(id: string, project: string, dollars: number, daysAgo: number, model = 'o48'): string {
  const timestamp = new Date(NOW_MS - daysAgo * DAY).toISOString()
  return line(`msg_${id}/r${id} ${model} 0/${dollars * 40_000}`, { line: { timestamp, cwd: `/w/${project}` } })
}

async function summaryOf(url: string): Promise<Summary> {
  const response = await fetch(`${url}/api/summary`)
  expect(response.headers.get('content-type')).toBe('application/json')
  expect(response.headers.get('cache-control')).toBe('no-store')
  return (await response.json()) as Summary
}

// NOW_MS is a Sunday, the 22nd.
const files = {
  'shop/A.jsonl': lines(
    spent('1', 'shop', 1, 0),
    spent('2', 'shop', 2, 1),
    spent('3', 'shop', 4, 7),
    spent('4', 'shop', 8, 29),
  ),
  'tool/B.jsonl': lines(spent('5', 'tool', 16, 0), spent('6', 'tool', 32, 22), spent('7', 'tool', 64, 30), '{bad'),
  'lab/C.jsonl': lines(spent('8', 'lab', 1, 0, 'local-1')),
}

it('shows spend by day, project and model', async () => {
  const { url, scrape } = await running(home(files), ['--timezone=America/New_York'])
  const { spend, ...rest } = await summaryOf(url)
  const days = [...new Array<number>(30).keys()].map((index) => {
    const date = new Date(NOW_MS - (29 - index) * DAY).toISOString().slice(0, 10)
    return { date, usd: { 0: 8, 7: 32, 22: 4, 28: 2, 29: 17 }[index] ?? 0 }
  })
  const none = { count: 0, usd: 0, today_usd: 0 }
  const months = ['2025-12', ...[...new Array<number>(11).keys()].map((n) => `2026-${String(n + 1).padStart(2, '0')}`)]
  expect(spend).toEqual({
    today: { from: '2026-11-22', usd: 17, previous: { from: '2026-11-21', usd: 2 } },
    week: { from: '2026-11-16', usd: 19, previous: { from: '2026-11-09', usd: 4 } },
    month: {
      from: '2026-11-01',
      usd: 23,
      previous: { from: '2026-10-01', usd: 104 },
      // November has 30 days and one more hour in New York; 21 days and 8 hours have passed.
      forecast_usd: (23 * (30 * 24 + 1)) / (21 * 24 + 8),
    },
    total: {
      usd: 127,
      since: '2026-10-23',
      requests: 8,
      tokens: { input: 0, output: 128 * 40_000, cache_read: 0, cache_write_5m: 0, cache_write_1h: 0 },
      sessions: 3,
      agents: { top: [{ name: 'claude-code', usd: 127, today_usd: 17 }], others: { count: 0, usd: 0, today_usd: 0 } },
      projects: {
        top: [
          { name: 'tool', usd: 112, today_usd: 16 },
          { name: 'shop', usd: 15, today_usd: 1 },
        ],
        others: { count: 0, usd: 0, today_usd: 0 },
      },
      models: {
        top: [{ name: 'claude-opus-4-8', usd: 127, today_usd: 17 }],
        others: { count: 0, usd: 0, today_usd: 0 },
      },
    },
    budgets: [],
    days,
    agents: { top: [{ name: 'claude-code', usd: 63, today_usd: 17 }], others: { count: 0, usd: 0, today_usd: 0 } },
    projects: {
      top: [
        { name: 'tool', usd: 48, today_usd: 16 },
        { name: 'shop', usd: 15, today_usd: 1 },
      ],
      others: { count: 0, usd: 0, today_usd: 0 },
    },
    models: { top: [{ name: 'claude-opus-4-8', usd: 63, today_usd: 17 }], others: { count: 0, usd: 0, today_usd: 0 } },
    twelve_months: {
      months: months.map((month) => ({ month, usd: { '2026-10': 104, '2026-11': 23 }[month] ?? 0 })),
      agents: { top: [{ name: 'claude-code', usd: 127, today_usd: 17 }], others: none },
      projects: {
        top: [
          { name: 'tool', usd: 112, today_usd: 16 },
          { name: 'shop', usd: 15, today_usd: 1 },
        ],
        others: none,
      },
      models: { top: [{ name: 'claude-opus-4-8', usd: 127, today_usd: 17 }], others: none },
    },
  })
  const all = await scrape()
  expect(spend!.total.usd).toBe(sumOf(all, 'agent_usage_cost_usd_total'))
  expect(spend!.total.tokens.output).toBe(sumOf(all, 'agent_usage_tokens_total', { token_type: 'output' }))
  for (const [name, period] of [
    ['today', 'day'],
    ['week', 'week'],
    ['month', 'month'],
  ] as const) {
    expect(spend![name].usd).toBe(sumOf(all, 'agent_usage_period_cost_usd', { period }))
  }
  expect(rest).toMatchObject({
    version: '0',
    demo: false,
    time: '2026-11-22T12:00:00.000Z',
    time_zone: 'America/New_York',
  })
})

it('shows the condition of the exporter', async () => {
  const place = home(files)
  const { url } = await running(place)
  const { exporter } = await summaryOf(url)
  expect(exporter).toMatchObject({
    ready: true,
    last_pass: '2026-11-22T12:00:00.000Z',
    log_files: 3,
    responses: 8,
    errors: { scan: 0, parse: 0, worker: 0, watch: 0, store: 0 },
    skipped_lines: { invalid_json: 1, synthetic: 0 },
    unpriced: [{ model: 'local-1', tokens: 40_000 }],
    unpriced_others: { count: 0, tokens: 0 },
    agents: [{ agent: 'claude-code', up: true }],
    roots: [{ agent: 'claude-code', path: join(place.configDir, 'projects'), found: true }],
  })
})

it('shows the spend of each budget, like the metric, from the scrape after a reload', async () => {
  const place = home(files)
  const config = join(place.dir, 'exporter.yaml')
  const write = (limit: number): void =>
    writeFileSync(
      config,
      `budgets: [{ name: all, period: month, limit_usd: ${limit} }, { name: tools, period: day, limit_usd: 20, match: { project: t* } }]\n`,
    )
  write(50)
  const { app, url, scrape } = await running(place, [`--config.file=${config}`, '--timezone=UTC'])
  expect((await summaryOf(url)).spend!.budgets).toEqual([
    { name: 'all', period: 'month', limit_usd: 50, spent_usd: 23, forecast_usd: (23 * 30) / 21.5 },
    { name: 'tools', period: 'day', limit_usd: 20, spent_usd: 16, forecast_usd: null },
  ])
  write(60)
  await app.reload()
  const { budgets } = (await summaryOf(url)).spend!
  const all = await scrape()
  for (const { name, limit_usd, spent_usd } of budgets) {
    expect(limit_usd).toBe(sumOf(all, 'agent_usage_budget_limit_usd', { budget: name }))
    expect(spent_usd).toBe(sumOf(all, 'agent_usage_budget_spent_usd', { budget: name }))
  }
  expect(budgets[0]!.limit_usd).toBe(60)
})

it('shows troubles: an invalid configuration, and logs that disappeared', async () => {
  const place = home(files)
  const config = join(place.dir, 'exporter.yaml')
  writeFileSync(config, '')
  const { app, url } = await running(place, [`--config.file=${config}`])
  const troubles = async (): Promise<string[]> => (await summaryOf(url)).exporter.troubles.map(({ text }) => text)
  expect(await troubles()).toEqual([])
  writeFileSync(config, 'log.level: loud\n')
  await app.reload()
  expect(await troubles()).toEqual([expect.stringContaining('configuration')])
  rmSync(join(place.configDir, 'projects'), { recursive: true })
  await app.pass()
  expect(await troubles()).toEqual(['no such directory', expect.stringContaining('configuration')])
  expect(await (await fetch(url)).text()).toContain('No logs found')
  writeFileSync(config, '')
  await app.reload()
  expect(await troubles()).toEqual(['no such directory'])
})

it('updates the first day if older responses are read', async () => {
  const place = home(files)
  let nowMs = NOW_MS
  const { app, url } = await running(place, ['--timezone=UTC'], { now: () => nowMs })
  const since = async (): Promise<string | null> => (await summaryOf(url)).spend!.total.since
  expect(await since()).toBe('2026-10-23')
  appendFileSync(join(place.configDir, 'projects/shop/A.jsonl'), lines(spent('90', 'shop', 1, 400)))
  await app.pass()
  nowMs += 2_000
  expect(await since()).toBe('2025-10-18')
})

it('names eight projects and sums up the others', async () => {
  const many = Array.from({ length: 10 }, (_, n) => spent(String(n), `p${n}`, n + 1, n === 1 ? 0 : 1))
  const { url } = await running(
    home(Object.fromEntries(many.map((text, n) => [`p${n}/S${n}.jsonl`, lines(text)] as const))),
  )
  const { projects } = (await summaryOf(url)).spend!
  expect(projects.top.map(({ name }) => name)).toEqual(['p9', 'p8', 'p7', 'p6', 'p5', 'p4', 'p3', 'p2'])
  expect(projects.others).toEqual({ count: 2, usd: 3, today_usd: 2 })
})

it('reuses its numbers while nothing changes, else for two seconds, but never past midnight', async () => {
  const place = home(files)
  let nowMs = NOW_MS
  const { app, url } = await running(place, ['--timezone=UTC'], { now: () => nowMs })
  const today = async (): Promise<number> => (await summaryOf(url)).spend!.today.usd
  expect(await today()).toBe(17)
  const scans = vi.spyOn(app.state.totals, 'visitCosts')
  nowMs += 60_000
  expect(await today()).toBe(17)
  expect(scans).not.toHaveBeenCalled()
  const forecast = async (): Promise<number | null> => (await summaryOf(url)).spend!.month.forecast_usd
  const before = await forecast()
  nowMs += 60_000
  expect(await forecast()).toBeLessThan(before!)
  expect(scans).not.toHaveBeenCalled()

  appendFileSync(join(place.configDir, 'projects/shop/A.jsonl'), lines(spent('9', 'shop', 100, 0)))
  await app.pass()
  expect(await today()).toBe(117)
  // One scan covers all days, weeks and months, and the first day.
  expect(scans).toHaveBeenCalledTimes(1)
  appendFileSync(join(place.configDir, 'projects/shop/A.jsonl'), lines(spent('10', 'shop', 100, 0)))
  await app.pass()
  nowMs += 1_999
  expect(await today()).toBe(117)
  nowMs += 1
  expect(await today()).toBe(217)
  nowMs = NOW_MS + DAY / 2 - 1
  expect(await today()).toBe(217)
  nowMs += 1
  expect(await today()).toBe(0)
  expect((await summaryOf(url)).spend!.days.at(-2)).toEqual({ date: '2026-11-22', usd: 217 })
})

it('serves the page with the same numbers', async () => {
  const { url } = await running(home(files))
  const html = await (await fetch(url)).text()
  for (const part of ['$17.00', '$19.00', '$23.00', '>shop<', '>tool<', 'local-1: 40,000 tokens', 'Spend by day'])
    expect(html).toContain(part)
  for (const query of ['?last=12-months', '?a=b&last=12%2Dmonths#x']) {
    const year = await (await fetch(`${url}/${query}`)).text()
    expect(year).toContain('Spend by month')
    expect(year).not.toContain('Spend by day')
  }
  expect(html).not.toContain('made up')
})

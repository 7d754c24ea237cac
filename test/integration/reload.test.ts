// The program reloads configuration and prices while it runs, and reports whether it succeeded.
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { sumOf, type Sample } from '../support/exposition.js'
import { line, lines } from '../support/line.js'
import { serve } from '../support/program.js'
import { plant } from '../support/tree.js'
import { NOW_MS, homes, running } from './running.js'

const home = homes()
const DAY_MS = 86_400_000
/** A response of Opus 4.8 that costs one dollar. */
const dollar = (id: string, ms: number, cwd: string): string =>
  line(`msg_${id}/r${id} o48 0/40000`, { line: { cwd, timestamp: new Date(ms).toISOString() } })

/** `NOW_MS` is a Sunday. */
const LOGS = {
  'web/A.jsonl': lines(dollar('1', NOW_MS, '/w/web-shop'), dollar('2', NOW_MS - DAY_MS, '/w/web-shop')),
  'api/B.jsonl': lines(dollar('3', NOW_MS - DAY_MS, '/w/api'), dollar('4', NOW_MS - 30 * DAY_MS, '/w/api')),
}
const spent = (all: readonly Sample[]): Record<string, number> =>
  Object.fromEntries(
    all.flatMap(({ name, labels, value }) =>
      name === 'agent_usage_budget_spent_usd' ? [[labels['budget']!, value] as const] : [],
    ),
  )
const successful = (all: readonly Sample[]): number => sumOf(all, 'agent_usage_exporter_config_last_reload_successful')
const since = (all: readonly Sample[]): number =>
  sumOf(all, 'agent_usage_exporter_config_last_reload_success_timestamp_seconds')

it('applies new budgets and a new start of the week at once, and keeps them if the next file is invalid', async () => {
  const planted = home(LOGS)
  const file = join(planted.dir, 'c.yaml')
  writeFileSync(
    file,
    'budgets: [{ name: web, period: week, limit_usd: 10, match: { project: "web-*" } }, { name: all, period: month, limit_usd: 50 }]\n',
  )
  let nowMs = NOW_MS
  const { app, scrape, complaints } = await running(planted, [`--config.file=${file}`, '--timezone=UTC'], {
    now: () => nowMs,
  })
  const before = await scrape()
  expect(spent(before)).toEqual({ web: 2, all: 3 })
  expect(sumOf(before, 'agent_usage_budget_limit_usd', { budget: 'web', period: 'week' })).toBe(10)
  expect([successful(before), since(before)]).toEqual([1, NOW_MS / 1000])

  nowMs += 60_000
  writeFileSync(
    file,
    'week-start: sunday\nbudgets: [{ name: web, period: week, limit_usd: 5, match: { project: "web-*" } }]\n',
  )
  await app.reload()
  const after = await scrape()
  expect(spent(after)).toEqual({ web: 1 })
  expect(sumOf(after, 'agent_usage_budget_limit_usd')).toBe(5)
  expect(sumOf(after, 'agent_usage_period_cost_usd', { period: 'week' })).toBe(1)
  expect([successful(after), since(after)]).toEqual([1, nowMs / 1000])

  writeFileSync(file, 'budgets: [{ name: web }]\n')
  const taken = nowMs
  nowMs += 60_000
  await app.reload()
  const bad = await scrape()
  expect(spent(bad)).toEqual({ web: 1 })
  expect([successful(bad), since(bad)]).toEqual([0, taken / 1000])
  expect(complaints).toEqual([
    {
      level: 'error',
      message: expect.any(String) as string,
      fields: { reason: `${file}: budgets[0]: needs period at line 1, column 11` },
    },
  ])
})

it('budgets include late and deleted logs across restarts', async () => {
  const planted = home(LOGS)
  const file = join(planted.dir, 'c.yaml')
  writeFileSync(file, 'timezone: UTC\nbudgets: [{ name: all, period: week, limit_usd: 50 }]\n')
  const first = await running(planted, [`--config.file=${file}`])
  expect(spent(await first.scrape())).toEqual({ all: 3 })
  await first.app.stop()

  rmSync(join(planted.configDir, 'projects/web/A.jsonl'))
  plant(planted.configDir, {
    'late/C.jsonl': lines(dollar('2', NOW_MS - DAY_MS, '/w/web-shop'), dollar('5', NOW_MS - 6 * DAY_MS, '/w/late')),
  })
  const second = await running(planted, [`--config.file=${file}`])
  expect(spent(await second.scrape())).toEqual({ all: 4 })
})

it('applies new prices to earlier usage; counters only rise, gauges may fall', async () => {
  const planted = home({
    'a/A.jsonl': lines(line('msg_1/r1 house-model 1000000/0', { line: { timestamp: new Date(NOW_MS).toISOString() } })),
  })
  const prices = join(planted.dir, 'prices.yaml')
  const file = join(planted.dir, 'c.yaml')
  const priced = (input: number): void =>
    writeFileSync(prices, `models: { house-model: { prices: [{ input: ${input}, output: 9 }] } }\n`)
  writeFileSync(file, 'budgets: [{ name: all, period: day, limit_usd: 50 }]\n')
  const { app, scrape } = await running(planted, [`--config.file=${file}`, '--timezone=UTC'])
  const costs = async () => {
    const all = await scrape()
    return [sumOf(all, 'agent_usage_cost_usd_total'), spent(all)['all']]
  }
  expect(await costs()).toEqual([0, 0])

  priced(3)
  writeFileSync(file, 'prices.file: prices.yaml\nbudgets: [{ name: all, period: day, limit_usd: 50 }]\n')
  await app.reload()
  // The pass that the reload requested, or one after it.
  await app.pass()
  expect(await costs()).toEqual([3, 3])

  priced(2)
  await app.reload()
  await app.pass()
  expect(await costs()).toEqual([3, 2])
  expect(sumOf(await scrape(), 'agent_usage_corrections_total', { reason: 'price' })).toBe(1)
})

it.skipIf(process.platform === 'win32')('reloads the file on SIGHUP, or when it changes', async () => {
  const planted = home(LOGS)
  const file = join(planted.dir, 'c.yaml')
  writeFileSync(file, '')
  const served = await serve([planted.configDir], { flags: [`--config.file=${file}`] })
  await served.ready()
  const until = async (limit: number) => {
    const shown = `agent_usage_budget_limit_usd{budget="all",period="day"} ${limit}\n`
    while (!(await served.scrape()).includes(shown)) expect(served.child.exitCode).toBeNull()
  }
  writeFileSync(file, 'budgets: [{ name: all, period: day, limit_usd: 1 }]\n')
  served.child.kill('SIGHUP')
  await until(1)
  writeFileSync(file, 'budgets: [{ name: all, period: day, limit_usd: 20 }]\n')
  await until(20)
  expect(await served.stop()).toBe(0)
})

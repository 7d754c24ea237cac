// A real Prometheus 3 after pushes: it has the series and values of a scrape, counts no history as spend and all new usage
// across kills and stops, and has one set of series through all restarts.
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { USAGE } from '../../src/metrics/catalogue.js'
import { expressions } from '../grafana/expressions.js'
import { samples, sumOf } from '../support/exposition.js'
import { freePort } from '../support/free-port.js'
import { line, lines } from '../support/line.js'
import { serve, type Served } from '../support/program.js'
import { PROMETHEUSES, SOON, startPrometheus } from '../support/prometheus.js'
import { plant, temporaryFolder } from '../support/tree.js'

const folder = temporaryFolder()

let responses = 0
function response(project: string): string {
  responses += 1
  return lines(line(`msg_${responses}/r${responses} o48 10/160/7/3/1000`, { line: { cwd: `/w/${project}` } }))
}

/** A series without the labels that identify the exporter. */
function seriesOf(name: string, labels: Readonly<Record<string, string>>): string {
  const own = Object.entries(labels).filter(([label]) => !['__name__', 'job', 'instance'].includes(label))
  return JSON.stringify([name, own.sort()])
}

it('Prometheus holds the values of a scrape and shows the exact new usage across restarts', async (context) => {
  const configDir = plant(join(folder, 'config'), { 'a/old.jsonl': response('old') + response('old') })
  const write = (project: string): void =>
    appendFileSync(join(configDir, `projects/a/${project}.jsonl`), response(project))
  const stateDir = join(folder, 'state')
  const prometheus = await startPrometheus(context, {
    folder,
    program: PROMETHEUSES[1],
    flags: ['--web.enable-otlp-receiver'],
  })
  const flags = [
    `--otlp.endpoint=${prometheus.url}/api/v1/otlp`,
    '--otlp.interval=1s',
    '--watch.sweep-interval=1s',
    '--otlp.resource-attributes=team=blue',
  ]
  async function serving(): Promise<Served> {
    const program = await serve([configDir], { stateDir, flags })
    onTestFinished(async () => {
      await program.stop()
    })
    return program
  }
  const count = async (expr: string): Promise<number> => (await prometheus.query(expr))[0]?.points[0]!.value ?? NaN
  const requests = (project: string): Promise<number> =>
    count(`sum(last_over_time(agent_usage_requests_total{project="${project}"}[10m]))`)

  let exporter = await serving()
  await expect.poll(() => requests('old'), SOON).toBe(2)
  for (const [round, signal] of (['SIGKILL', 'SIGTERM', 'SIGKILL'] as const).entries()) {
    write('new')
    await expect.poll(() => requests('new'), SOON).toBe(2 * round + 1)
    await exporter.stop(signal)
    write('new')
    write(`born-in-the-dark-${round}`)
    exporter = await serving()
    await expect.poll(() => requests('new'), SOON).toBe(2 * round + 2)
    await expect.poll(() => requests(`born-in-the-dark-${round}`), SOON).toBe(1)
  }

  // Pushed series are still new to scrapes, so the first scrape shows them at 0.
  await exporter.scrape()
  const scraped = samples(await exporter.scrape()).filter(({ name }) => /^agent_usage_(?!exporter_)/.test(name))
  const names = Object.values(USAGE).map(({ name }) => name)
  const held = await prometheus.query(`last_over_time({__name__=~"${names.join('|')}"}[10m])`)
  const shown = (all: readonly (readonly [string, number])[]): (readonly [string, number])[] =>
    all.map(([series, value]) => [series, Number(value.toPrecision(12))] as const).sort(([a], [b]) => (a < b ? -1 : 1))
  expect(
    shown(held.map(({ labels, points }) => [seriesOf(labels['__name__']!, labels), points[0]!.value] as const)),
  ).toEqual(shown(scraped.map(({ name, labels, value }) => [seriesOf(name, labels), value] as const)))
  // All series have the same job and instance through all restarts.
  const targets = new Set(held.map(({ labels }) => `${labels['job']!} ${labels['instance']!}`))
  const [, uuid] = /instance_info\{id="([^"]+)"\}/.exec(await exporter.scrape())!
  expect([...targets]).toEqual([`agent-usage-exporter ${uuid!}`])

  // History shows no increase, new usage is exact to the token, and nothing ever fell.
  const grown = (counter: string): string => `sum(max_over_time(${counter}[10m]) - min_over_time(${counter}[10m]))`
  expect(await count(grown('agent_usage_requests_total{project="old"}'))).toBe(0)
  expect(await count(grown('agent_usage_requests_total'))).toBe(9)
  expect(await count(grown('agent_usage_tokens_total'))).toBe(9 * 1180)
  const counters = Object.values(USAGE).flatMap(({ name, type }) => (type === 'counter' ? [name] : []))
  const kept = counters.filter((name) => held.some(({ labels }) => labels['__name__'] === name))
  // All models here have a price, and no log states a cost.
  expect(counters.filter((name) => !kept.includes(name))).toEqual([USAGE.loggedCost.name, USAGE.unpriced.name])
  for (const name of kept) expect(await count(`max(resets(${name}[10m]))`), name).toBe(0)
  expect(await count('count(target_info{team="blue"})')).toBe(1)
})

it('a machine that is both scraped and pushed counts twice in counters but once on the boards', async (context) => {
  const now = lines(line('msg_now/rnow o48 10/160', { line: { timestamp: new Date().toISOString() } }))
  const configDir = plant(join(folder, 'both'), { 'a/a.jsonl': now })
  const port = await freePort()
  const prometheus = await startPrometheus(context, {
    folder,
    program: PROMETHEUSES[1],
    exporter: `http://127.0.0.1:${port}`,
    flags: ['--web.enable-otlp-receiver'],
  })
  const flags = [`--otlp.endpoint=${prometheus.url}/api/v1/otlp`, '--otlp.interval=1s']
  const exporter = await serve([configDir], { port: String(port), flags })
  onTestFinished(async () => {
    await exporter.stop()
  })
  const count = async (expr: string): Promise<number | undefined> => (await prometheus.query(expr))[0]?.points[0]!.value
  const board = expressions().find(({ place }) => place === 'spend.json: This month A')!.expr
  await expect.poll(() => count('count(agent_usage_exporter_instance_info)'), SOON).toBe(2)
  await expect.poll(() => count('sum(agent_usage_requests_total)'), SOON).toBe(2)
  const spent = sumOf(samples(await exporter.scrape()), 'agent_usage_period_cost_usd', { period: 'month' })
  expect(spent).toBeGreaterThan(0)
  await expect.poll(() => count(board), SOON).toBeCloseTo(spent, 9)
})

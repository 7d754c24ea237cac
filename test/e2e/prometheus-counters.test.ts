// Counters in a real Prometheus while logs grow and are deleted, and the exporter is killed: they show the usage, exact to the
// token and the nano-dollar, and no reset.
import { appendFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { USAGE } from '../../src/metrics/catalogue.js'
import { projectModel, reference, type Totals } from '../reference/reference.js'
import { line, lines } from '../support/line.js'
import { serve, type Served } from '../support/program.js'
import { SOON, startPrometheus, type Prometheus } from '../support/prometheus.js'
import { comparable } from '../support/shown.js'
import { plant, temporaryFolder } from '../support/tree.js'

const folder = temporaryFolder()

const COUNTERS: Readonly<Record<keyof Totals, string>> = {
  requests: 'agent_usage_requests_total{project!="old"}',
  costUsd: 'agent_usage_cost_usd_total{project!="old"}',
  webSearches: 'agent_usage_web_search_requests_total{project!="old"}',
  input: 'agent_usage_tokens_total{project!="old",token_type="input"}',
  output: 'agent_usage_tokens_total{project!="old",token_type="output"}',
  cache_read: 'agent_usage_tokens_total{project!="old",token_type="cache_read"}',
  cache_write_5m: 'agent_usage_tokens_total{project!="old",token_type="cache_write_5m"}',
  cache_write_1h: 'agent_usage_tokens_total{project!="old",token_type="cache_write_1h"}',
}

let responses = 0
/** A response of a project, first as a snapshot and then complete. */
function response(project: string): string {
  responses += 1
  const name = `msg_${responses}/r${responses} ${responses % 2 ? 'o48' : 's5'}`
  const fields = { line: { cwd: `/w/${project}` } }
  return lines(line(`${name} 10/1/7/3/1000`, fields), line(`${name} 10/${160 + responses}/7/3/1000`, fields))
}

it('Prometheus shows the exact usage, and no reset, across kills', async (context) => {
  const configDir = plant(join(folder, 'config'), { 'a/old.jsonl': response('old') + response('old') })
  const write = (project: string): void =>
    appendFileSync(join(configDir, `projects/a/${project}.jsonl`), response(project))
  const stateDir = join(folder, 'state')
  let exporter = await serving()
  const { port } = new URL(exporter.url)
  const prometheus = await startPrometheus(context, { folder, exporter: exporter.url })

  async function serving(options = {}): Promise<Served> {
    const program = await serve([configDir], { stateDir, ...options })
    onTestFinished(async () => {
      await program.stop()
    })
    return program
  }
  const spent = (): Record<string, string> => comparable(reference([configDir], { nowMs: 0 }).perProjectModel)

  await expect.poll(() => oldRequests(prometheus), SOON).toBe(2)
  for (let round = 1; round <= 3; round += 1) {
    write('new')
    // A restart could fall below the values of the scrape before the kill.
    const requests = 2 * round - 1
    await expect.poll(() => count(prometheus, 'sum(agent_usage_requests_total{project="new"})'), SOON).toBe(requests)
    write('new')
    expect(await exporter.stop('SIGKILL')).toBeNull()
    write(`born-in-the-dark-${round}`)
    // The agent deletes the old log. All that is left was logged while Prometheus was scraping.
    rmSync(join(configDir, 'projects/a/old.jsonl'), { force: true })
    exporter = await serving({ port })
    await expect.poll(() => amounts(prometheus, (counter) => counter), SOON).toEqual(spent())
  }

  // Each counter was scraped at 0 first, so the last sample minus the first is the whole usage.
  const watched = (counter: string): string => `max_over_time(${counter}[10m]) - min_over_time(${counter}[10m])`
  expect(await amounts(prometheus, watched)).toEqual(spent())
  // increase() extrapolates to the ends of its window, but not below 0, so not before a first sample of 0. Evaluated at the
  // time of the last sample, it has nothing to add there.
  const last = await count(prometheus, 'max(timestamp(agent_usage_requests_total))')
  expect(await amounts(prometheus, (counter) => `increase(${counter}[10m])`, last)).toEqual(spent())
  // At any other time it adds at most the growth of 1.1 intervals.
  const most = '1 + 1.1 / (count_over_time(agent_usage_cost_usd_total{project="new"}[10m]) - 1)'
  const stretch = `increase(agent_usage_cost_usd_total{project="new"}[10m])
    / (${watched('agent_usage_cost_usd_total{project="new"}')})`
  expect(await prometheus.query(`round(${stretch}, 1e-9) >= 1 <= ${most}`)).toHaveLength(2)

  // History shows no increase, and stays after its logs are deleted.
  expect(await oldRequests(prometheus)).toBe(2)
  expect(await count(prometheus, 'sum(increase(agent_usage_tokens_total{project="old"}[10m]))')).toBe(0)
  for (const { name } of Object.values(USAGE).filter(({ type }) => type === 'counter')) {
    // Every model here has a price, and no log states a cost.
    if (name === USAGE.unpriced.name || name === USAGE.loggedCost.name) continue
    const resets = await prometheus.query(`resets(${name}[10m])`)
    expect(resets, name).not.toEqual([])
    for (const { labels, points } of resets)
      expect({ ...labels, resets: points[0]!.value }).toEqual({ ...labels, resets: 0 })
  }
  // The exporter's own counters start again with each process, which shows as a reset.
  expect(await count(prometheus, 'resets(agent_usage_exporter_lines_total[10m])')).toBeGreaterThan(0)
})

const oldRequests = (prometheus: Prometheus): Promise<number> =>
  count(prometheus, 'sum(agent_usage_requests_total{project="old"})')

/** Value of the only series; NaN if there is none. */
async function count(prometheus: Prometheus, expr: string): Promise<number> {
  const [only] = await prometheus.query(expr)
  return only?.points[0]!.value ?? NaN
}

/** Values of every counter in Prometheus, in the form of the reference. */
async function amounts(
  prometheus: Prometheus,
  expr: (counter: string) => string,
  atSeconds?: number,
): Promise<Record<string, string>> {
  const all = new Map<string, Record<keyof Totals, number>>()
  for (const [field, counter] of Object.entries(COUNTERS) as [keyof Totals, string][]) {
    for (const { labels, points } of await prometheus.query(expr(counter), atSeconds)) {
      const series = projectModel(labels['project']!, labels['model']!)
      all.set(series, { ...(all.get(series) as Totals), [field]: points[0]!.value })
    }
  }
  return comparable(all)
}

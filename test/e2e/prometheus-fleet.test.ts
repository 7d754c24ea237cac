// Many machines, one Prometheus: each machine has a Prometheus agent with the file that we ship, which sends by remote write.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { line, lines } from '../support/line.js'
import { noon } from '../support/noon.js'
import { serve } from '../support/program.js'
import { PROMETHEUSES, SOON, impatientRules, startAgent, startPrometheus } from '../support/prometheus.js'
import { plant, temporaryFolder } from '../support/tree.js'

const folder = temporaryFolder()
const { timeZone } = noon(Date.now())

const BUDGETS = [
  { name: 'team', period: 'day', limit_usd: 20 },
  { name: 'own', period: 'day', limit_usd: 10 },
]

/** A response with the given cost; output of Opus 4.8 costs 25 dollars per million tokens. */
const spent = (dollars: number): string =>
  lines(line(`msg_${dollars}/r o48 0/${dollars * 40_000}`, { line: { timestamp: new Date().toISOString() } }))

it('a fleet has separate machines, a sum for the team, and alerts that name machine and user', async (context) => {
  const configFile = join(folder, 'exporter.yaml')
  writeFileSync(configFile, JSON.stringify({ timezone: timeZone, budgets: BUDGETS }))
  const central = await startPrometheus(context, {
    program: PROMETHEUSES[1],
    folder,
    ruleFiles: impatientRules(folder),
    flags: ['--web.enable-remote-write-receiver'],
  })
  for (const [host, user, dollars] of [
    ['laptop-1', 'ada', 4],
    ['laptop-2', 'eve', 9],
  ] as const) {
    const configDir = plant(mkdtempSync(join(folder, 'config-')), { 'a/a.jsonl': spent(dollars) })
    const exporter = await serve([configDir], { flags: [`--config.file=${configFile}`] })
    onTestFinished(async () => {
      await exporter.stop()
    })
    const env = { HOST: host, USER: user, TEAM: 'web' }
    await startAgent(context, { folder, exporter: exporter.url, receiver: central.url, env })
  }

  const values = async (expr: string): Promise<unknown[]> =>
    (await central.query(expr)).map(({ labels, points }) => ({ ...labels, value: points[0]!.value }))
  const machine = (instance: string, user: string) => ({ job: 'agent-usage', instance, user, team: 'web' })
  await expect
    .poll(() => values('sort(agent_usage_budget_spent_usd{budget="own"} + 0)'), SOON)
    .toEqual([
      { ...machine('laptop-1', 'ada'), budget: 'own', period: 'day', value: 4 },
      { ...machine('laptop-2', 'eve'), budget: 'own', period: 'day', value: 9 },
    ])
  await expect
    .poll(() => values('budget:agent_usage_budget_spent_usd:sum{budget="team"} + 0'), SOON)
    .toEqual([{ budget: 'team', period: 'day', value: 13 }])
  expect(await values('count(count by (id) (agent_usage_exporter_instance_info))')).toEqual([{ value: 2 }])

  const alerts = async (): Promise<unknown> => {
    const response = await fetch(`${central.url}/api/v1/alerts`)
    const { data } = (await response.json()) as {
      data: { alerts: { state: string; annotations: { description: string } }[] }
    }
    return data.alerts
      .filter(({ state }) => state === 'firing')
      .map(({ annotations }) => annotations.description)
      .sort()
  }
  await expect
    .poll(alerts, SOON)
    .toEqual([
      'All machines together spent $13.00 since the day began. The limit is $20.',
      'laptop-2 of eve spent $9.00 since the day began. The limit is $10.',
    ])
})

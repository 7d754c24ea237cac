// From a log line to a notification: a budget is exceeded, and Alertmanager sends the alert to its receiver.
import { appendFileSync, mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { grafanaFolder } from '../grafana/boards.js'
import { ruleFiles } from '../grafana/expressions.js'
import { startAlertmanager } from '../support/alertmanager.js'
import { line, lines } from '../support/line.js'
import { noon } from '../support/noon.js'
import { serve } from '../support/program.js'
import { PROMETHEUSES, SOON, impatientRules, rulesApartFromDelays, startPrometheus } from '../support/prometheus.js'
import { plant, temporaryFolder } from '../support/tree.js'

const folder = temporaryFolder()
const { timeZone } = noon(Date.now())

/** A response with the given cost; output of Opus 4.8 costs 25 dollars per million tokens. */
const spend = (id: string, project: string, dollars: number): string =>
  lines(
    line(`msg_${id}/r${id} o48 0/${dollars * 40_000}`, {
      line: { cwd: `/w/${project}`, timestamp: new Date().toISOString() },
    }),
  )

it('the rules in tests differ from the shipped ones only in their delays', () => {
  impatientRules(folder).forEach((copy, index) => {
    const shipped = `${grafanaFolder}rules/${ruleFiles[index]!}.yaml`
    expect(rulesApartFromDelays(copy)).toEqual(rulesApartFromDelays(shipped))
  })
})

it.for(PROMETHEUSES)('%s sends an alert with numbers for a spent budget, and resolves it', async (program, context) => {
  const configDir = plant(mkdtempSync(join(folder, 'config-')), {
    'a/shop.jsonl': spend('1', 'shop', 6),
    'a/blog.jsonl': spend('2', 'blog', 4.99),
  })
  const configFile = join(folder, 'exporter.yaml')
  const limit = (usd: number): void => {
    const of = (project: string) => ({ name: project, period: 'day', limit_usd: usd, match: { project } })
    writeFileSync(configFile, JSON.stringify({ timezone: timeZone, budgets: [of('shop'), of('blog')] }))
  }
  limit(10)
  const exporter = await serve([configDir], { flags: [`--config.file=${configFile}`] })
  onTestFinished(async () => {
    await exporter.stop()
  })
  const alertmanager = await startAlertmanager(context, folder)
  const prometheus = await startPrometheus(context, {
    program,
    folder,
    exporter: exporter.url,
    ruleFiles: impatientRules(folder),
    alertmanager: alertmanager.url,
  })

  // With such short delays, an alert about a missing exporter may fire before the first scrape.
  const received = () =>
    alertmanager.received.filter(({ groupLabels }) => groupLabels['alertname'] === 'AgentUsageBudgetSpent')
  const instance = new URL(exporter.url).host
  const told = (severity: string, says: object) =>
    expect.objectContaining({
      status: 'firing',
      groupLabels: { alertname: 'AgentUsageBudgetSpent', budget: 'shop' },
      // The group may also contain resolved alerts of a lower severity.
      alerts: expect.arrayContaining([
        expect.objectContaining({
          status: 'firing',
          labels: {
            alertname: 'AgentUsageBudgetSpent',
            severity,
            budget: 'shop',
            period: 'day',
            limit: '10',
            instance,
            job: 'agent-usage',
          },
          annotations: expect.objectContaining(says) as unknown,
        }),
      ]) as unknown,
    }) as unknown
  const half = {
    summary: 'Budget shop: $6.00 of $10 spent this day',
    description: `${instance} spent $6.00 since the day began. The limit is $10.`,
  }
  await expect.poll(() => received().at(-1), SOON).toEqual(told('info', half))

  appendFileSync(join(configDir, 'projects/a/shop.jsonl'), spend('3', 'shop', 4.5))
  const whole = {
    summary: 'Budget shop: $10.50 of $10 spent this day',
    description: `${instance} spent $10.50 since the day began. The limit is $10.`,
  }
  await expect.poll(() => received().at(-1), SOON).toEqual(told('critical', whole))
  // Only one severity fires at a time.
  const firing = 'count(ALERTS{alertname="AgentUsageBudgetSpent",alertstate="firing"})'
  const most = await prometheus.query(`max_over_time(${firing}[5m:1s])`)
  expect(most.map(({ points }) => points[0]!.value)).toEqual([1])

  limit(100)
  await expect.poll(() => received().at(-1)?.status, SOON).toBe('resolved')
  // No alert was sent for 49.9 % of a budget.
  const budgets = received().flatMap(({ alerts }) => alerts.map(({ labels }) => labels['budget']))
  expect(new Set(budgets)).toEqual(new Set(['shop']))
})

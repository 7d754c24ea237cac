// Budgets in a real Prometheus while logs grow, arrive late and are copied: every value is the one that the reference
// calculates from the same logs, with no other value in between.
import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { reference } from '../reference/reference.js'
import { line, lines } from '../support/line.js'
import { noon } from '../support/noon.js'
import { serve } from '../support/program.js'
import { SOON, startPrometheus, type Prometheus } from '../support/prometheus.js'
import { plant, temporaryFolder } from '../support/tree.js'

const folder = temporaryFolder()
const nowMs = Date.now()
const { timeZone, starts } = noon(nowMs)

/** Budgets, each with a pattern for the series of the reference that it counts. */
const BUDGETS = [
  { name: 'everything', period: 'month', counts: /./ },
  { name: 'shops', period: 'week', match: { project: '*-shop' }, counts: /-shop \| / },
  {
    name: 'opus',
    period: 'day',
    match: { model: '*opus*', project: ['north*', 'blog'] },
    counts: /^(north.*|blog) \| .*opus/,
  },
] as const

const response = (id: string, project: string, counts: string, timeMs: number): string =>
  lines(
    line(`msg_${id}/r${id} ${counts}`, {
      line: { cwd: `/w/${project}`, timestamp: new Date(timeMs).toISOString() },
    }),
  )

/** Lines in the order in which they are written, and their files. */
const GROWTH: readonly (readonly [file: string, text: string])[] = [
  ['north', response('1', 'north-shop', 'o48 10/400/0/0/1000', nowMs)],
  // The same response with more output; a later entry copies it to another file.
  ['north', response('1', 'north-shop', 'o48 10/9000/0/0/1000', nowMs)],
  ['south', response('2', 'south-shop', 's5 2000/700/500/90/0', starts.week)],
  ['north-fork', response('1', 'north-shop', 'o48 10/9000/0/0/1000', nowMs)],
  ['blog', response('3', 'blog', 'o48 1/20000', starts.day)],
  // Late responses, each one millisecond before the start of a period.
  ['blog', response('4', 'blog', 'o48 1/30000', starts.day - 1)],
  ['south', response('5', 'south-shop', 'o48 1/40000', starts.week - 1)],
  ['blog', response('6', 'blog', 'o48 1/50000', starts.month - 1)],
  ['blog', response('7', 'blog', 's5 1/60000', nowMs)],
]

it('the spend of each budget always equals the reference', async (context) => {
  const configDir = plant(join(folder, 'config'), {
    'a/north.jsonl': response('0', 'north-shop', 'o48 500/500', starts.month),
  })
  const configFile = join(folder, 'exporter.yaml')
  const budgets = BUDGETS.map((budget) => ({ ...budget, counts: undefined, limit_usd: 100 }))
  writeFileSync(configFile, JSON.stringify({ timezone: timeZone, budgets }))
  const expected = (): Record<string, number> =>
    Object.fromEntries(
      BUDGETS.map(({ name, period, counts }) => {
        const { perProjectModel } = reference([configDir], { nowMs, fromMs: starts[period] })
        const counted = [...perProjectModel].filter(([series]) => counts.test(series))
        return [name, counted.reduce((sum, [, { costUsd }]) => sum + nanos(costUsd), 0)]
      }),
    )

  const exporter = await serve([configDir], { flags: [`--config.file=${configFile}`] })
  onTestFinished(async () => {
    await exporter.stop()
  })
  const prometheus = await startPrometheus(context, { folder, exporter: exporter.url })
  const steps = [expected()]
  await expect.poll(() => spent(prometheus), SOON).toEqual(steps[0])
  for (const [file, text] of GROWTH) {
    appendFileSync(join(configDir, `projects/a/${file}.jsonl`), text)
    steps.push(expected())
    await expect.poll(() => spent(prometheus), SOON).toEqual(steps.at(-1))
  }

  const seen = await prometheus.query('agent_usage_budget_spent_usd[10m]')
  expect(seen).toHaveLength(BUDGETS.length)
  for (const { labels, points } of seen) {
    const values = points.map(({ value }) => nanos(value))
    expect(changesOf(values), labels['budget']).toEqual(changesOf(steps.map((step) => step[labels['budget']!]!)))
  }
  // It also equals the sum over the period costs of its projects.
  const difference = `agent_usage_budget_spent_usd{budget="shops"}
    - on () sum(agent_usage_period_cost_usd{period="week",project=~".*-shop"})`
  expect((await prometheus.query(`round(${difference}, 1e-9)`)).map(({ points }) => points[0]!.value)).toEqual([0])
})

async function spent(prometheus: Prometheus): Promise<Record<string, number>> {
  const series = await prometheus.query('agent_usage_budget_spent_usd')
  return Object.fromEntries(series.map(({ labels, points }) => [labels['budget']!, nanos(points[0]!.value)] as const))
}

/** Costs are counted in whole nano-dollars. */
function nanos(dollars: number): number {
  return Math.round(dollars * 1e9)
}

/** Values without consecutive repetitions. */
function changesOf(values: readonly number[]): number[] {
  return values.filter((value, index) => value !== values[index - 1])
}

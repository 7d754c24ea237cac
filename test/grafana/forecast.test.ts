// Forecasts of the month and of budgets: the board's expressions, evaluated by promtool, must equal the page's `forecast`.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { forecast } from '../../src/core/totals/forecast.js'
import { PROMTOOLS, run } from '../support/tool.js'
import { temporaryFolder } from '../support/tree.js'
import { expressions } from './expressions.js'

const folder = temporaryFolder()

const HOUR_MS = 3_600_000
/** January 1970, whose first day is a Thursday. */
const MONTH = { fromMs: 0, toMs: 31 * 24 * HOUR_MS }
const WEEK = { fromMs: 4 * 24 * HOUR_MS, toMs: 11 * 24 * HOUR_MS }

interface Machine {
  readonly instance: string
  /** Hours by which its days begin earlier than UTC days. */
  readonly ahead: number
  readonly usd: number
  /** Hours for which it was scraped before it went to sleep. */
  readonly hours: number
}

const MACHINES: readonly Machine[] = [
  { instance: 'utc', ahead: 0, usd: 50, hours: 300 },
  { instance: 'auckland', ahead: 13, usd: 20, hours: 300 },
  { instance: 'asleep', ahead: 0, usd: 5, hours: 200 },
]

const series = MACHINES.flatMap(({ instance, ahead, usd, hours }) => {
  const of = (metric: string, own: string, value: number) => ({
    series: `${metric}{job="agents",instance="${instance}",${own}}`,
    values: `${value}x${hours}`,
  })
  const periods = [
    ['week', WEEK],
    ['month', MONTH],
  ] as const
  return [
    of('agent_usage_exporter_instance_info', `id="${instance}"`, 1),
    ...periods.flatMap(([period, { fromMs }]) => [
      of('agent_usage_period_start_timestamp_seconds', `period="${period}"`, fromMs / 1000 - ahead * 3600),
      of('agent_usage_budget_spent_usd', `budget="${period}ly",period="${period}"`, usd),
    ]),
    of('agent_usage_period_cost_usd', 'period="month",agent="codex",project="shop",model="m"', usd),
    of('agent_usage_budget_spent_usd', 'budget="daily",period="day"', usd),
  ]
})

/** Sum of the machines' own forecasts; undefined if none has one. */
function expected(period: 'week' | 'month', atHours: number): number | undefined {
  const { fromMs, toMs } = period === 'week' ? WEEK : MONTH
  const each = MACHINES.map(({ ahead, usd }) => {
    const off = ahead * HOUR_MS
    return forecast(usd, period, { fromMs: fromMs - off, toMs: toMs - off }, atHours * HOUR_MS)
  }).filter((usd) => usd !== null)
  return each.length === 0 ? undefined : each.reduce((sum, usd) => sum + usd, 0)
}

const rounded = (usd: number): number => Math.round(usd * 100) / 100
const panel = (place: string): string => `round(${expressions().find((one) => one.place === place)!.expr}, 0.01)`
const MONTH_END = panel('spend.json: Month-end forecast A')
const BUDGETS = panel('spend.json: Budgets E')

/** Hours of evaluation. On the first day, only in Auckland has a whole day passed. */
const MONTHS = [10, 23, 24, 60, 167, 230, 260] as const
const WEEKS = [130, 200, 230, 245] as const

it.for(PROMTOOLS)('%s: the forecasts of the board equal those of the page', (promtool, context) => {
  const ofMonths = MONTHS.map((hours) => {
    const usd = expected('month', hours)
    const samples = usd === undefined ? [] : [{ labels: '{}', value: rounded(usd) }]
    return { expr: MONTH_END, eval_time: `${hours}h`, exp_samples: samples }
  })
  const ofBudgets = WEEKS.map((hours) => ({
    expr: BUDGETS,
    eval_time: `${hours}h`,
    exp_samples: (['week', 'month'] as const).map((period) => ({
      labels: `{budget="${period}ly",period="${period}"}`,
      value: rounded(expected(period, hours)!),
    })),
  }))
  expect(ofMonths.map(({ exp_samples }) => exp_samples.length)).toEqual([0, 1, 1, 1, 1, 1, 1])
  const place = mkdtempSync(join(folder, 'forecast-'))
  const tests = [{ interval: '1h', input_series: series, promql_expr_test: [...ofMonths, ...ofBudgets] }]
  writeFileSync(join(place, 'forecast.yaml'), JSON.stringify({ rule_files: [], evaluation_interval: '1h', tests }))
  expect(run(context, promtool, ['test', 'rules', 'forecast.yaml'], place)).toEqual({
    status: 0,
    says: expect.stringContaining('SUCCESS') as string,
  })
})

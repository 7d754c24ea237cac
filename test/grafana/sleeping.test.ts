// Boards of machines that sleep, were renamed or share a name: their expressions, evaluated by promtool. They use no
// recording rules, but give the same values (grafana/rules/tests/team.yaml).
import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { PROMTOOLS, run } from '../support/tool.js'
import { temporaryFolder } from '../support/tree.js'
import { expressions } from './expressions.js'

const folder = temporaryFolder()

interface Machine {
  /** Labels of the scrape. */
  readonly labels: string
  readonly id: string
  /** Values and the number of ten-minute steps with each; none while it sleeps. Time starts on Thursday, 1 January 1970. */
  readonly said: readonly (readonly [steps: number, what?: { readonly weekStart: number; readonly usd: number }])[]
}

const THIS_WEEK = -259_200
const NEXT_WEEK = 345_600
const thisWeek = (usd: number) => ({ weekStart: THIS_WEEK, usd })
const MACHINES: readonly Machine[] = [
  // Asleep from Friday, 18:00; `a` is back on Monday, 09:00.
  { labels: 'instance="a"', id: '1', said: [[253, thisWeek(600)], [377], [30, { weekStart: NEXT_WEEK, usd: 10 }]] },
  { labels: 'instance="b"', id: '2', said: [[253, thisWeek(550)]] },
  // Renamed on Friday, 17:00; both names are scraped for half an hour.
  { labels: 'instance="old"', id: '3', said: [[250, thisWeek(4)]] },
  { labels: 'instance="new"', id: '3', said: [[246], [7, thisWeek(4)]] },
  // These two differ only in the user.
  { labels: 'instance="127.0.0.1:9853",user="ada"', id: '4', said: [[253, thisWeek(1)]] },
  { labels: 'instance="127.0.0.1:9853",user="eve"', id: '5', said: [[253, thisWeek(2)]] },
]

const series = MACHINES.flatMap(({ labels, id, said }) => {
  const of = (metric: string, own: readonly string[], value: (what: { weekStart: number; usd: number }) => number) => ({
    series: `${metric}{${['job="agents"', labels, ...own].join(',')}}`,
    // promtool's notation: `1x3` is four samples, `_x3` three missing ones.
    values: said.map(([steps, what]) => (what === undefined ? `_x${steps}` : `${value(what)}x${steps - 1}`)).join(' '),
  })
  return [
    of('agent_usage_exporter_instance_info', [`id="${id}"`], () => 1),
    of('agent_usage_exporter_build_info', ['version="1"', 'node="v24"', 'backend="wasm"'], () => 1),
    of('agent_usage_exporter_store_up', [], () => 1),
    of('agent_usage_period_start_timestamp_seconds', ['period="week"'], ({ weekStart }) => weekStart),
    of(
      'agent_usage_period_cost_usd',
      ['period="week"', 'agent="claude-code"', 'project="shop"', 'model="m"'],
      ({ usd }) => usd,
    ),
    of('agent_usage_budget_spent_usd', ['budget="team"', 'period="week"'], ({ usd }) => usd),
    of('agent_usage_budget_limit_usd', ['budget="team"', 'period="week"'], () => 1000),
  ]
})

const panel = (place: string): string => expressions().find((one) => one.place === place)!.expr
const one = (value: number, labels = '{}') => [{ labels, value }]
const TEAM = '{budget="team",period="week"}'
const EXPECTED = [
  ['spend.json: This week A', '2490m', one(1157)],
  ['spend.json: This week A', '90h', one(1157)],
  // Monday: nothing at 00:00 and 08:00, and the spend of one machine from 09:00 on.
  ['spend.json: This week A', '96h', one(0)],
  ['spend.json: This week A', '104h', one(0)],
  ['spend.json: This week A', '105h', one(10)],
  // Spent, limit, share and left.
  ['spend.json: Budgets A', '90h', one(1157, TEAM)],
  ['spend.json: Budgets B', '90h', one(1000, TEAM)],
  ['spend.json: Budgets C', '90h', one(1.157, TEAM)],
  ['spend.json: Budgets D', '90h', one(-157, TEAM)],
  ['spend.json: Budgets A', '104h', one(0, TEAM)],
  ['spend.json: Budgets C', '104h', one(0, TEAM)],
  ['spend.json: Budgets D', '105h', one(990, TEAM)],
  // On Thursday at noon, half of the week has passed. The next week has just begun, so it has no forecast.
  ['spend.json: Budgets E', '12h', one(2314, TEAM)],
  ['spend.json: Budgets E', '104h', []],
  ['spend.json: Budgets E', '105h', []],
  [
    'spend.json: Spend by machine B',
    '90h',
    [
      { labels: '{instance="a"}', value: 600 },
      { labels: '{instance="b"}', value: 550 },
      { labels: '{instance="new"}', value: 4 },
      { labels: '{instance="127.0.0.1:9853",user="ada"}', value: 1 },
      { labels: '{instance="127.0.0.1:9853",user="eve"}', value: 2 },
    ],
  ],
  // Whether the state is kept.
  [
    'exporter.json: Exporters C',
    '41h',
    ['a"', 'b"', 'new"', 'old"', '127.0.0.1:9853",user="ada"', '127.0.0.1:9853",user="eve"'].map((labels) => ({
      labels: `{instance="${labels},version="1",node="v24",backend="wasm"}`,
      value: 1,
    })),
  ],
] as const

it.for(PROMTOOLS)('%s: the boards count each machine once, and only in its own period', (promtool, context) => {
  const place = mkdtempSync(join(folder, 'panels-'))
  const tests = EXPECTED.map(([title, time, samples]) => ({
    expr: panel(title),
    eval_time: time,
    exp_samples: samples,
  }))
  const file = {
    rule_files: [],
    evaluation_interval: '10m',
    tests: [{ interval: '10m', input_series: series, promql_expr_test: tests }],
  }
  writeFileSync(join(place, 'panels.yaml'), JSON.stringify(file))
  expect(run(context, promtool, ['test', 'rules', 'panels.yaml'], place)).toEqual({
    status: 0,
    says: expect.stringContaining('SUCCESS') as string,
  })
})

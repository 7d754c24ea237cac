// Every expression of every panel and rule, and of the README, runs on a real Prometheus and shows something of the demo.
import { expect, it, onTestFinished } from 'vitest'
import { expressions, type Expression } from '../grafana/expressions.js'
import { grafanaFolder } from '../grafana/boards.js'
import { serveDemo } from '../support/program.js'
import { PROMETHEUSES, SOON, impatientRules, startPrometheus } from '../support/prometheus.js'
import { temporaryFolder } from '../support/tree.js'

const folder = temporaryFolder()

/** What shows nothing in the first minute; alerts apart, which show something when something is wrong. */
const LATER: readonly { readonly place: string; readonly part: string; readonly why: string }[] = [
  {
    place: 'spend.json: Cost per hour, by project B',
    part: 'unless',
    why: 'the rest beyond the dearest: the demo has no more projects than the graph has curves',
  },
  {
    place: 'spend.json: Cost per hour, by model B',
    part: 'unless',
    why: 'the rest beyond the dearest: the demo has no more models than the graph has curves',
  },
  {
    place: 'spend.yaml: instance:agent_usage_period_end_timestamp_seconds:latest',
    part: '[3d:10m]',
    why: 'looks at whole ten minutes, of which none was seen',
  },
  {
    place: 'spend.yaml: instance:agent_usage_budget_spent_usd:increase',
    part: '[1441m:5m]',
    why: 'looks at whole five minutes, of which none was seen',
  },
  {
    place: 'spend.yaml: instance:agent_usage_today_cost_usd:avg_weekday4w',
    part: 'offset 1w',
    why: 'needs last week',
  },
  { place: 'spend.yaml: instance:agent_usage_today_cost_usd:avg4w', part: 'offset 1d', why: 'needs yesterday' },
  {
    place: 'spend.yaml: project:agent_usage_cost_usd:avg_busy_hour1w',
    part: 'offset 1h',
    why: 'needs the hour before',
  },
  {
    place: 'exporter.yaml: instance:agent_usage_exporter_duplicate_lines:ratio1d',
    part: '[1d:1h]',
    why: 'looks at whole hours, of which none was seen',
  },
]
const excuses = ({ place, expr }: Expression) => LATER.filter((one) => one.place === place && expr.includes(one.part))

it.for(PROMETHEUSES)('run on %s, and show something of the demo', async (program, context) => {
  const exporter = await serveDemo(`--config.file=${grafanaFolder}config/exporter.yaml`)
  onTestFinished(async () => {
    await exporter.stop()
  })
  const prometheus = await startPrometheus(context, {
    program,
    folder,
    exporter: exporter.url,
    ruleFiles: impatientRules(folder),
  })
  const isEmpty = async ({ expr, range }: Expression): Promise<boolean> => {
    const series = await (range ? prometheus.queryHour(expr) : prometheus.query(expr))
    return series.every(({ points }) => points.every(({ value }) => Number.isNaN(value)))
  }

  const all = expressions()
  // All must run, the excused too.
  await Promise.all(all.map(isEmpty))
  let empty = all.filter((one) => one.kind !== 'alert' && excuses(one).length === 0)
  const stillEmpty = async (): Promise<string[]> => {
    const looked = await Promise.all(empty.map(isEmpty))
    empty = empty.filter((_, index) => looked[index])
    return empty.map(({ place, expr }) => `${place}: ${expr}`)
  }
  expect(empty.length).toBeGreaterThan(all.length / 2)
  await expect.poll(stillEmpty, SOON).toEqual([])
})

it('are excused one by one', () => {
  for (const { place, part } of LATER) {
    expect(
      expressions().filter((one) => one.place === place && one.expr.includes(part)),
      place,
    ).toHaveLength(1)
  }
})

// Every expression of every panel, of every rule and of the README runs on a real Prometheus and returns samples of the demo,
// scraped or pushed.
import { hostname } from 'node:os'
import { expect, it, onTestFinished, type TestContext } from 'vitest'
import { expressions, type Expression } from '../grafana/expressions.js'
import { boardNames, grafanaFolder, readBoard } from '../grafana/boards.js'
import { noon } from '../support/noon.js'
import { serveDemo, type Served } from '../support/program.js'
import {
  PROMETHEUSES,
  SOON,
  impatientRules,
  startPrometheus,
  type Prometheus,
  type Series,
} from '../support/prometheus.js'
import { RECEIVERS } from '../support/receivers.js'
import { temporaryFolder } from '../support/tree.js'

const folder = temporaryFolder()
const { timeZone, starts } = noon(Date.now())

/** Expressions without samples in the first minute, besides alerts, which have samples only if something is wrong. */
const LATER: readonly { readonly place: string; readonly part: string; readonly why: string }[] = [
  ...['Month-end forecast A', 'Budgets E'].map((title) => ({
    place: `spend.json: ${title}`,
    part: '>= 86400',
    why: 'there is no forecast on the first day of a month',
  })),
  {
    place: 'spend.json: Cost told by the logs A',
    part: 'agent_usage_logged_cost_usd_total',
    why: 'the logs of the demo state no cost',
  },
  {
    place: 'spend.yaml: instance:agent_usage_period_end_timestamp_seconds:latest',
    part: '[3d:10m]',
    why: 'needs a whole interval of ten minutes',
  },
  {
    place: 'spend.yaml: instance:agent_usage_budget_spent_usd:increase',
    part: '[1441m:5m]',
    why: 'needs a whole interval of five minutes',
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
    why: 'needs a whole hour',
  },
]
const excuses = ({ place, expr }: Expression) => LATER.filter((one) => one.place === place && expr.includes(one.part))

/** Panels of rare events have no samples of the demo; without their filter they show 0. */
const evenNone = (one: Expression): Expression =>
  one.kind === 'panel' ? { ...one, expr: one.expr.replace(/ > 0$/, '') } : one

/** Metrics of the process and of a scrape, which pushes do not have. */
const NOT_PUSHED = /\b(?:process|nodejs)_|\bup\b/

type Database = Pick<Prometheus, 'query' | 'queryHour'>

async function demo(...flags: readonly string[]): Promise<Served> {
  const settings = [`--config.file=${grafanaFolder}config/exporter.yaml`, `--timezone=${timeZone}`]
  const exporter = await serveDemo(...settings, ...flags)
  onTestFinished(async () => {
    await exporter.stop()
  })
  return exporter
}

/** All expressions must run; the `wanted` ones must return samples soon. */
async function expectSomething(database: Database, wanted: (one: Expression) => boolean): Promise<void> {
  const isEmpty = async ({ expr, range, daily }: Expression): Promise<boolean> => {
    const midnight = daily === true ? starts.day / 1000 : undefined
    const series = await (range && midnight === undefined ? database.queryHour(expr) : database.query(expr, midnight))
    return series.every(({ points }) => points.every(({ value }) => Number.isNaN(value)))
  }
  const all = expressions()
  await Promise.all(all.map(isEmpty))
  let empty = all.filter((one) => one.kind !== 'alert' && excuses(one).length === 0 && wanted(one)).map(evenNone)
  const stillEmpty = async (): Promise<string[]> => {
    const looked = await Promise.all(empty.map(isEmpty))
    empty = empty.filter((_, index) => looked[index])
    return empty.map(({ place, expr }) => `${place}: ${expr}`)
  }
  expect(empty.length).toBeGreaterThan(all.filter(({ kind }) => kind === 'panel').length / 2)
  await expect.poll(stillEmpty, SOON).toEqual([])
}

/** Options of the variable for machines, made from the query result like Grafana makes them: text and value. */
async function machines(database: Database, board: (typeof boardNames)[number]): Promise<(readonly string[])[]> {
  const { regex } = readBoard(board).templating.list.find(({ name }) => name === 'instance')!
  const { expr } = expressions().find(({ place }) => place === `${board}.json: variable instance`)!
  const [, pattern, flags] = /^\/(.*)\/(\w*)$/.exec(regex!)!
  const lineOf = ({ labels, points: [point] }: Series): string =>
    `{${Object.entries(labels)
      .map(([label, value]) => `${label}="${value}"`)
      .join(',')}} ${point!.value} ${point!.seconds}`
  return (await database.query(expr)).map((series) => {
    const matches = [...lineOf(series).matchAll(new RegExp(pattern!, flags))]
    const group = (name: string): string | undefined => matches.find(({ groups }) => groups?.[name])?.groups?.[name]
    return [group('text') ?? group('value')!, group('value')!]
  })
}

it.for(PROMETHEUSES)('every expression on %s returns samples of the scraped demo', async (program, context) => {
  const exporter = await demo()
  const rules = impatientRules(folder)
  const prometheus = await startPrometheus(context, { program, folder, exporter: exporter.url, ruleFiles: rules })
  await expectSomething(prometheus, () => true)
  const { host } = new URL(exporter.url)
  for (const board of boardNames) expect(await machines(prometheus, board)).toEqual([[host, host]])
})

/** Starts a Prometheus that promotes no resource attribute to a label. */
async function startPlain(context: TestContext, place: string, ruleFiles: readonly string[]) {
  const flags = ['--web.enable-otlp-receiver']
  const prometheus = await startPrometheus(context, { program: PROMETHEUSES[1], folder: place, ruleFiles, flags })
  return { ...prometheus, endpoint: `${prometheus.url}/api/v1/otlp` }
}

it.for([
  { receiver: 'Prometheus 3', start: RECEIVERS['Prometheus 3']!, named: true, runsRules: true },
  { receiver: 'Prometheus 3 without names of machines', start: startPlain, named: false, runsRules: true },
  { receiver: 'VictoriaMetrics', start: RECEIVERS['VictoriaMetrics']!, named: true, runsRules: false },
])('every expression returns samples of the demo pushed to $receiver', async ({ start, named, runsRules }, context) => {
  const receiver = await start(context, folder, impatientRules(folder))
  const exporter = await demo(`--otlp.endpoint=${receiver.endpoint}`, '--otlp.interval=1s')
  const ofRules = ({ kind, expr }: Expression): boolean =>
    kind === 'record' || kind === 'annotation' || /\bALERTS\b|\w:\w/.test(expr)
  await expectSomething(receiver, (one) => !NOT_PUSHED.test(one.expr) && (runsRules || !ofRules(one)))
  const [, uuid = ''] = /instance_info\{id="([^"]+)"\}/.exec(await exporter.scrape())!
  for (const board of boardNames) expect(await machines(receiver, board)).toEqual([[named ? hostname() : uuid, uuid]])
})

it('every exception matches exactly one expression', () => {
  for (const { place, part } of LATER) {
    expect(
      expressions().filter((one) => one.place === place && one.expr.includes(part)),
      place,
    ).toHaveLength(1)
  }
})

// The cost of each day on the board: its expressions, evaluated by promtool, for machines that sleep, were renamed, are in
// another time zone, have a wrong clock, or were backfilled. Sums are rounded to half a dollar, since counters are extrapolated.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { PROMTOOLS, run } from '../support/tool.js'
import { temporaryFolder } from '../support/tree.js'
import { expressions } from './expressions.js'

const folder = temporaryFolder()

/** Scrapes are five minutes apart; time starts on 1 January 1970. */
const STEPS = 288
const DAYS = 3
const HOUR = 3_600

interface Reported {
  /** Cost of the exporter's own day; undefined for a backfilled series. */
  readonly today?: number
  readonly counter: number
  /** Hours after midnight UTC at which the exporter's day began. */
  readonly dayBegan?: number
}

interface Machine {
  readonly labels: string
  readonly id: string
  readonly project: string
  /** Values at a number of hours after 1 January; undefined while the machine is not scraped. */
  readonly reports: (hours: number) => Reported | undefined
}

/** Linear growth by `usd` between two hours. */
const growth = (usd: number, hours: number, from: number, to: number): number =>
  usd * Math.min(1, Math.max(0, (hours - from) / (to - from)))
/** Hour at which the UTC day began. */
const dayOf = (hours: number): number => 24 * Math.floor(hours / 24)

const MACHINES: readonly Machine[] = [
  {
    // First scraped at noon of the first day, with 5 dollars spent; spends 3 more. Asleep from 18:00 on the second day.
    labels: 'instance="a"',
    id: '1',
    project: 'sleeps',
    reports: (hours) => {
      if (hours < 12 || (hours >= 42 && hours < 55)) return undefined
      const [first, second] = [growth(3, hours, 13, 20), growth(10, hours, 30, 40)]
      return {
        dayBegan: dayOf(hours),
        today: hours < 24 ? 5 + first : hours < 48 ? second : 0,
        counter: 95 + first + second,
      }
    },
  },
  // Renamed at noon of the second day; the series of the new name include the whole day.
  {
    labels: 'instance="old"',
    id: '2',
    project: 'renamed',
    reports: (hours) =>
      hours >= 36
        ? undefined
        : { dayBegan: dayOf(hours), today: growth(4, hours, 25, 30), counter: 50 + growth(4, hours, 25, 30) },
  },
  {
    labels: 'instance="new"',
    id: '2',
    project: 'renamed',
    reports: (hours) =>
      hours < 36 || hours >= 48
        ? undefined
        : { dayBegan: 24, today: 4 + growth(2, hours, 37, 40), counter: 54 + growth(2, hours, 37, 40) },
  },
  {
    // Its days begin an hour before UTC days. It spends 7 dollars on the second UTC day, 2 of them after its own second day.
    labels: 'instance="berlin"',
    id: '3',
    project: 'berlin',
    reports: (hours) => {
      const [own, next] = [growth(5, hours, 25, 46), growth(2, hours, 47, 47.5)]
      return {
        dayBegan: dayOf(hours + 1) - 1,
        today: hours < 23 ? 0 : hours < 47 ? own : next,
        counter: 30 + own + next,
      }
    },
  },
  {
    // Its clock is three minutes slow: at midnight it still reports the day before.
    labels: 'instance="slow",user="ada"',
    id: '4',
    project: 'slow',
    reports: (hours) => {
      const own = hours - 0.05
      return {
        dayBegan: dayOf(own),
        today: own < 24 ? 9 : own < 48 ? growth(1, own, 30, 31) : 0,
        counter: 9 + growth(1, own, 30, 31),
      }
    },
  },
  // Backfilled: it has counters only.
  {
    labels: 'instance="d"',
    id: '5',
    project: 'backfilled',
    reports: (hours) => ({ counter: growth(6, hours, 25, 45) }),
  },
  {
    // Finds logs of several years on the second day; one dollar of them belongs to that day.
    labels: 'instance="e"',
    id: '6',
    project: 'found',
    reports: (hours) => ({
      dayBegan: dayOf(hours),
      today: hours < 24 || hours >= 48 ? 0 : growth(1, hours, 33, 34),
      counter: growth(500, hours, 33, 34),
    }),
  },
]

/** Small projects, enough that some are summed up as "all others". */
const SMALL: readonly Machine[] = Array.from({ length: 9 }, (_, n) => ({
  labels: 'instance="a"',
  id: '1',
  project: `small-${n}`,
  reports: (hours) => {
    const spent = growth((n + 1) / 10, hours, 26, 27)
    return hours < 12 || hours >= 42
      ? undefined
      : { dayBegan: dayOf(hours), today: hours < 24 ? 0 : spent, counter: spent }
  },
}))

function seriesOf(machines: readonly Machine[]): { series: string; values: string }[] {
  const of = (
    labels: string,
    metric: string,
    own: string,
    value: (reported: Reported) => number | undefined,
    reports: Machine['reports'],
  ) => ({
    series: `${metric}{job="agents",${labels},${own}}`,
    values: Array.from({ length: DAYS * STEPS }, (_, step) => {
      const reported = reports(step / 12)
      return (reported && value(reported)) ?? '_'
    }).join(' '),
  })
  const usage = machines.flatMap(({ labels, project, reports }) => {
    const own = `agent="claude-code",project="${project}",model="m"`
    return [
      of(labels, 'agent_usage_cost_usd_total', own, ({ counter }) => counter, reports),
      of(labels, 'agent_usage_period_cost_usd', `period="day",${own}`, ({ today }) => today, reports),
    ]
  })
  const alone = machines.filter(({ labels }, index) => machines.findIndex((other) => other.labels === labels) === index)
  const exporters = alone.flatMap(({ labels, id, reports }) => [
    of(
      labels,
      'agent_usage_exporter_instance_info',
      `id="${id}"`,
      ({ dayBegan }) => (dayBegan === undefined ? undefined : 1),
      reports,
    ),
    of(
      labels,
      'agent_usage_period_start_timestamp_seconds',
      'period="day"',
      ({ dayBegan }) => (dayBegan === undefined ? undefined : dayBegan * HOUR),
      reports,
    ),
  ])
  return [...usage, ...exporters].filter(({ values }) => /\d/.test(values))
}

/** The expression of a panel over its own time range. */
function panel(place: string): string {
  const { expr } = expressions().find((one) => one.place === `spend.json: ${place}`)!
  return `round(${expr.replaceAll('[3600s:', '[30d:')}, 0.5)`
}
const named = (costs: Readonly<Record<string, number>>) =>
  Object.entries(costs).map(([name, value]) => ({ labels: `{name="${name}"}`, value }))

const BY_PROJECT = `${panel('Spend by day, by project A')} > 0`
/** Costs at midnight of the board's time zone. */
const CASES = [
  // The first day includes the spend before the first scrape. `slow` reported its 9 dollars as of the day before.
  { machines: MACHINES, expr: BY_PROJECT, at: '0h', costs: named({ sleeps: 8, slow: 9 }) },
  {
    machines: MACHINES,
    expr: BY_PROJECT,
    at: '24h',
    costs: named({ sleeps: 10, renamed: 6, berlin: 7, slow: 1, backfilled: 6, found: 1 }),
  },
  { machines: MACHINES, expr: BY_PROJECT, at: '48h', costs: [] },
  // A board in Berlin: the exporter there reports its own day; for the others, the growth within that day counts.
  {
    machines: MACHINES,
    expr: BY_PROJECT,
    at: '23h',
    costs: named({ sleeps: 10, renamed: 6, berlin: 5, slow: 1, backfilled: 6, found: 500 }),
  },
  {
    machines: [...MACHINES, ...SMALL],
    expr: panel('Spend by day, by model A'),
    at: '24h',
    costs: named({ m: 35.5 }),
  },
  {
    machines: [...MACHINES, ...SMALL],
    expr: panel('Spend by day, by agent A'),
    at: '24h',
    costs: named({ 'claude-code': 35.5 }),
  },
  // 15 projects, of which six are shown separately.
  {
    machines: [...MACHINES, ...SMALL],
    expr: `sum by (name) (${panel('Spend by day, by project A')} and on (name) label_replace(vector(1), "name", "all others", "", ""))`,
    at: '24h',
    costs: named({ 'all others': 4.5 }),
  },
] as const

it.for(PROMTOOLS)(
  '%s: the board counts each day once, as its exporter reports it where that is known',
  (promtool, context) => {
    const place = mkdtempSync(join(folder, 'days-'))
    const tests = CASES.map(({ machines, expr, at, costs }) => ({
      interval: '5m',
      input_series: seriesOf(machines),
      // The last expression makes promtool load all samples.
      promql_expr_test: [
        { expr, eval_time: at, exp_samples: costs },
        { expr: 'vector(1)', eval_time: `${DAYS * 24}h`, exp_samples: [{ labels: '{}', value: 1 }] },
      ],
    }))
    const file = { rule_files: [], evaluation_interval: '1h', tests }
    writeFileSync(join(place, 'days.yaml'), JSON.stringify(file))
    expect(run(context, promtool, ['test', 'rules', 'days.yaml'], place)).toEqual({
      status: 0,
      says: expect.stringContaining('SUCCESS') as string,
    })
  },
)

// What the board says that each day cost: its expressions, as promtool judges them, for machines that sleep, were renamed,
// live in another zone, have a wrong clock, or were backfilled. Sums are rounded to half a dollar, as counters are extrapolated.
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

interface Said {
  /** Of the exporter's own day; undefined: of a series that is backfilled. */
  readonly today?: number
  readonly counter: number
  /** Hours after midnight UTC at which the exporter's day began. */
  readonly dayBegan?: number
}

interface Machine {
  readonly labels: string
  readonly id: string
  readonly project: string
  /** What it says so many hours after 1 January; undefined: nothing. */
  readonly says: (hours: number) => Said | undefined
}

/** Grows evenly by `usd` from one hour to another. */
const growth = (usd: number, hours: number, from: number, to: number): number =>
  usd * Math.min(1, Math.max(0, (hours - from) / (to - from)))
/** In UTC days. */
const dayOf = (hours: number): number => 24 * Math.floor(hours / 24)

const MACHINES: readonly Machine[] = [
  {
    // First scraped on the first day at noon, when it knew of 5 dollars; spends 3 more. Asleep from 18:00 on the second day.
    labels: 'instance="a"',
    id: '1',
    project: 'sleeps',
    says: (hours) => {
      if (hours < 12 || (hours >= 42 && hours < 55)) return undefined
      const [first, second] = [growth(3, hours, 13, 20), growth(10, hours, 30, 40)]
      return {
        dayBegan: dayOf(hours),
        today: hours < 24 ? 5 + first : hours < 48 ? second : 0,
        counter: 95 + first + second,
      }
    },
  },
  // Renamed on the second day at noon; the new name knows of the whole day.
  {
    labels: 'instance="old"',
    id: '2',
    project: 'renamed',
    says: (hours) =>
      hours >= 36
        ? undefined
        : { dayBegan: dayOf(hours), today: growth(4, hours, 25, 30), counter: 50 + growth(4, hours, 25, 30) },
  },
  {
    labels: 'instance="new"',
    id: '2',
    project: 'renamed',
    says: (hours) =>
      hours < 36 || hours >= 48
        ? undefined
        : { dayBegan: 24, today: 4 + growth(2, hours, 37, 40), counter: 54 + growth(2, hours, 37, 40) },
  },
  {
    // Its days begin an hour before those of UTC; it spends 7 dollars by UTC's second day, 2 of them after its own.
    labels: 'instance="berlin"',
    id: '3',
    project: 'berlin',
    says: (hours) => {
      const [own, next] = [growth(5, hours, 25, 46), growth(2, hours, 47, 47.5)]
      return {
        dayBegan: dayOf(hours + 1) - 1,
        today: hours < 23 ? 0 : hours < 47 ? own : next,
        counter: 30 + own + next,
      }
    },
  },
  {
    // Its clock is three minutes behind: at midnight it still tells of the day before.
    labels: 'instance="slow",user="ada"',
    id: '4',
    project: 'slow',
    says: (hours) => {
      const own = hours - 0.05
      return {
        dayBegan: dayOf(own),
        today: own < 24 ? 9 : own < 48 ? growth(1, own, 30, 31) : 0,
        counter: 9 + growth(1, own, 30, 31),
      }
    },
  },
  // Backfilled: counters alone.
  { labels: 'instance="d"', id: '5', project: 'backfilled', says: (hours) => ({ counter: growth(6, hours, 25, 45) }) },
  {
    // Finds logs of years on the second day; one dollar of them is of that day.
    labels: 'instance="e"',
    id: '6',
    project: 'found',
    says: (hours) => ({
      dayBegan: dayOf(hours),
      today: hours < 24 || hours >= 48 ? 0 : growth(1, hours, 33, 34),
      counter: growth(500, hours, 33, 34),
    }),
  },
]

/** With so many of these, some projects are among all others. */
const SMALL: readonly Machine[] = Array.from({ length: 9 }, (_, n) => ({
  labels: 'instance="a"',
  id: '1',
  project: `small-${n}`,
  says: (hours) => {
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
    value: (said: Said) => number | undefined,
    says: Machine['says'],
  ) => ({
    series: `${metric}{job="agents",${labels},${own}}`,
    values: Array.from({ length: DAYS * STEPS }, (_, step) => {
      const said = says(step / 12)
      return (said && value(said)) ?? '_'
    }).join(' '),
  })
  const usage = machines.flatMap(({ labels, project, says }) => {
    const own = `agent="claude-code",project="${project}",model="m"`
    return [
      of(labels, 'agent_usage_cost_usd_total', own, ({ counter }) => counter, says),
      of(labels, 'agent_usage_period_cost_usd', `period="day",${own}`, ({ today }) => today, says),
    ]
  })
  const alone = machines.filter(({ labels }, index) => machines.findIndex((other) => other.labels === labels) === index)
  const exporters = alone.flatMap(({ labels, id, says }) => [
    of(
      labels,
      'agent_usage_exporter_instance_info',
      `id="${id}"`,
      ({ dayBegan }) => (dayBegan === undefined ? undefined : 1),
      says,
    ),
    of(
      labels,
      'agent_usage_period_start_timestamp_seconds',
      'period="day"',
      ({ dayBegan }) => (dayBegan === undefined ? undefined : dayBegan * HOUR),
      says,
    ),
  ])
  return [...usage, ...exporters].filter(({ values }) => /\d/.test(values))
}

/** Over the time range that the panel has of its own. */
function panel(place: string): string {
  const { expr } = expressions().find((one) => one.place === `spend.json: ${place}`)!
  return `round(${expr.replaceAll('[3600s:', '[30d:')}, 0.5)`
}
const named = (costs: Readonly<Record<string, number>>) =>
  Object.entries(costs).map(([name, value]) => ({ labels: `{name="${name}"}`, value }))

const BY_PROJECT = `${panel('Spend by day, by project A')} > 0`
/** Of each board's midnight. */
const CASES = [
  // Of the first day, what was spent before the first scrape, too; but `slow` told of 9 dollars as of the day before.
  { machines: MACHINES, expr: BY_PROJECT, at: '0h', costs: named({ sleeps: 8, slow: 9 }) },
  {
    machines: MACHINES,
    expr: BY_PROJECT,
    at: '24h',
    costs: named({ sleeps: 10, renamed: 6, berlin: 7, slow: 1, backfilled: 6, found: 1 }),
  },
  { machines: MACHINES, expr: BY_PROJECT, at: '48h', costs: [] },
  // A board in Berlin: the exporter there tells of its own day, the others of how much they grew within.
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
  // 15 projects, of which six are told apart.
  {
    machines: [...MACHINES, ...SMALL],
    expr: `sum by (name) (${panel('Spend by day, by project A')} and on (name) label_replace(vector(1), "name", "all others", "", ""))`,
    at: '24h',
    costs: named({ 'all others': 4.5 }),
  },
] as const

it.for(PROMTOOLS)('%s: each day counts once, and as the exporter tells it where that is known', (promtool, context) => {
  const place = mkdtempSync(join(folder, 'days-'))
  const tests = CASES.map(({ machines, expr, at, costs }) => ({
    interval: '5m',
    input_series: seriesOf(machines),
    // The last one has promtool load all samples.
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
})

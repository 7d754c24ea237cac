// The board about money: what was spent, against which budget, on what, and what the cache did for it.
import { alternatives, board, choice, machineChoice, type Section } from './board.js'
import { MACHINE, columns } from './columns.js'
import { TELLS_APART, dailyCost } from './days.js'
import { UIDS, narrowed } from './links.js'
import { ALL_OTHERS, ESTIMATE, HALF, SIXTH, USD, days, lines, number, stacks } from './panels.js'
import { BUDGETS, MONTH_END, lastKnown, periodCost } from './periods.js'
import { cache, requests } from './spend-tokens.js'
import { USAGE, otherSpenders, pricePerSession, pricePerThousand, sessions, topSpenders } from './queries.js'

const EVENT_TIME = 'By the time of each response, in the time zone of the exporter.'
const SLEEPING =
  'A machine that sleeps counts with what it said last, until the period is over, for three days at most.'

const ACTIVITY = lastKnown(
  'agent_usage_last_activity_timestamp_seconds{instance=~"$instance",agent=~"$agent",project=~"$project"}',
)
const REQUESTS = `agent_usage_requests_total{${USAGE}}`

const overview: Section = {
  panels: [
    spent('Today', 'day'),
    spent('This week', 'week'),
    spent('This month', 'month'),
    number(
      {
        title: 'Month-end forecast',
        description:
          'At the pace of the month so far; its first seven days count as a whole week. Of a month that began less than a ' +
          'day ago there is none.',
        ...SIXTH,
        ...USD,
        noValue: 'from the 2nd on',
      },
      MONTH_END,
    ),
    number(
      {
        title: 'Last 5 hours',
        description:
          `Cost of the five hours until now, as Prometheus saw the counters grow: the length of a subscription's ` +
          `usage window. ${ESTIMATE}`,
        ...SIXTH,
        ...USD,
        noValue: 'not yet',
      },
      `sum(increase(agent_usage_cost_usd_total{${USAGE}}[5h]))`,
    ),
    number(
      {
        title: 'Since last activity',
        description: 'Time since the latest response in the logs of the chosen machines, agents and projects.',
        ...SIXTH,
        unit: 's',
        decimals: 0,
        noValue: 'none yet',
      },
      `clamp_min(time() - max(${ACTIVITY}), 0)`,
    ),
    days(
      {
        title: 'Spend by day, by $by',
        description:
          'The last 30 days, as far as Prometheus has data: the six that cost the most, and all others together. Days are ' +
          'those of the board. A day that began on an exporter at the same time is as the exporter tells it, by the time of ' +
          `each response; others, and those that were backfilled, are by the growth of counters. ${ESTIMATE}`,
        width: 24,
        height: 9,
        unit: 'currencyUSD',
        noValue: 'no exporter',
      },
      { expr: dailyCost(ALL_OTHERS), legend: '{{name}}' },
    ),
    columns(
      {
        title: 'Budgets',
        description:
          `Budgets of the configuration files; all machines of a name together. ${SLEEPING} The forecast is what the ` +
          'week or month comes to at its pace so far; its first day and days have none. A budget has its own choice of ' +
          'projects and models, so only the variable for machines applies.',
        width: 13,
        height: 8,
        noValue: 'no budget set',
        by: { budget: 'Budget', period: 'Period' },
        labelWidths: { period: 66 },
        rows: 100,
      },
      { title: 'Spent', expr: BUDGETS.spent, ...USD, width: 84 },
      { title: 'Limit', expr: BUDGETS.limit, ...USD, width: 84 },
      {
        title: 'Share',
        expr: BUDGETS.share,
        unit: 'percentunit',
        decimals: 0,
        width: 110,
        bar: true,
        thresholds: [
          [null, 'green'],
          [0.5, 'yellow'],
          [0.8, 'orange'],
          [1, 'red'],
        ],
      },
      {
        title: 'Left',
        expr: BUDGETS.left,
        ...USD,
        width: 84,
        thresholds: [
          [null, 'red'],
          [0, 'text'],
        ],
      },
      { title: 'Forecast', expr: BUDGETS.forecast, ...USD, width: 84 },
    ),
    stacks(
      {
        title: 'Cost per hour, by project',
        description: `The six projects that cost the most in the time range, and all others together. ${ESTIMATE}`,
        width: 11,
        height: 8,
        unit: 'currencyUSD',
      },
      { expr: otherSpenders('project'), legend: ALL_OTHERS },
      { expr: topSpenders('project'), legend: '{{project}}' },
    ),
  ],
}

const whereItGoes: Section = {
  title: 'Where it goes',
  panels: [
    columns(
      {
        title: 'Top projects',
        description: `${EVENT_TIME} Requests are those of the time range of the board. ${ESTIMATE}`,
        width: 14,
        height: 10,
        noValue: 'no usage yet',
        by: { project: 'Project' },
        rows: 25,
        link: only('project', 'Project'),
      },
      { title: 'Month', expr: periodCost('month', 'project'), ...USD, width: 130, bar: true },
      { title: 'Week', expr: periodCost('week', 'project'), ...USD, width: 80 },
      { title: 'Today', expr: periodCost('day', 'project'), ...USD, width: 80 },
      {
        title: 'Requests',
        expr: `sum by (project) (increase(${REQUESTS}[$__range]))`,
        unit: 'locale',
        decimals: 0,
        width: 84,
      },
      { title: 'Last active', expr: `max by (project) (${ACTIVITY}) * 1000`, unit: 'dateTimeFromNow', width: 146 },
    ),
    columns(
      {
        title: 'Top models',
        description: `${EVENT_TIME} A thousand requests: within the time range of the board. ${ESTIMATE}`,
        width: 10,
        height: 10,
        noValue: 'no usage yet',
        by: { model: 'Model' },
        rows: 25,
        link: only('model', 'Model'),
      },
      { title: 'Month', expr: periodCost('month', 'model'), ...USD, width: 130, bar: true },
      { title: 'Today', expr: periodCost('day', 'model'), ...USD, width: 84 },
      {
        title: '1000 requests',
        expr: `${pricePerThousand('$__range', 'model')} >= 0`,
        ...USD,
        width: 120,
      },
    ),
    stacks(
      {
        title: 'Cost per hour, by model',
        description: `The six models that cost the most in the time range, and all others together. ${ESTIMATE}`,
        ...HALF,
        unit: 'currencyUSD',
      },
      { expr: otherSpenders('model'), legend: ALL_OTHERS },
      { expr: topSpenders('model'), legend: '{{model}}' },
    ),
    lines(
      {
        title: 'Cost of a five-hour window',
        description:
          `At each moment the cost of the five hours before: the length of a subscription's usage window. ` + ESTIMATE,
        ...HALF,
        unit: 'currencyUSD',
      },
      { expr: `sum(increase(agent_usage_cost_usd_total{${USAGE}}[5h]))` },
    ),
  ],
}

const agents: Section = {
  title: 'Agents and sessions',
  panels: [
    columns(
      {
        title: 'Agents',
        description:
          `${EVENT_TIME} Sessions are those that began in the time range of the board, and the cost of one is that of all ` +
          `models in that time, by the sessions that began. ${ESTIMATE}`,
        width: 16,
        height: 8,
        noValue: 'no usage yet',
        by: { agent: 'Agent' },
        rows: 25,
        link: only('agent', 'Agent'),
      },
      { title: 'Month', expr: periodCost('month', 'agent'), ...USD, bar: true },
      { title: 'Week', expr: periodCost('week', 'agent'), ...USD, width: 90 },
      { title: 'Today', expr: periodCost('day', 'agent'), ...USD, width: 90 },
      { title: 'Sessions', expr: sessions('$__range', 'agent'), unit: 'locale', decimals: 0, width: 90 },
      { title: 'A session', expr: pricePerSession('$__range', 'agent'), ...USD, width: 90 },
      { title: 'Last active', expr: `max by (agent) (${ACTIVITY}) * 1000`, unit: 'dateTimeFromNow', width: 150 },
    ),
    stacks(
      {
        title: 'Cost per hour, by agent',
        description: `What each agent costs. ${ESTIMATE}`,
        width: 8,
        height: 8,
        unit: 'currencyUSD',
      },
      {
        expr: `sum by (agent) (rate(agent_usage_cost_usd_total{${USAGE}}[$__rate_interval])) * 3600`,
        legend: '{{agent}}',
      },
    ),
    lines(
      {
        title: 'Sessions a day, by agent',
        description:
          'At each moment the sessions that began within the 24 hours before; forks that only copy are none.',
        ...HALF,
        unit: 'short',
      },
      { expr: sessions('1d', 'agent'), legend: '{{agent}}' },
    ),
    lines(
      {
        title: 'Cost of a session, by agent',
        description: `Cost of the 24 hours before by the sessions that began in them, of all models. ${ESTIMATE}`,
        ...HALF,
        unit: 'currencyUSD',
      },
      { expr: pricePerSession('1d', 'agent'), legend: '{{agent}}' },
    ),
  ],
}

const ROW = Object.keys(MACHINE).join(', ')

const machines: Section = {
  title: 'Machines',
  collapsed: true,
  panels: [
    columns(
      {
        title: 'Spend by machine',
        description: `${EVENT_TIME} ${SLEEPING} ${ESTIMATE}`,
        width: 24,
        height: 10,
        noValue: 'no exporter',
        by: MACHINE,
        rows: 200,
        link: only('instance', MACHINE.instance),
      },
      { title: 'Month', expr: periodCost('month', ROW), ...USD, bar: true },
      { title: 'Week', expr: periodCost('week', ROW), ...USD, width: 110 },
      { title: 'Today', expr: periodCost('day', ROW), ...USD, width: 110 },
      { title: 'Last active', expr: `max by (${ROW}) (${ACTIVITY}) * 1000`, unit: 'dateTimeFromNow', width: 150 },
    ),
  ],
}

export const spend = board({
  uid: UIDS.spend,
  title: 'Agent usage / Spend',
  description: 'What coding agents cost, against budgets, by agent, project and model.',
  refresh: '1m',
  variables: [
    machineChoice(),
    choice('agent', 'Agent', 'agent_usage_requests_total{instance=~"$instance"}'),
    choice('project', 'Project', 'agent_usage_requests_total{instance=~"$instance",agent=~"$agent"}'),
    choice('model', 'Model', 'agent_usage_requests_total{instance=~"$instance",agent=~"$agent",project=~"$project"}'),
    alternatives('by', 'Days by', TELLS_APART),
  ],
  sections: [overview, whereItGoes, agents, cache, requests, machines],
})

/** This board, narrowed to the row. */
function only(variable: string, column: string): { readonly title: string; readonly url: string } {
  const kept = ['instance', 'agent', 'project', 'model', 'by'].filter((name) => name !== variable)
  return { title: `Only this ${column.toLowerCase()}`, url: narrowed('spend', variable, column, kept) }
}

function spent(title: string, period: 'day' | 'week' | 'month'): Section['panels'][number] {
  const description = `${EVENT_TIME} ${SLEEPING} ${ESTIMATE}`
  return number({ title, description, ...SIXTH, ...USD, noValue: 'no exporter' }, periodCost(period))
}

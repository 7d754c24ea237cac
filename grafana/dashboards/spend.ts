// The board about money: what was spent, against which budget, on what, and what the cache did for it.
import { board, choice, type Section } from './board.js'
import { columns } from './columns.js'
import { areas, bars, lines, number } from './panels.js'
import {
  BUDGETS,
  INSTANCE,
  MONTH_END,
  USAGE,
  cacheShare,
  lastKnown,
  otherSpenders,
  paidForWrites,
  periodCost,
  pricePerThousand,
  savedByReads,
  topSpenders,
} from './queries.js'

const ESTIMATE = 'List prices of the API: on a subscription an estimate, not a bill.'
const EVENT_TIME = 'By the time of each response, in the time zone of the exporter.'
const SLEEPING = 'A machine that sleeps counts with what it said last.'

const ACTIVITY = lastKnown(
  `agent_usage_last_activity_timestamp_seconds{instance=~"$instance",agent=~"$agent",project=~"$project"}`,
  'month',
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
        description: 'At the pace of the month so far; its first seven days count as a whole week. Days are those of UTC, so the forecast starts on the 2nd.',
        width: 4,
        height: 4,
        unit: 'currencyUSD',
        decimals: 2,
        noValue: 'from the 2nd on',
      },
      MONTH_END,
    ),
    number(
      {
        title: 'Last 5 hours',
        description: `Cost of the five hours until now, as Prometheus saw the counters grow: the length of a subscription's usage window. ${ESTIMATE}`,
        width: 4,
        height: 4,
        unit: 'currencyUSD',
        decimals: 2,
        noValue: 'no exporter',
      },
      `sum(increase(agent_usage_cost_usd_total{${USAGE}}[5h]))`,
    ),
    number(
      {
        title: 'Last activity',
        description: 'Time of the latest response in the logs of the chosen machines, agents and projects.',
        width: 4,
        height: 4,
        unit: 'dateTimeFromNow',
        noValue: 'none yet',
      },
      `max(${ACTIVITY}) * 1000`,
    ),
    bars(
      {
        title: 'Budgets',
        description: `Spent of each budget of the configuration files, as a share of its limit; all machines of a name together. ${SLEEPING} A budget has its own choice of projects and models, so only the variable for machines applies.`,
        width: 8,
        height: 9,
        unit: 'percentunit',
        decimals: 0,
        noValue: 'no budget set',
        thresholds: [[null, 'green'], [0.5, 'yellow'], [0.8, 'orange'], [1, 'red']],
      },
      1,
      { expr: BUDGETS, legend: '{{budget}} · {{period}}' },
    ),
    areas(
      {
        title: 'Cost per hour, by project',
        description: `The ten projects that cost the most in the time range, and all others together. ${ESTIMATE}`,
        width: 16,
        height: 9,
        unit: 'currencyUSD',
      },
      { expr: topSpenders('project'), legend: '{{project}}' },
      { expr: otherSpenders('project'), legend: 'all others' },
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
      },
      { title: 'Month', expr: periodCost('month', 'project'), unit: 'currencyUSD', decimals: 2, bar: true },
      { title: 'Week', expr: periodCost('week', 'project'), unit: 'currencyUSD', decimals: 2, width: 90 },
      { title: 'Today', expr: periodCost('day', 'project'), unit: 'currencyUSD', decimals: 2, width: 90 },
      { title: 'Requests', expr: `sum by (project) (increase(${REQUESTS}[$__range]))`, unit: 'short', decimals: 0, width: 90 },
      { title: 'Last active', expr: `max by (project) (${ACTIVITY}) * 1000`, unit: 'dateTimeFromNow', width: 130 },
    ),
    columns(
      {
        title: 'Top models',
        description: `${EVENT_TIME} The price of a thousand requests is that of the time range of the board. ${ESTIMATE}`,
        width: 10,
        height: 10,
        noValue: 'no usage yet',
        by: { model: 'Model' },
        rows: 25,
      },
      { title: 'Month', expr: periodCost('month', 'model'), unit: 'currencyUSD', decimals: 2, bar: true },
      { title: 'Today', expr: periodCost('day', 'model'), unit: 'currencyUSD', decimals: 2, width: 90 },
      { title: '1000 requests', expr: `${pricePerThousand('$__range', 'model')} >= 0`, unit: 'currencyUSD', decimals: 2, width: 120 },
    ),
    areas(
      {
        title: 'Cost per hour, by model',
        description: `The ten models that cost the most in the time range, and all others together. ${ESTIMATE}`,
        width: 12,
        height: 8,
        unit: 'currencyUSD',
      },
      { expr: topSpenders('model'), legend: '{{model}}' },
      { expr: otherSpenders('model'), legend: 'all others' },
    ),
    lines(
      {
        title: 'Cost of a five-hour window',
        description: `At each moment the cost of the five hours before: the length of a subscription's usage window. ${ESTIMATE}`,
        width: 12,
        height: 8,
        unit: 'currencyUSD',
      },
      { expr: `sum(increase(agent_usage_cost_usd_total{${USAGE}}[5h]))` },
    ),
  ],
}

const cache: Section = {
  title: 'Tokens and the cache',
  panels: [
    number(
      {
        title: 'Prompt tokens from the cache',
        description: 'Share of the prompt tokens of the time range that were read from the cache.',
        width: 6,
        height: 4,
        unit: 'percentunit',
        decimals: 1,
        noValue: 'no usage in this time',
      },
      cacheShare('$__range'),
    ),
    number(
      {
        title: 'Saved by the cache',
        description: 'What the tokens read from the cache in the time range would have cost more as plain input, less what writing the cache cost above plain input. At the prices in force now.',
        width: 6,
        height: 4,
        unit: 'currencyUSD',
        decimals: 2,
        noValue: 'no usage in this time',
      },
      `${savedByReads('$__range')}\n- ${paidForWrites('$__range')}`,
    ),
    number(
      {
        title: 'Tokens',
        description: 'Tokens of the time range, of all classes.',
        width: 6,
        height: 4,
        unit: 'short',
        decimals: 1,
        noValue: 'no exporter',
      },
      `sum(increase(agent_usage_tokens_total{${USAGE}}[$__range]))`,
    ),
    number(
      {
        title: 'Tokens without a price',
        description: 'Tokens counted so far of models that the price table does not know. They cost nothing here, so every amount is too low; --prices.file can name their prices.',
        width: 6,
        height: 4,
        unit: 'short',
        noValue: 'none',
        thresholds: [[null, 'text'], [1, 'orange']],
      },
      `sum(agent_usage_unpriced_tokens_total{${INSTANCE},model=~"$model"})`,
    ),
    areas(
      {
        title: 'Tokens a minute, by class',
        description: 'The classes do not overlap: a prompt is input, cache reads and cache writes.',
        width: 8,
        height: 8,
        unit: 'short',
      },
      { expr: `sum by (token_type) (rate(agent_usage_tokens_total{${USAGE}}[$__rate_interval])) * 60`, legend: '{{token_type}}' },
    ),
    lines(
      {
        title: 'Cache share of prompts',
        description: 'Share of the prompt tokens of the hour before that were read from the cache.',
        width: 8,
        height: 8,
        unit: 'percentunit',
      },
      { expr: cacheShare('1h') },
    ).max(1),
    lines(
      {
        title: 'What the cache saves',
        description: 'US dollars within the hour before: saved by reading from the cache, and paid on top for writing it. At the prices in force now.',
        width: 8,
        height: 8,
        unit: 'currencyUSD',
      },
      { expr: savedByReads('1h'), legend: 'saved by reads' },
      { expr: paidForWrites('1h'), legend: 'paid for writes' },
    ),
  ],
}

const requests: Section = {
  title: 'Requests',
  panels: [
    areas(
      {
        title: 'Requests a minute, by model',
        description: 'Model responses, each counted once however often the logs repeat it.',
        width: 12,
        height: 8,
        unit: 'short',
      },
      { expr: `sum by (model) (rate(${REQUESTS}[$__rate_interval])) * 60`, legend: '{{model}}' },
    ),
    lines(
      {
        title: 'Price of a thousand requests',
        description: `Of the hour before, by model. It rises as sessions grow long: each request sends the whole conversation again. ${ESTIMATE}`,
        width: 12,
        height: 8,
        unit: 'currencyUSD',
      },
      { expr: pricePerThousand('1h', 'model'), legend: '{{model}}' },
    ),
  ],
}

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
        by: { instance: 'Machine' },
        rows: 200,
      },
      { title: 'Month', expr: periodCost('month', 'instance'), unit: 'currencyUSD', decimals: 2, bar: true },
      { title: 'Week', expr: periodCost('week', 'instance'), unit: 'currencyUSD', decimals: 2, width: 110 },
      { title: 'Today', expr: periodCost('day', 'instance'), unit: 'currencyUSD', decimals: 2, width: 110 },
      { title: 'Last active', expr: `max by (instance) (${ACTIVITY}) * 1000`, unit: 'dateTimeFromNow', width: 150 },
    ),
  ],
}

export const spend = board({
  title: 'Agent usage / Spend',
  description: 'What coding agents cost, against budgets, by project and model.',
  variables: [
    choice('instance', 'Machine', 'agent_usage_exporter_build_info'),
    choice('agent', 'Agent', 'agent_usage_requests_total{instance=~"$instance"}'),
    choice('project', 'Project', 'agent_usage_requests_total{instance=~"$instance",agent=~"$agent"}'),
    choice('model', 'Model', 'agent_usage_requests_total{instance=~"$instance",agent=~"$agent",project=~"$project"}'),
  ],
  sections: [overview, whereItGoes, cache, requests, machines],
})

function spent(title: string, period: 'day' | 'week' | 'month'): Section['panels'][number] {
  const description = `${EVENT_TIME} ${SLEEPING} ${ESTIMATE}`
  return number({ title, description, width: 4, height: 4, unit: 'currencyUSD', decimals: 2, noValue: 'no exporter' }, periodCost(period))
}

// PromQL that several panels share. Nothing here names a job or a data source, and the boards need no recording rules.
import type { Query } from './panels.js'

/** Label matchers of the Spend board's variables, for series of usage. */
export const USAGE = 'instance=~"$instance",agent=~"$agent",project=~"$project",model=~"$model"'
/** For series that have neither project nor model. */
export const INSTANCE = 'instance=~"$instance"'

type Period = 'day' | 'week' | 'month'

/** The series, and in place of one that is gone what it said last, for three days. */
export function lastKnown(series: string): string {
  return `${series} or last_over_time(${series}[3d:1h])`
}

/**
 * Values of the current periods; of an exporter that sleeps what it said last, for three days, and 0 when the period is
 * over: as if it were awake and idle. The recording rules reckon likewise, but boards need none.
 * @param ends when the periods are over
 * @param own labels of the metric's own, but for `period`
 */
function ofPeriods(series: string, ends: string, own: string, window: string): string {
  return `${series}
    or
    last_over_time(${series}[${window}])
      * ignoring (${own}) group_left () ((${ends}) > bool time())`
}

/** When the period is over that each exporter spoke of last; to the hour, as its clock may change within. */
function periodEnd(period: Period, window: string): string {
  const start = `last_over_time(agent_usage_period_start_timestamp_seconds{period="${period}",${INSTANCE}}[${window}])`
  switch (period) {
    case 'day':
      return `${start} + 86400`
    case 'week':
      return `${start} + 7 * 86400`
    case 'month':
      return `${start} + 86400 * days_in_month(${start} + 15 * 86400)`
  }
}

/** Each exporter once: one that was renamed, or that two servers scrape, under the labels that were seen last. */
function once(series: string, own: string, window: string): string {
  const seen = `timestamp(agent_usage_exporter_instance_info{${INSTANCE}})`
  return `(
    ${series}
  )
  and ignoring (period, ${own}, id)
  topk by (id) (1, ${seen} or last_over_time(${seen}[${window}]))`
}

/** US dollars of the current period, by the time of the responses. */
export function periodCost(period: Period, by = ''): string {
  const total = by === '' ? 'sum' : `sum by (${by})`
  const series = `agent_usage_period_cost_usd{period="${period}",${USAGE}}`
  const own = 'agent, project, model'
  const window = period === 'day' ? '1d:10m' : '3d:1h'
  return `${total} (
  ${once(ofPeriods(series, periodEnd(period, window), own, window), own, window)}
)`
}

/** At the pace of the month so far; its first seven days count as a whole week. Days of UTC: PromQL has no others. */
export const MONTH_END = `(${periodCost('month')})
  / clamp_min(day_of_month() - 1 + hour() / 24 + minute() / 1440, 7)
  * days_in_month()
and day_of_month() > 1`

const ENDS = (['day', 'week', 'month'] as const).map((period) => periodEnd(period, '3d:1h')).join('\n    or ')
const SPENT = `agent_usage_budget_spent_usd{${INSTANCE}}`
const limit = (budgets: string): string => lastKnown(`agent_usage_budget_limit_usd{${INSTANCE},${budgets}}`)

/** Spent of each budget, as a share of its limit. One named `team` or `team-…` has one limit for all machines. */
export const BUDGETS = `sort_desc(
  sum by (budget, period) (
  ${once(ofPeriods(SPENT, ENDS, 'budget', '3d:1h'), 'budget', '3d:1h')}
  )
  / (
    sum by (budget, period) (
  ${once(limit('budget!~"team(-.*)?"'), 'budget', '3d:1h')}
    )
    or
    max by (budget, period) (${limit('budget=~"team(-.*)?"')})
  )
)`

/** US dollars an hour, of the ten values of `label` that spent the most within the time range of the board. */
export function topSpenders(label: 'project' | 'model'): string {
  return `sum by (${label}) (rate(agent_usage_cost_usd_total{${USAGE}}[$__rate_interval])) * 3600
and on (${label})
${top(label)}`
}

/** US dollars an hour, of all the others together; nothing when there are none. */
export function otherSpenders(label: 'project' | 'model'): string {
  return `sum(
  sum by (${label}) (rate(agent_usage_cost_usd_total{${USAGE}}[$__rate_interval])) * 3600
  unless on (${label})
  ${top(label)}
)`
}

function top(label: string): string {
  return `topk(10, sum by (${label}) (increase(agent_usage_cost_usd_total{${USAGE}}[$__range] @ end())))`
}

/** Tokens of a prompt: all but the output. */
const PROMPT = `token_type!="output",${USAGE}`

/** Share of prompt tokens that were read from the cache, within `window`. */
export function cacheShare(window: string): string {
  return `sum(increase(agent_usage_tokens_total{token_type="cache_read",${USAGE}}[${window}]))
/ sum(increase(agent_usage_tokens_total{${PROMPT}}[${window}]))`
}

/** US dollars that reading from the cache saved within `window`, at the prices in force now. */
export function savedByReads(window: string): string {
  return `sum(
  sum by (model) (increase(agent_usage_tokens_total{token_type="cache_read",${USAGE}}[${window}]))
  * on (model) (${price('input')} - ${price('cache_read')})
)`
}

/** US dollars that writing the cache cost within `window`, above what the same tokens cost as plain input. */
export function paidForWrites(window: string): string {
  const paid = (type: string): string =>
    `sum by (model) (increase(agent_usage_tokens_total{token_type="${type}",${USAGE}}[${window}]))
  * on (model) (${price(type)} - ${price('input')})`
  return `sum(
  ${paid('cache_write_5m')}
  + on (model)
  ${paid('cache_write_1h')}
)`
}

function price(type: string): string {
  return `max by (model) (agent_usage_price_usd_per_token{token_type="${type}",${INSTANCE},model=~"$model"})`
}

/** US dollars for a thousand responses, within `window`. */
export function pricePerThousand(window: string, by = ''): string {
  const total = by === '' ? 'sum' : `sum by (${by}) `
  return `1000 * ${total}(increase(agent_usage_cost_usd_total{${USAGE}}[${window}]))
/ ${total}(increase(agent_usage_requests_total{${USAGE}}[${window}]))`
}

/** For series of sessions, which have no model. */
const SESSIONS = 'instance=~"$instance",agent=~"$agent",project=~"$project"'

/** Sessions that began within `window`. */
export function sessions(window: string, by: string): string {
  return `sum by (${by}) (increase(agent_usage_sessions_total{${SESSIONS}}[${window}]))`
}

/** US dollars for a session, within `window`, of all models. */
export function pricePerSession(window: string, by: string): string {
  return `sum by (${by}) (increase(agent_usage_cost_usd_total{${SESSIONS}}[${window}]))
/ (${sessions(window, by)} > 0)`
}

/** A metric that any Node.js program may have, of the exporters alone. */
export function ofExporters(series: string): string {
  return `${series} and on (job, instance) agent_usage_exporter_build_info{${INSTANCE}}`
}

/** Quantiles of a histogram over all chosen machines. */
export function quantiles(histogram: string): Query[] {
  const quantile = (share: number): string =>
    `histogram_quantile(${share}, sum by (le) (rate(${histogram}_bucket{${INSTANCE}}[$__rate_interval])))`
  return [
    { expr: quantile(0.5), legend: 'half' },
    { expr: quantile(0.99), legend: '99 of 100' },
  ]
}

/** Mean of a histogram over all chosen machines; 0 while nothing happens. */
export function mean(histogram: string): string {
  return `sum(rate(${histogram}_sum{${INSTANCE}}[$__rate_interval]))
/ (sum(rate(${histogram}_count{${INSTANCE}}[$__rate_interval])) > 0)
or 0 * sum(${histogram}_count{${INSTANCE}})`
}

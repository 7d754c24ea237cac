// PromQL of the current day, week and month: what the exporters say of them, by the time of the responses.
import { INSTANCE, USAGE } from './queries.js'

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

const USAGE_LABELS = 'agent, project, model'

/** What series of usage say of the current period, each exporter once. */
function usageOf(period: Period): string {
  const series = `agent_usage_period_cost_usd{period="${period}",${USAGE}}`
  const window = period === 'day' ? '1d:10m' : '3d:1h'
  return once(ofPeriods(series, periodEnd(period, window), USAGE_LABELS, window), USAGE_LABELS, window)
}

/** US dollars of the current period, by the time of the responses. */
export function periodCost(period: Period, by = ''): string {
  const total = by === '' ? 'sum' : `sum by (${by})`
  return `${total} (
  ${usageOf(period)}
)`
}

/**
 * How many times as much as so far a whole period will have cost, at its pace so far, by exporter. The first seven days of a
 * month count as a whole week; on the first day there is none, nor when the period is over of which an exporter spoke last.
 * The page of the exporter reckons likewise.
 */
function pace(period: 'week' | 'month'): string {
  const start = `(${lastKnown(`agent_usage_period_start_timestamp_seconds{period="${period}",${INSTANCE}}`)})`
  const length = period === 'week' ? '7 * 86400' : `86400 * days_in_month(${start} + 15 * 86400)`
  const passed = `(time() - ${start})`
  return `(
      ${length} / clamp_min(${passed}, ${period === 'week' ? 1 : 7} * 86400)
      and ${passed} >= 86400
      and ${passed} < ${length} + 3600
    )`
}

/** US dollars of the whole month. */
export const MONTH_END = `sum (
  (
    ${usageOf('month')}
  )
  * ignoring (${USAGE_LABELS}) group_left ()
    ${pace('month')}
)`

const ENDS = (['day', 'week', 'month'] as const).map((period) => periodEnd(period, '3d:1h')).join('\n    or ')
const BUDGET_SPENT = once(
  ofPeriods(`agent_usage_budget_spent_usd{${INSTANCE}}`, ENDS, 'budget', '3d:1h'),
  'budget',
  '3d:1h',
)
const limit = (budgets: string): string => lastKnown(`agent_usage_budget_limit_usd{${INSTANCE},${budgets}}`)

const SPENT = `sum by (budget, period) (
  ${BUDGET_SPENT}
)`
const LIMIT = `(
  sum by (budget, period) (
  ${once(limit('budget!~"team(-.*)?"'), 'budget', '3d:1h')}
  )
  or
  max by (budget, period) (${limit('budget=~"team(-.*)?"')})
)`

/** US dollars of each budget, all machines of a name together; one named `team` or `team-…` has one limit for all. */
export const BUDGETS = {
  spent: SPENT,
  limit: LIMIT,
  /** Spent, as a share of the limit. */
  share: `${SPENT}
/ ${LIMIT}`,
  left: `${LIMIT}
- ${SPENT}`,
  /** Of the whole week or month; a day has none. */
  forecast: `sum by (budget, period) (
  (
    ${BUDGET_SPENT}
  )
  * ignoring (budget) group_left () (
    ${pace('week')}
    or
    ${pace('month')}
  )
)`,
}

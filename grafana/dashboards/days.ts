// PromQL of the last days: what each of them cost. Evaluated at the midnights of the board's time zone, as Grafana does with
// steps of a day, each value is that of the day that begins then.
import { INSTANCE, TOLD_APART, USAGE } from './queries.js'

/**
 * Where an exporter's day begins when the board's does, what it said of that day counts: it knows the time of each response,
 * and what was spent before the first scrape. A clock that is behind still tells of the day before at midnight, so the first
 * minutes are left out.
 */
const SAID = '[1435m] offset -1d'
const SAME_DAY = `(
      min_over_time(agent_usage_period_start_timestamp_seconds{period="day",${INSTANCE}}${SAID}) == time()
    )`
const LABELS = 'agent, project, model'

/** One that was renamed has one id: the most that it said under any name is what it knows of the day. */
const TOLD = `max by (id, ${LABELS}) (
      max_over_time(agent_usage_period_cost_usd{period="day",${USAGE}}${SAID})
        * ignoring (period, ${LABELS}, id) group_left (id)
          last_over_time(agent_usage_exporter_instance_info{${INSTANCE}}${SAID})
      and ignoring (${LABELS}, id)
    ${SAME_DAY}
    )`

/**
 * Where it does not, or said nothing, as of days that were backfilled, it counts by how much its counters grew. With the second
 * before it a day has both of its midnights, also where ranges are open on the left.
 */
const GROWN = `increase(agent_usage_cost_usd_total{${USAGE}}[86401s:5m] offset -1d)
      unless ignoring (period, ${LABELS})
    ${SAME_DAY}`

/** What tells apart is chosen by a variable of the board. */
const BY = '$by'
export const TELLS_APART = ['project', 'model', 'agent'] as const

/** The time range of the board, to the end of its last day. */
const RANGE = '[$__range:30m] @ end() offset -1d'
const COST = `agent_usage_cost_usd_total{${USAGE}}`

/** How dear each is: what counters saw of the time range, and what the exporters say of the month. */
const DEARNESS = `sum by (${BY}) (
      max_over_time(${COST}${RANGE}) - min_over_time(${COST}${RANGE})
      or
      last_over_time(agent_usage_period_cost_usd{period="month",${USAGE}}[2d] @ end() offset -1d)
    )`

/** US dollars of each day, by `name`: those that cost the most, and all others together under the name of `others`. */
export function dailyCost(others: string): string {
  return `sum by (name) (
  (
    ${TOLD}
    or
    ${GROWN}
  )
  * on (${BY}) group_left (name) (
    label_replace(topk(${TOLD_APART}, ${DEARNESS}) ^ 0, "name", "$1", "${BY}", "(.*)")
    or on (${BY})
    label_replace(${DEARNESS} ^ 0, "name", "${others}", "", "")
  )
)`
}

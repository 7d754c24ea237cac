// PromQL that several panels share. Nothing here names a job or a data source, and the boards need no recording rules.
import type { Query } from './panels.js'

/** Label matchers of the Spend board's variables, for series of usage. */
export const USAGE = 'instance=~"$instance",agent=~"$agent",project=~"$project",model=~"$model"'
/** For series that have neither project nor model. */
export const INSTANCE = 'instance=~"$instance"'

/** So many are told apart, after all others together, which come first: Grafana's eighth colour looks like its second. */
export const TOLD_APART = 6

const PER_HOUR = `rate(agent_usage_cost_usd_total{${USAGE}}[$__rate_interval])) * 3600`
const PER_MINUTE = `rate(agent_usage_requests_total{${USAGE}}[$__rate_interval])) * 60`

/** US dollars an hour, of those values of `label` that spent the most within the time range of the board. */
export function topSpenders(label: 'project' | 'model'): string {
  return ofTop(label, PER_HOUR)
}

/** US dollars an hour, of all the others together; nothing when there are none. */
export function otherSpenders(label: 'project' | 'model'): string {
  return ofOthers(label, PER_HOUR)
}

/** Requests a minute, of the models that spent the most, and of all others together. */
export const REQUESTS_A_MINUTE = { top: ofTop('model', PER_MINUTE), others: ofOthers('model', PER_MINUTE) }

function ofTop(label: string, rate: string): string {
  return `sum by (${label}) (${rate}
and on (${label})
${top(label)}`
}

function ofOthers(label: string, rate: string): string {
  return `sum(
  sum by (${label}) (${rate}
  unless on (${label})
  ${top(label)}
)`
}

/** The values of `label` that spent the most within the time range of the board. */
export function top(label: string): string {
  return `topk(${TOLD_APART}, sum by (${label}) (increase(agent_usage_cost_usd_total{${USAGE}}[$__range] @ end())))`
}

/** Tokens of a prompt: all but the output. */
const PROMPT = `token_type!="output",${USAGE}`

/** Share of prompt tokens that were read from the cache, within `window`. */
export function cacheShare(window: string): string {
  return `sum(increase(agent_usage_tokens_total{token_type="cache_read",${USAGE}}[${window}]))
/ sum(increase(agent_usage_tokens_total{${PROMPT}}[${window}]))`
}

/** US dollars that reading from the cache saved within `window`. */
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

/**
 * In force at the end of the time range, or a day after at most, since Grafana puts that end up to a step earlier. What was
 * before the first scrape is worked out with it, too.
 */
function price(type: string): string {
  const prices = `agent_usage_price_usd_per_token{token_type="${type}",${INSTANCE},model=~"$model"}`
  return `max by (model) (${prices} @ end() or last_over_time(${prices}[2d:10m] @ end() offset -1d))`
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

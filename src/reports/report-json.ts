// Prints a report as JSON: a row for each group of the innermost level, then the totals. Dollars have up to nine
// decimals, so no amount is rounded.
import { isPeriod, type Dimension } from '../core/report/dimensions.js'
import type { Counted } from '../core/report/counters.js'
import { inOrder, type Group, type GroupName } from '../core/report/groups.js'
import type { Sums } from '../core/report/sums.js'
import { NANOS_PER_USD } from '../core/pricing/nano-dollars.js'
import { TOKENS, type TokenType } from '../core/schema.js'
import { zoneName } from '../metrics/calendar.js'
import type { Asked } from './asked.js'

/** Yields the rows one by one, because there may be many sessions. */
export function* reportJson(asked: Asked): Generator<string> {
  const { by, since = null, until = null, calendar, report } = asked
  const { timeZone, weekStart } = calendar
  const head = JSON.stringify({ by, since, until, time_zone: zoneName(timeZone), week_start: weekStart }, undefined, 2)
  yield `${head.slice(0, -2)},\n  "rows": [`
  let separator = '\n    '
  for (const row of rowsOf(asked, report.all, [])) {
    yield separator + JSON.stringify(row)
    separator = ',\n    '
  }
  const tail = {
    total: amountsOf(report.all.sums),
    without_time: amountsOf(report.withoutTime),
    counters_hold_more: countedOf(report.surplus),
    corrections: Object.fromEntries(report.corrections),
  }
  yield `\n  ],\n${JSON.stringify(tail, undefined, 2).slice(2)}\n`
}

function* rowsOf(asked: Asked, group: Group, path: readonly GroupName[]): Generator<Record<string, unknown>> {
  const { by, labels } = asked
  const dimension = by[path.length]
  if (dimension !== undefined) {
    for (const below of inOrder(group.groups.values(), isByName(dimension)))
      yield* rowsOf(asked, below, [...path, below.name])
    return
  }
  yield {
    ...(by.includes('session') && {
      project: labels(group.series).project,
      first: timeOf(group.firstMs),
      last: timeOf(group.lastMs),
    }),
    ...Object.fromEntries(by.map((each, level) => [each, path[level]])),
    ...amountsOf(group.sums),
  }
}

/** Whether the groups of a dimension are sorted by name, not by cost. */
export function isByName(dimension: Dimension): boolean {
  return isPeriod(dimension) || dimension === 'session'
}

function amountsOf(sums: Sums): Record<string, unknown> {
  return {
    ...countedOf(sums),
    logged_usd: sums.loggedNanos / NANOS_PER_USD,
    unpriced_tokens: sums.unpricedTokens,
  }
}

function countedOf(sums: Counted): Record<string, unknown> {
  const tokens = Object.fromEntries(TOKENS.map(({ name, type }) => [type, sums[name]])) as Record<TokenType, number>
  return { requests: sums.requests, ...tokens, web_searches: sums.webSearches, usd: sums.nanos / NANOS_PER_USD }
}

export function timeOf(timeMs: number): string | null {
  return Number.isNaN(timeMs) ? null : new Date(timeMs).toISOString()
}

// Prints the differences between a file and the counted usage as JSON: a row for each line of the table. Dollars have
// up to nine decimals, so no amount is rounded.
import type { Amount } from '../../core/report/comparison.js'
import { NANOS_PER_USD } from '../../core/pricing/nano-dollars.js'
import { costsOf, daysOf, type Comparison, type Explained } from './comparison-text.js'
import { namesOf } from './reason-names.js'

/** The names of amounts, as in the JSON of `report`. */
const NAMES: Readonly<Record<Amount, string>> = {
  input: 'input',
  output: 'output',
  cacheWrite: 'cache_write',
  cacheWrite5m: 'cache_write_5m',
  cacheWrite1h: 'cache_write_1h',
  cacheRead: 'cache_read',
  webSearches: 'web_searches',
  nanos: 'usd',
}

export function* comparisonJson({ compared, agents, timeZone }: Comparison): Generator<string> {
  const differing = compared.filter((each) => each.differing.length > 0)
  const { first = null, last = null } = daysOf(compared)
  const head = JSON.stringify({ since: first, until: last, time_zone: timeZone, agents }, undefined, 2)
  yield `${head.slice(0, -2)},\n  "rows": [`
  let separator = '\n    '
  for (const row of differing.flatMap(rowsOf)) {
    yield separator + JSON.stringify(row)
    separator = ',\n    '
  }
  const cost = costsOf(compared)
  const tail = {
    compared: compared.length,
    differing: differing.length,
    usd: cost === undefined ? null : sidesOf('nanos', cost.told, cost.counted),
  }
  yield `${differing.length === 0 ? '' : '\n  '}],\n${JSON.stringify(tail, undefined, 2).slice(2)}\n`
}

function rowsOf({ day, model, amounts, differing, reason }: Explained): readonly Record<string, unknown>[] {
  const reasons = namesOf(reason).map(({ json }) => json)
  return amounts
    .filter(({ amount }) => differing.includes(amount))
    .map(({ amount, told, counted }) => ({
      ...{ day, model: model ?? null, amount: NAMES[amount] },
      ...sidesOf(amount, told, counted),
      reasons,
    }))
}

function sidesOf(amount: Amount, file: number, counted: number): Record<'file' | 'counted' | 'difference', number> {
  const unit = amount === 'nanos' ? NANOS_PER_USD : 1
  return { file: file / unit, counted: counted / unit, difference: (file - counted) / unit }
}

// Sums of the counters, and their difference from the responses: counters keep the surplus of corrections.
import { MEASURE, TOKENS } from '../schema.js'
import type { Totals } from '../totals/totals.js'
import { noSums, type Sums } from './sums.js'

/** The amounts that the counters of `/metrics` have. */
export type Counted = Omit<Sums, 'loggedNanos' | 'unpricedTokens'>

const COUNTED: readonly (keyof Counted)[] = [...TOKENS.map(({ name }) => name), 'requests', 'webSearches', 'nanos']

/** @param chosen by series: 1 if it is included, otherwise 0 */
export function countersOf({ series }: Totals, chosen: Uint8Array): Counted {
  const sums: Counted = noSums()
  for (let row = 0; row < chosen.length; row += 1) {
    if (chosen[row] === 0) continue
    for (const { name } of TOKENS) sums[name] += series.total(row, MEASURE[name])
    sums.requests += series.total(row, MEASURE.requests)
    sums.webSearches += series.total(row, MEASURE.searches)
    sums.nanos += series.total(row, MEASURE.cost)
  }
  return sums
}

/** Counters minus responses. Negative if responses moved into the selection. */
export function surplus(counters: Counted, responses: Counted): Counted {
  return Object.fromEntries(COUNTED.map((key) => [key, counters[key] - responses[key]])) as Counted
}

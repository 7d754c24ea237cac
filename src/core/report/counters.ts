// What the counters hold of the same series, and how far that is from their responses: corrections stay in counters.
import { MEASURE, TOKENS } from '../schema.js'
import type { Totals } from '../totals/totals.js'
import { noSums, type Sums } from './sums.js'

/** What is counted of series, as `/metrics` shows it. */
export type Counted = Omit<Sums, 'loggedNanos' | 'unpricedTokens'>

const COUNTED: readonly (keyof Counted)[] = [...TOKENS.map(({ name }) => name), 'requests', 'webSearches', 'nanos']

/** @param chosen 1 for each series that is added up */
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

/** What counters have over responses; a selection may have less, when responses moved into it. */
export function surplus(counters: Counted, responses: Counted): Counted {
  return Object.fromEntries(COUNTED.map((key) => [key, counters[key] - responses[key]])) as Counted
}

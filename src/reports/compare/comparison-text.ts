// Prints the differences between a file and the counted usage as a table: a line for each amount, with its reason.
import type { Amount, Compared } from '../../core/report/comparison.js'
import type { Reason } from '../../core/report/reasons.js'
import { dollars, exact } from '../numbers.js'
import { renderTable, type Column, type Row } from '../table.js'
import type { Screen } from '../report-text.js'
import { namesOf } from './reason-names.js'

export interface Explained extends Compared {
  readonly reason: Reason | undefined
}

export interface Comparison {
  readonly compared: readonly Explained[]
  /** The agents whose counted usage was compared. */
  readonly agents: readonly string[]
  readonly timeZone: string
}

const COLUMNS: readonly Column[] = [
  { heading: 'day', align: 'left' },
  { heading: 'model', align: 'left' },
  { heading: '', align: 'left' },
  { heading: 'file', align: 'right' },
  { heading: 'counted', align: 'right' },
  { heading: 'difference', align: 'right' },
  { heading: 'reason', align: 'left' },
]

const CALLED: Readonly<Record<Amount, string>> = {
  input: 'input',
  output: 'output',
  cacheWrite: 'cache write',
  cacheWrite5m: 'cache write 5m',
  cacheWrite1h: 'cache write 1h',
  cacheRead: 'cache read',
  webSearches: 'searches',
  nanos: 'USD',
}

/** First and last day; undefined if nothing was compared. */
export function daysOf(compared: readonly Compared[]): {
  readonly first: string | undefined
  readonly last: string | undefined
} {
  return { first: compared[0]?.day, last: compared.at(-1)?.day }
}

/** Sums of nano-dollars over all days and models, including equal ones. Undefined if the file has no costs. */
export function costsOf(
  compared: readonly Compared[],
): { readonly told: number; readonly counted: number } | undefined {
  const costs = compared.flatMap(({ amounts }) => amounts.filter(({ amount }) => amount === 'nanos'))
  if (costs.length === 0) return undefined
  return {
    told: costs.reduce((sum, each) => sum + each.told, 0),
    counted: costs.reduce((sum, each) => sum + each.counted, 0),
  }
}

export function comparisonText({ compared, agents, timeZone }: Comparison, screen: Screen): string {
  const differing = compared.filter((each) => each.differing.length > 0)
  const { first, last } = daysOf(compared)
  const days = first === last ? (first ?? 'no days') : `${first} to ${last}`
  const about = `${days} (${timeZone}), agents: ${agents.join(', ') || 'none'}`
  if (differing.length === 0) return `${about}\nNo differences in ${places(compared.length)}.\n`
  const rows = differing.flatMap(rowsOf)
  const reasonless = differing.some(({ reason }) => reason === undefined)
  return `${[
    about,
    '',
    ...renderTable(COLUMNS, rows, screen),
    '',
    `Differences in ${exact(differing.length)} of ${places(compared.length)}.${totalOf(compared)}`,
    ...(reasonless ? ['A reason is shown only if a calculation confirms it; see Compare in the README.'] : []),
  ].join('\n')}\n`
}

function rowsOf({ day, model, amounts, differing, reason }: Explained): readonly Row[] {
  return amounts
    .filter(({ amount }) => differing.includes(amount))
    .map(({ amount, told, counted }, index) => {
      const shown = amount === 'nanos' ? dollars : exact
      const difference = told - counted
      const start = index === 0 ? [day, model ?? 'all models'] : ['', '']
      return {
        cells: [
          ...start,
          CALLED[amount],
          shown(told),
          shown(counted),
          `${difference > 0 ? '+' : ''}${shown(difference)}`,
          index > 0
            ? ''
            : namesOf(reason)
                .map(({ text }) => text)
                .join(', '),
        ],
      }
    })
}

function totalOf(compared: readonly Compared[]): string {
  const cost = costsOf(compared)
  return cost === undefined ? '' : ` Cost: $${dollars(cost.told)} in the file, $${dollars(cost.counted)} counted.`
}

const places = (count: number): string => `${exact(count)} ${count === 1 ? 'day and model' : 'days and models'}`

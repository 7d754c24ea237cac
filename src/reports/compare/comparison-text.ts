// Where a file and the ledger differ, a line for each amount, with the reason where it is proven.
import type { Amount, Compared } from '../../core/report/comparison.js'
import type { PriceReason, Reason } from '../../core/report/reasons.js'
import { dollars, exact } from '../numbers.js'
import { renderTable, type Column, type Row } from '../table.js'
import type { Screen } from '../report-text.js'

export interface Explained extends Compared {
  readonly reason: Reason | undefined
}

export interface Comparison {
  readonly compared: readonly Explained[]
  /** Of the ledger, that were compared. */
  readonly agents: readonly string[]
  readonly timeZone: string
}

const COLUMNS: readonly Column[] = [
  { heading: 'day', align: 'left' },
  { heading: 'model', align: 'left' },
  { heading: '', align: 'left' },
  { heading: 'file', align: 'right' },
  { heading: 'ledger', align: 'right' },
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

/** What the file does where it does not keep a rule. */
const BROKEN: Readonly<Record<PriceReason, string>> = {
  today: "today's price",
  short: 'long prompts as short',
  parts: 'long prompts in part',
  searches: 'searches for free',
  modifiers: 'no modes and tiers',
}

const REASONS = {
  untold: 'not in the file',
  uncounted: 'not in the ledger',
  days: 'days of another time zone',
  reduced: 'reduced from the list price',
  thinking: 'output without thinking',
  listed: 'list price, not that in the log',
} as const

export function comparisonText({ compared, agents, timeZone }: Comparison, screen: Screen): string {
  const differing = compared.filter((each) => each.differing.length > 0)
  const days = compared.map(({ day }) => day)
  const about = `${days[0] ?? 'no day'} to ${days.at(-1) ?? 'another'}, days of ${timeZone}; ${agents.join(', ') || 'no agent'}`
  if (differing.length === 0) return `${about}\nno difference in ${places(compared.length)}\n`
  const rows = differing.flatMap(rowsOf)
  const reasonless = differing.some(({ reason }) => reason === undefined)
  return `${[
    about,
    '',
    ...renderTable(COLUMNS, rows, screen),
    '',
    `${exact(differing.length)} of ${exact(compared.length)} days and models differ.${totalOf(compared)}`,
    ...(reasonless ? ['A reason is given where a calculation proves it; for others see Compare in the README.'] : []),
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
          index === 0 && reason !== undefined ? wordsOf(reason) : '',
        ],
      }
    })
}

function wordsOf(reason: Reason): string {
  return reason.kind === 'prices' ? reason.broken.map((each) => BROKEN[each]).join(', ') : REASONS[reason.kind]
}

function totalOf(compared: readonly Compared[]): string {
  const costs = compared.flatMap(({ amounts }) => amounts.filter(({ amount }) => amount === 'nanos'))
  if (costs.length === 0) return ''
  const [told, counted] = [
    costs.reduce((sum, each) => sum + each.told, 0),
    costs.reduce((sum, each) => sum + each.counted, 0),
  ]
  return ` In all, the file has $${dollars(told)}, the ledger $${dollars(counted)}.`
}

const places = (count: number): string => `${exact(count)} ${count === 1 ? 'day and model' : 'days and models'}`

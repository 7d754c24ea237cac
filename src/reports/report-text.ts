// Prints a report as a table: nested groups with their sums, and notes below.
import { isPeriod, type Dimension } from '../core/report/dimensions.js'
import { inOrder, type Group } from '../core/report/groups.js'
import type { Report } from '../core/report/report.js'
import { allTokens, type Sums } from '../core/report/sums.js'
import type { CorrectionReason } from '../core/totals/corrections.js'
import { minuteInZone } from '../metrics/calendar.js'
import type { Asked } from './asked.js'
import { cents, dollars, exact, short } from './numbers.js'
import { isByName } from './report-json.js'
import { renderTable, tableWidth, type Column, type Row } from './table.js'

export interface Screen {
  /** In columns of the terminal. */
  readonly width: number
  readonly colored: boolean
}

/** The precision of numbers and times. */
interface Detail {
  readonly tokens: (count: number) => string
  /** Index of the first character shown of a time such as 2026-11-22 12:00. */
  readonly timeFrom: number
}

const EXACT: Detail = { tokens: exact, timeFrom: 0 }
const SHORT: Detail = { tokens: short, timeFrom: '2026-'.length }
const SHORT_WITH_YEAR: Detail = { ...SHORT, timeFrom: 0 }

const AMOUNTS = [
  ['requests', (sums) => sums.requests, false],
  ['input', (sums) => sums.input, true],
  ['output', (sums) => sums.output, true],
  ['cache write', (sums) => sums.cacheWrite5m + sums.cacheWrite1h, true],
  ['cache read', (sums) => sums.cacheRead, true],
  ['searches', (sums) => sums.webSearches, false],
] as const satisfies readonly (readonly [heading: string, of: (sums: Sums) => number, isTokens: boolean])[]

/** Uses short numbers if exact ones do not fit the width. */
export function reportText(asked: Asked, screen: Screen): string {
  const columns = columnsOf(asked)
  const exactRows = [...rowsOf(asked, EXACT)]
  const years = new Set(
    exactRows
      .flatMap(({ cells }) => (showsTimes(asked) ? cells.slice(1, 3).filter((time) => time !== '') : []))
      .map(yearOf),
  )
  const detail = years.size > 1 ? SHORT_WITH_YEAR : SHORT
  const rows = tableWidth(columns, exactRows) <= screen.width ? exactRows : [...rowsOf(asked, detail)]
  const notes = notesOf(asked)
  const lines = [...renderTable(columns, rows, screen), ...(notes.length > 0 ? ['', ...notes] : [])]
  return `${lines.join('\n')}\n`
}

const yearOf = (time: string): string => time.slice(0, 4)

function columnsOf(asked: Asked): readonly Column[] {
  const left = [asked.by.map(headingOf).join(' / '), ...(showsTimes(asked) ? ['first', 'last'] : [])]
  const right = [...amountsShown(asked).map(([heading]) => heading), 'USD']
  return [
    ...left.map((heading) => ({ heading, align: 'left' as const })),
    ...right.map((heading) => ({ heading, align: 'right' as const })),
  ]
}

const headingOf = (dimension: Dimension): string => (dimension === 'week' ? 'week from' : dimension)

const showsTimes = ({ by }: Asked): boolean => by.includes('session')

const amountsShown = ({ report }: Asked): readonly (typeof AMOUNTS)[number][] =>
  report.all.sums.webSearches > 0 ? AMOUNTS : AMOUNTS.filter(([heading]) => heading !== 'searches')

function* rowsOf(asked: Asked, detail: Detail): Generator<Row> {
  yield* rowsBelow(asked, asked.report.all, 0, detail)
  yield {
    cells: ['total', ...(showsTimes(asked) ? ['', ''] : []), ...numbersOf(asked, asked.report.all.sums, detail)],
    look: 'bold',
  }
}

function* rowsBelow(asked: Asked, group: Group, level: number, detail: Detail): Generator<Row> {
  const dimension = asked.by[level]
  if (dimension === undefined) return
  for (const below of inOrder(group.groups.values(), isByName(dimension))) {
    const name = '  '.repeat(level) + nameOf(asked, dimension, below)
    const times =
      dimension === 'session' ? [below.firstMs, below.lastMs].map((time) => minute(asked, time, detail)) : ['', '']
    yield {
      cells: [name, ...(showsTimes(asked) ? times : []), ...numbersOf(asked, below.sums, detail)],
      ...(level === 0 && asked.by.length > 1 && { look: 'bold' as const }),
    }
    yield* rowsBelow(asked, below, level + 1, detail)
  }
}

function nameOf({ by, labels }: Asked, dimension: Dimension, { name, series }: Group): string {
  if (name === null) return 'no time'
  if (dimension !== 'session') return String(name)
  // The number comes first, because a long name is cut.
  return by.includes('project') ? `#${name}` : `#${name} ${labels(series).project}`
}

function numbersOf(asked: Asked, sums: Sums, detail: Detail): readonly string[] {
  const amounts = amountsShown(asked).map(([, of, isTokens]) => (isTokens ? detail.tokens : exact)(of(sums)))
  return [...amounts, cents(sums.nanos)]
}

const minute = ({ calendar }: Asked, timeMs: number, { timeFrom }: Detail): string =>
  Number.isNaN(timeMs) ? '' : minuteInZone(timeMs, calendar.timeZone).slice(timeFrom)

/** The wording of each reason for a correction. */
const CORRECTED: Readonly<Record<CorrectionReason, string>> = {
  model: 'moved to another model',
  project: 'moved to another project',
  smaller: 'turned out smaller',
  copy: 'turned out to be a copy',
  price: 'became cheaper',
}

function notesOf({ by, since, until, report }: Asked): readonly string[] {
  const { all, withoutTime, surplus } = report
  const notes: string[] = []
  const isLimited = since !== undefined || until !== undefined
  if (withoutTime.requests > 0 && (isLimited || by.some(isPeriod)))
    notes.push(
      `${count(withoutTime.requests, 'request')} ($${dollars(withoutTime.nanos)}) without a time in the logs` +
        `${isLimited ? ', left out here' : ''}.`,
    )
  if (all.sums.unpricedTokens > 0)
    notes.push(`${count(all.sums.unpricedTokens, 'token')} of models without a price count with $0.`)
  if (all.sums.loggedNanos > 0) notes.push(`$${dollars(all.sums.loggedNanos)} of the cost is what the logs tell.`)
  if (Object.values(surplus).some((each) => each !== 0)) notes.push(...correctionNotes(report))
  return notes
}

function correctionNotes({ surplus, corrections }: Report): readonly string[] {
  const { nanos, requests, webSearches } = surplus
  const tokens = allTokens(surplus)
  const differences = [
    [nanos, `$${dollars(Math.abs(nanos))}`],
    [tokens, count(Math.abs(tokens), 'token')],
    [requests, count(Math.abs(requests), 'request')],
    [webSearches, count(Math.abs(webSearches), 'web search', 'web searches')],
  ] as const
  const shown = differences
    .filter(([value]) => value !== 0)
    .map(([value, text]) => `${text} ${value < 0 ? 'less' : 'more'}`)
  const reasons = [...corrections].map(([reason, responses]) => `${exact(responses)} ${CORRECTED[reason]}`)
  return [
    `/metrics has ${shown.join(', ')} over all time: counters never fall.`,
    `Of the responses that had been counted there, ${reasons.join(', ')}.`,
  ]
}

function count(value: number, one: string, several = `${one}s`): string {
  return `${exact(value)} ${value === 1 ? one : several}`
}

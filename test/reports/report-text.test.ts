// A report as text for a terminal.
import { expect, it } from 'vitest'
import { makeReport } from '../../src/core/report/report.js'
import type { Dimension } from '../../src/core/report/dimensions.js'
import { groupName } from '../../src/reports/group-names.js'
import { reportText, type Screen } from '../../src/reports/report-text.js'
import { DrivenState } from '../core/driven-state.js'
import { PLAIN, type MadeLine } from '../core/made-lines.js'
import { PRICES } from '../core/pricing/made-prices.js'

const NOON = Date.parse('2026-11-20T12:00:00Z')
const HOUR = 3_600_000
const CALENDAR = { timeZone: 'UTC', weekStart: 'monday' } as const

function driven(...lines: readonly Partial<MadeLine>[]): DrivenState {
  const made = new DrivenState()
  made.nowMs = NOON + 48 * HOUR
  made.tell(lines.map((line, n) => ({ ...PLAIN, key: `k${n}`, time: NOON, ...line })))
  made.book()
  return made
}

interface Asked extends Partial<Screen> {
  readonly since?: string
}

function shown(
  made: DrivenState,
  by: readonly Dimension[],
  { since, width = 100, colored = false }: Asked = {},
): string {
  const { state, nowMs } = made
  const names = by.map((dimension) => groupName(dimension, state, CALENDAR, nowMs))
  const fromMs = since === undefined ? -Infinity : Date.parse(since)
  const report = makeReport(state, { selection: { match: {}, fromMs, toMs: Infinity }, names, pricer: PRICES, nowMs })
  const labels = (series: number) => state.totals.series.labels(series)
  return `\n${reportText({ by, since, until: undefined, calendar: CALENDAR, report, labels }, { width, colored })}`
}

const TWO_DAYS = driven(
  { input: 1_234_567, cacheRead: 98_765_432, cacheWrite5m: 1000, cacheWrite1h: 234 },
  { time: NOON + 24 * HOUR, model: 'model-b', output: 1000 },
  { time: NOON + 25 * HOUR, place: 'agent/two/s9' },
)

it('has a line for each group, right-aligned numbers, and a total', () => {
  expect(shown(TWO_DAYS, ['day'])).toBe(`
day         requests      input  output  cache write  cache read    USD
2026-11-20         1  1,234,567       1        1,234  98,765,432  11.11
2026-11-21         2          2   1,001            0           2   0.02
total              3  1,234,569   1,002        1,234  98,765,434  11.13
`)
})

it('nests groups, with the most expensive first and periods in order of time', () => {
  expect(shown(TWO_DAYS, ['day', 'model'])).toBe(`
day / model  requests      input  output  cache write  cache read    USD
2026-11-20          1  1,234,567       1        1,234  98,765,432  11.11
  model-a           1  1,234,567       1        1,234  98,765,432  11.11
2026-11-21          2          2   1,001            0           2   0.02
  model-b           1          1   1,000            0           1   0.02
  model-a           1          1       1            0           1  <0.01
total               3  1,234,569   1,002        1,234  98,765,434  11.13
`)
})

it('shortens numbers on a narrow screen', () => {
  expect(shown(TWO_DAYS, ['week', 'model'], { width: 68 })).toBe(`
week from /…  requests  input  output  cache write  cache read    USD
2026-11-16           3  1.23M   1.00k        1.23k       98.8M  11.13
  model-a            2  1.23M       2        1.23k       98.8M  11.11
  model-b            1      1   1.00k            0           1   0.02
total                3  1.23M   1.00k        1.23k       98.8M  11.13
`)
})

it('names sessions by project and number, with their times and without their ids', () => {
  const text = shown(TWO_DAYS, ['session'], { width: 120 })
  expect(text).toBe(`
session  first             last              requests      input  output  cache write  cache read    USD
#1 one   2026-11-20 12:00  2026-11-21 12:00         2  1,234,568   1,001        1,234  98,765,433  11.13
#2 two   2026-11-21 13:00  2026-11-21 13:00         1          1       1            0           1  <0.01
total                                               3  1,234,569   1,002        1,234  98,765,434  11.13
`)
  expect(text).not.toMatch(/s1|s9/)
})

it('shows the years of sessions on a narrow screen only if there are several', () => {
  const times = (text: string) => text.match(/\d*-?\d\d-\d\d(?= \d\d:\d\d)/g)
  expect(times(shown(TWO_DAYS, ['session'], { width: 80 }))).toEqual(['11-20', '11-21', '11-21', '11-21'])
  const years = driven({ input: 1_234_567 }, { time: NOON - 365 * 24 * HOUR, place: 'agent/two/s9' })
  const narrow = times(shown(years, ['session'], { width: 80 }))
  expect(narrow).toEqual(['2025-11-20', '2025-11-20', '2026-11-20', '2026-11-20'])
})

it('dims the header, and prints outer groups and the total in bold', () => {
  const lines = shown(TWO_DAYS, ['day', 'model'], { colored: true }).split('\n')
  const looks = lines.map((line) => /^\u001B\[(\d)m.*\u001B\[22m$/.exec(line)?.[1] ?? '')
  expect(looks).toEqual(['', '2', '1', '', '1', '', '', '1', ''])
})

it('shows only a total of 0 if there are no responses', () => {
  expect(shown(driven(), ['day'])).toBe(`
day    requests  input  output  cache write  cache read   USD
total         0      0       0            0           0  0.00
`)
})

it('states responses without a timestamp if the report depends on time', () => {
  const made = driven({}, { time: Number.NaN, input: 1000 })
  expect(shown(made, ['day'])).toBe(`
day         requests  input  output  cache write  cache read    USD
2026-11-20         1      1       1            0           1  <0.01
no time            1  1,000       1            0           1  <0.01
total              2  1,001       2            0           2  <0.01

1 request ($0.0010051) without a time in the logs.
`)
  expect(shown(made, ['model'])).not.toContain('without a time')
  const since = shown(made, ['model'], { since: '2026-11-20' })
  expect(since).toContain('\n1 request ($0.0010051) without a time in the logs, left out here.\n')
  expect(since).toMatch(/^total +1 +1 /m)
})

it('shows a column of searches only if there are some, and states unpriced tokens and costs from logs', () => {
  const made = driven({ searches: 3 }, { model: 'model-without-price', costNanos: 5_000_000 }, { model: 'x', input: 7 })
  expect(shown(made, ['model'])).toBe(`
model                requests  input  output  cache write  cache read  searches   USD
model-a                     1      1       1            0           1         3  0.03
model-without-price         1      1       1            0           1         0  0.01
x                           1      7       1            0           1         0  0.00
total                       3      9       3            0           3         3  0.04

9 tokens of models without a price count with $0.
$0.005 of the cost is what the logs tell.
`)
})

it('states by how much the counters exceed the report', () => {
  const made = new DrivenState()
  made.tell([{ ...PLAIN, model: 'model-b', input: 1_000_000, output: 1 }])
  made.book()
  made.tell([{ ...PLAIN, model: 'model-a', input: 10, output: 2 }])
  made.book()
  const text = shown(made, ['model'])
  expect(text.split('\n').slice(-3)).toEqual([
    '/metrics has $2.9999952 more, 999,990 tokens more over all time: counters never fall.',
    'Of the responses that had been counted there, 1 moved to another model.',
    '',
  ])
})

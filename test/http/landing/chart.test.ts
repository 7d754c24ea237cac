// The chart of days or months: bar heights below a round maximum, and its text for people who cannot see it.
import { expect, test } from 'vitest'
import { renderChart, renderChartTable } from '../../../src/http/landing/chart.js'
import { stretchOf } from '../../../src/http/landing/stretch.js'
import { SPEND } from './made-summary.js'

const days = (...usd: readonly number[]) =>
  stretchOf(
    {
      ...SPEND,
      days: usd.map((each, index) => ({ date: `2026-11-${String(index + 1).padStart(2, '0')}`, usd: each })),
    },
    '30-days',
  )
const months = stretchOf(SPEND, '12-months')
const axis = (...usd: readonly number[]) =>
  [...renderChart(days(...usd)).text.matchAll(/<span>([^<]*)<\/span>/g)].map(([, label]) => label)

test.each([
  [
    [0, 0],
    ['$0.10', '$0.05', '$0'],
  ],
  [[0.01], ['$0.10', '$0.05', '$0']],
  [[0.1], ['$0.10', '$0.05', '$0']],
  [[0.11], ['$0.20', '$0.10', '$0']],
  [
    [0.25, 0.3],
    ['$0.30', '$0.15', '$0'],
  ],
  [[1], ['$1', '$0.50', '$0']],
  [[5], ['$5', '$2.50', '$0']],
  [
    [22, 3],
    ['$30', '$15', '$0'],
  ],
  [[8.5], ['$10', '$5', '$0']],
  [[2999], ['$3K', '$1.5K', '$0']],
])('the axis of %j has round labels', (usd, labels) => {
  expect(axis(...usd)).toEqual(labels)
})

test('bars start at the baseline and are as high as the spend of their day', () => {
  const bars = [
    ...renderChart(days(0, 10, 5)).text.matchAll(/class="bar" x="[^"]*" y="([^"]*)" width="[^"]*" height="([^"]*)"/g),
  ]
  expect(bars.map(([, y, height]) => [y, height])).toEqual([
    ['100%', '0%'],
    ['0%', '100%'],
    ['50%', '50%'],
  ])
})

test('each bar is labelled with its day, and the last is marked as today', () => {
  const groups = [...renderChart(days(1, 2)).text.matchAll(/<g( class="current")?><title>([^<]*)/g)]
  expect(groups.map(([, today, title]) => [today !== undefined, title])).toEqual([
    [false, 'Sun, Nov 1: $1.00'],
    [true, 'Mon, Nov 2: $2.00'],
  ])
})

test('the chart has a text summary', () => {
  expect(renderChart(days(1, 4, 2)).text).toContain(
    'role="img" aria-label="Spend by day from Sun, Nov 1 to Tue, Nov 3: $7.00 together, most on Mon, Nov 2 with $4.00, today $2.00."',
  )
})

test('every seventh day is named, counted back from today', () => {
  const names = [...renderChart(stretchOf(SPEND, '30-days')).text.matchAll(/<text[^>]*>([^<]*)/g)].map(
    ([, name]) => name,
  )
  expect(names).toEqual(['Oct 25', 'Nov 1', 'Nov 8', 'Nov 15', 'Nov 22'])
})

test('the table lists every day, the latest first', () => {
  const rows = [
    ...renderChartTable(stretchOf(SPEND, '30-days')).text.matchAll(/<th scope="row">([^<]*)<\/th>\s*<td>([^<]*)/g),
  ]
  expect(rows).toHaveLength(30)
  expect(rows[0]!.slice(1)).toEqual(['Sun, Nov 22', '$29.00'])
})

test('a chart of months names every month', () => {
  const names = [...renderChart(months).text.matchAll(/<text[^>]*text-anchor="middle">([^<]*)/g)].map(
    ([, name]) => name,
  )
  expect(names.join(' ')).toBe('Dec Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov')
  expect(renderChart(months).text).toContain(
    'aria-label="Spend by month from December 2025 to November 2026: $6,600.00 together, most in November 2026 with $1,100.00, this month $1,100.00."',
  )
  expect(renderChart(months).text).toContain('<title>December 2025: $0.00</title>')
  const rows = [...renderChartTable(months).text.matchAll(/<th scope="(?:row|col)">([^<]*)<\/th>\s*<td>([^<]*)/g)]
  expect(rows).toHaveLength(12)
  expect(rows[0]!.slice(1)).toEqual(['November 2026', '$1,100.00'])
})

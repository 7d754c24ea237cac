// Costs of the current day, week and month in the zone of --timezone, to the millisecond: around midnight, on days on which
// clocks change, and in a zone with an offset of 45 minutes. They follow the clock without another pass.
import { expect, it } from 'vitest'
import { sumOf, type Sample } from '../support/exposition.js'
import { line, lines } from '../support/line.js'
import { homes, running } from './running.js'

const home = homes()
/** Output tokens of Opus 4.8, which cost 25 dollars per million. */
const OUTPUTS = { a: 40_000, b: 80_000, c: 160_000, d: 320_000 }
const DOLLARS = { a: 1, b: 2, c: 4, d: 8 }
type Name = keyof typeof DOLLARS

interface Case {
  readonly zone: string
  readonly what: string
  /** Times of four responses. */
  readonly times: Readonly<Record<Name, string>>
  /** Times of scrapes, and the responses of the day, the week and the month then. */
  readonly looks: readonly (readonly [now: string, day: string, week: string, month: string])[]
}

const CASES: readonly Case[] = [
  {
    zone: 'America/New_York',
    what: 'a day of 25 hours, the first of its month and the last of its week',
    times: {
      a: '2026-11-01T03:59:59.999Z',
      b: '2026-11-01T04:00:00.000Z',
      c: '2026-11-02T04:59:59.999Z',
      d: '2026-11-02T05:00:00.000Z',
    },
    looks: [
      // `c` and `d` are more than a day ahead of the clock, so they do not count yet.
      ['2026-11-01T03:59:59.999Z', 'a', 'ab', 'a'],
      ['2026-11-01T04:00:00.000Z', 'b', 'ab', 'b'],
      ['2026-11-01T04:59:59.999Z', 'bc', 'abc', 'bc'],
      ['2026-11-01T05:00:00.000Z', 'bc', 'abc', 'bcd'],
      ['2026-11-02T04:59:59.999Z', 'bc', 'abc', 'bcd'],
      ['2026-11-02T05:00:00.000Z', 'd', 'd', 'bcd'],
    ],
  },
  {
    zone: 'America/New_York',
    what: 'a day of 23 hours, the last of its week',
    times: {
      a: '2026-03-08T04:59:59.999Z',
      b: '2026-03-08T05:00:00.000Z',
      c: '2026-03-09T03:59:59.999Z',
      d: '2026-03-09T04:00:00.000Z',
    },
    looks: [
      ['2026-03-08T04:59:59.999Z', 'a', 'abc', 'abcd'],
      ['2026-03-08T05:00:00.000Z', 'bc', 'abc', 'abcd'],
      ['2026-03-09T03:59:59.999Z', 'bc', 'abc', 'abcd'],
      ['2026-03-09T04:00:00.000Z', 'd', 'd', 'abcd'],
    ],
  },
  {
    zone: 'Asia/Kathmandu',
    what: 'a Monday, the last of its month, that begins at 18:15 UTC',
    times: {
      a: '2026-11-29T18:14:59.999Z',
      b: '2026-11-29T18:15:00.000Z',
      c: '2026-11-30T18:14:59.999Z',
      d: '2026-11-30T18:15:00.000Z',
    },
    looks: [
      ['2026-11-29T18:14:59.999Z', 'a', 'a', 'abc'],
      ['2026-11-29T18:15:00.000Z', 'bc', 'bcd', 'abc'],
      ['2026-11-30T18:14:59.999Z', 'bc', 'bcd', 'abc'],
      ['2026-11-30T18:15:00.000Z', 'd', 'bcd', 'd'],
      ['2026-12-31T18:15:00.000Z', '', '', ''],
    ],
  },
]

it.each(CASES)('period costs are exact in $zone on $what', async ({ zone, times, looks }) => {
  const made = (Object.keys(times) as Name[]).map((name) =>
    line(`msg_${name}/r${name} o48 0/${OUTPUTS[name]}`, { line: { timestamp: times[name] } }),
  )
  let nowMs = 0
  const { scrape } = await running(home({ 'a/A.jsonl': lines(...made) }), [`--timezone=${zone}`], { now: () => nowMs })
  const shown: unknown[] = []
  for (const [now] of looks) {
    nowMs = Date.parse(now)
    const all = await scrape()
    shown.push([now, ...(['day', 'week', 'month'] as const).map((period) => spent(all, period))])
  }
  expect(shown).toEqual(looks)
})

/** Names of the responses in a period, found by their costs, which are powers of two. */
function spent(all: readonly Sample[], period: string): string {
  const dollars = sumOf(all, 'agent_usage_period_cost_usd', { period })
  expect(Number.isInteger(dollars)).toBe(true)
  return (Object.keys(DOLLARS) as Name[]).filter((name) => (dollars & DOLLARS[name]) !== 0).join('')
}

// Budgets and period costs are exact: compared with a slow reference that checks for each response whether it belongs to
// the current period, on random logs in random pieces with restarts, in time zones whose clocks and calendars jump.
import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { expect, it } from 'vitest'
import type { Budget } from '../../src/core/totals/budget.js'
import { parseGlob } from '../../src/core/labels/glob.js'
import { PERIODS, WEEKDAYS, type Period } from '../../src/core/totals/period.js'
import type { Calendar } from '../../src/metrics/calendar.js'
import { usageMetrics, type UsageSettings } from '../../src/metrics/usage.js'
import { amountsOf } from '../core/totals/booking-spec.js'
import { DrivenState } from '../core/driven-state.js'
import { specOf, type Counted } from '../core/ledger/ledger-spec.js'
import { PLAIN, madeLines, type Made } from '../core/made-lines.js'
import { PRICES } from '../core/pricing/made-prices.js'
import { readAll } from './read.js'
import { sumOf, type Sample } from '../support/exposition.js'

/** Time zones, and local days near which their clock or calendar jumps or a period ends. */
const ZONES: readonly (readonly [zone: string, days: readonly string[]])[] = [
  ['Europe/Berlin', ['2026-03-29', '2026-10-25', '2026-12-31']],
  ['America/New_York', ['2026-03-08', '2026-11-01', '2024-02-29']],
  ['Australia/Lord_Howe', ['2026-04-05', '2026-10-04']],
  ['Asia/Kathmandu', ['2026-11-30']],
  // Samoa had no 30 December 2011.
  ['Pacific/Apia', ['2011-12-30', '2026-01-01']],
  // The clock skips midnight: the day starts at one.
  ['Africa/Cairo', ['2026-04-24']],
  ['UTC', ['2026-02-28']],
]

/** Budgets, each with an equivalent predicate. */
const BUDGETS: readonly (readonly [budget: Budget, counts: (of: Counted) => boolean])[] = PERIODS.flatMap((period) => [
  [budget(`all ${period}`, period, {}), () => true] as const,
  [
    budget(`one ${period}`, period, { project: ['on?'] }),
    ({ place }: Counted) => place.startsWith('agent/one/'),
  ] as const,
  [
    budget(`dear ${period}`, period, { agent: ['a*'], project: ['two', '*n*'], model: ['*-b', 'unknown'] }),
    ({ model }: Counted) => model === 'model-b' || model === '',
  ] as const,
  [budget(`none ${period}`, period, { model: ['Model-a', 'odel'] }), () => false] as const,
])

function budget(name: string, period: Period, match: Readonly<Record<string, readonly string[]>>): Budget {
  const globs = Object.entries(match).map(([label, texts]) => [label, texts.map(parseGlob)] as const)
  return { name, period, limitUsd: 7, match: Object.fromEntries(globs) }
}

/** An instant near that day: the start of a day or the millisecond before it, or any other time. */
function near(timeZone: string, text: string): fc.Arbitrary<number> {
  const day = Temporal.PlainDate.from(text)
  const start = (date: Temporal.PlainDate): number => date.toZonedDateTime(timeZone).epochMilliseconds
  const firsts = [day.with({ day: 1 }), day.with({ day: 1 }).add({ months: 1 })]
  const days = [
    day,
    day.add({ days: 1 }),
    ...firsts,
    ...Array.from({ length: 15 }, (_, index) => day.add({ days: index - 7 })),
  ]
  const edge = fc.tuple(fc.constantFrom(...days), fc.constantFrom(-1, 0)).map(([date, beside]) => start(date) + beside)
  const anywhere = (within: number): fc.Arbitrary<number> =>
    fc.integer({ min: -within * 86_400_000, max: within * 86_400_000 }).map((offset) => start(day) + offset)
  return fc.oneof({ weight: 2, arbitrary: edge }, anywhere(2), anywhere(40))
}

type Step = { readonly tell: readonly Made[] } | { readonly lookAt: number; readonly calendar: Calendar } | 'restart'

const stories: fc.Arbitrary<readonly Step[]> = fc
  .tuple(fc.constantFrom(...ZONES), fc.constantFrom(...WEEKDAYS))
  .chain(([[timeZone, days], weekStart]) => {
    const instant = fc.constantFrom(...days).chain((day) => near(timeZone, day))
    const lines = fc
      .tuple(madeLines, fc.array(instant, { minLength: 20, maxLength: 20 }))
      .map(([made, times]) =>
        made.map((line, index) => (Number.isNaN(line.time) ? line : { ...line, time: times[index]! })),
      )
    const look = instant.map((lookAt) => ({ lookAt, calendar: { timeZone, weekStart } }))
    // Another zone or start of the week, as after a reload of the configuration.
    const otherLook = fc
      .tuple(instant, fc.constantFrom(...ZONES), fc.constantFrom(...WEEKDAYS))
      .map(([lookAt, [zone], start]) => ({ lookAt, calendar: { timeZone: zone, weekStart: start } }))
    return fc.array(
      fc.oneof(
        { weight: 3, arbitrary: lines.map((tell) => ({ tell })) },
        { weight: 6, arbitrary: look },
        { weight: 1, arbitrary: otherLook },
        { weight: 1, arbitrary: fc.constant('restart' as const) },
      ),
      { maxLength: 15 },
    )
  })

it('budgets and period costs show the cost of the current period for any order and repetition of lines', () => {
  fc.assert(
    fc.property(stories, (steps) => {
      const driven = new DrivenState()
      const told: Made[] = []
      let read = reader(driven)
      for (const step of steps) {
        if (step === 'restart') {
          driven.commit()
          driven.restart()
          read = reader(driven)
        } else if ('tell' in step) {
          driven.tell(step.tell)
          driven.book()
          told.push(...step.tell)
        } else {
          const shown = read(step.lookAt, step.calendar)
          const counted = [...specOf(told).counted().values()]
          for (const [{ name, period }, counts] of BUDGETS) {
            const labels = { budget: name, period }
            const spent = slowly(counted.filter(counts), period, step.lookAt, step.calendar)
            expect([name, sumOf(shown, 'agent_usage_budget_spent_usd', labels)]).toEqual([name, spent])
            expect(sumOf(shown, 'agent_usage_budget_limit_usd', labels)).toBe(7)
          }
          expect(shown.filter((one) => one.name.startsWith('agent_usage_budget_'))).toHaveLength(2 * BUDGETS.length)
          for (const period of PERIODS) {
            const sum = nanos(
              shown.filter((one) => one.name === 'agent_usage_period_cost_usd' && one.labels['period'] === period),
            )
            expect(sum / 1e9).toBe(slowly(counted, period, step.lookAt, step.calendar))
            // A millisecond before its start, another period was current.
            const startMs = Math.round(sumOf(shown, 'agent_usage_period_start_timestamp_seconds', { period }) * 1000)
            const current = periodOf(step.lookAt, period, step.calendar)
            expect(periodOf(startMs, period, step.calendar)).toBe(current)
            expect(periodOf(startMs - 1, period, step.calendar)).not.toBe(current)
          }
        }
      }
    }),
    { numRuns: 400 },
  )
})

it('period costs are recomputed only after a booking, on a new day or with another calendar', () => {
  const driven = new DrivenState()
  driven.tell([PLAIN])
  driven.book()
  let worked = 0
  const { totals } = driven.state
  const costsOf = totals.costsOf.bind(totals)
  totals.costsOf = (spans, nowMs) => {
    worked += 1
    return costsOf(spans, nowMs)
  }
  const read = reader(driven)
  const calendar: Calendar = { timeZone: 'UTC', weekStart: 'monday' }
  const afterLook = (atMs: number, at: Calendar): number => {
    read(atMs, at)
    return worked
  }
  expect(afterLook(1000, calendar)).toBe(1)
  expect(afterLook(86_399_999, { ...calendar })).toBe(1)
  expect(afterLook(86_400_000, calendar)).toBe(2)
  expect(afterLook(86_400_000, { ...calendar, weekStart: 'sunday' })).toBe(3)
  expect(afterLook(86_400_000, { timeZone: 'Asia/Tokyo', weekStart: 'sunday' })).toBe(4)
  driven.tell([{ ...PLAIN, key: 'm2', place: 'agent/two/s1' }])
  driven.book()
  expect(afterLook(86_400_000, { timeZone: 'Asia/Tokyo', weekStart: 'sunday' })).toBe(5)
})

it('budgets and period costs are hidden until the history is read completely', () => {
  const driven = new DrivenState()
  driven.tell([PLAIN])
  driven.book()
  const shown = reader(driven, () => false)(1000, { timeZone: 'UTC', weekStart: 'monday' })
  expect(shown.filter(({ name }) => /^agent_usage_(budget|period)_/.test(name))).toEqual([])
})

/** Reads the usage metrics at a given time and calendar. */
function reader(driven: DrivenState, complete = () => true): (nowMs: number, calendar: Calendar) => Sample[] {
  const budgets = BUDGETS.map(([each]) => each)
  let nowMs = 0
  let config: UsageSettings = { timeZone: 'UTC', weekStart: 'monday', budgets }
  const liveConfig = {
    get config() {
      return config
    },
    pricer: PRICES,
  }
  const metrics = usageMetrics({ totals: driven.state.totals, liveConfig, now: () => nowMs, complete })
  return (atMs, calendar) => {
    nowMs = atMs
    config = { ...config, ...calendar }
    return readAll(metrics)
  }
}

/** Dollars of the responses of the current period, without those more than a day ahead of the clock. */
function slowly(counted: readonly Counted[], period: Period, nowMs: number, calendar: Calendar): number {
  const current = periodOf(nowMs, period, calendar)
  const inside = counted.filter(
    ({ time }) => time <= nowMs + 86_400_000 && periodOf(time, period, calendar) === current,
  )
  return inside.reduce((sum, each) => sum + amountsOf(each, PRICES)[5]!, 0) / 1e9
}

function periodOf(ms: number, period: Period, { timeZone, weekStart }: Calendar): string {
  let date = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone).toPlainDate()
  if (period === 'month') return date.toPlainYearMonth().toString()
  if (period === 'week') {
    const name = (): string => date.toLocaleString('en', { weekday: 'long' }).toLowerCase()
    while (name() !== weekStart) date = date.subtract({ days: 1 })
  }
  return date.toString()
}

/** The sum in nano-dollars; each value is an integer number of them. */
function nanos(all: readonly Sample[]): number {
  return all.reduce((sum, { value }) => sum + Math.round(value * 1e9), 0)
}

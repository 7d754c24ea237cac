// Calendar days, weeks and months: each starts where the previous one ends, whatever its length.
import { describe, expect, it } from 'vitest'
import {
  createPeriodFinder,
  currentPeriods,
  lastDays,
  lastMonths,
  minuteInZone,
  previousPeriods,
  spanOfDate,
  zoneName,
} from '../../src/metrics/calendar.js'

const HOUR = 3_600_000

describe('lastDays', () => {
  it.each([
    ['UTC', '2026-03-02T00:00:00.000Z', ['2026-02-28', '2026-03-01', '2026-03-02'], [24, 24, 24]],
    ['UTC', '2026-03-01T23:59:59.999Z', ['2026-02-27', '2026-02-28', '2026-03-01'], [24, 24, 24]],
    ['Europe/Berlin', '2026-03-29T22:00:00.000Z', ['2026-03-28', '2026-03-29', '2026-03-30'], [24, 23, 24]],
    ['America/New_York', '2026-11-02T04:59:59.999Z', ['2026-10-30', '2026-10-31', '2026-11-01'], [24, 24, 25]],
    ['Australia/Lord_Howe', '2026-04-05T12:00:00.000Z', ['2026-04-03', '2026-04-04', '2026-04-05'], [24, 24, 24.5]],
    // The clock of Beirut skips midnight: the day starts at one.
    ['Asia/Beirut', '2026-03-29T12:00:00.000Z', ['2026-03-27', '2026-03-28', '2026-03-29'], [24, 24, 23]],
  ])('%s at %s', (zone, now, dates, hours) => {
    const days = lastDays(Date.parse(now), zone, 3)
    expect(days.map(({ date }) => date)).toEqual(dates)
    expect(days.map(({ fromMs, toMs }) => (toMs - fromMs) / HOUR)).toEqual(hours)
    expect(days.slice(1).map(({ fromMs }) => fromMs)).toEqual(days.slice(0, -1).map(({ toMs }) => toMs))
    expect(Date.parse(now)).toBeGreaterThanOrEqual(days[2]!.fromMs)
    expect(Date.parse(now)).toBeLessThan(days[2]!.toMs)
  })
})

describe('lastMonths', () => {
  it.each([
    ['UTC', '2026-03-01T00:00:00.000Z', ['2026-01', '2026-02', '2026-03'], [31, 28, 31]],
    ['UTC', '2024-02-29T23:59:59.999Z', ['2023-12', '2024-01', '2024-02'], [31, 31, 29]],
    ['UTC', '2026-05-31T12:00:00.000Z', ['2026-03', '2026-04', '2026-05'], [31, 30, 31]],
    ['Europe/Berlin', '2026-10-31T23:00:00.000Z', ['2026-09', '2026-10', '2026-11'], [30, 31 + 1 / 24, 30]],
    ['America/New_York', '2026-04-01T03:59:59.999Z', ['2026-01', '2026-02', '2026-03'], [31, 28, 31 - 1 / 24]],
    // The clock skips midnight on the first of a month.
    ['America/Asuncion', '2023-10-15T12:00:00.000Z', ['2023-08', '2023-09', '2023-10'], [31, 30, 31 - 1 / 24]],
  ])('%s at %s', (zone, now, names, days) => {
    const months = lastMonths(Date.parse(now), zone, 3)
    expect(months.map(({ month }) => month)).toEqual(names)
    expect(months.map(({ fromMs, toMs }) => (toMs - fromMs) / HOUR / 24)).toEqual(days)
    expect(months.slice(1).map(({ fromMs }) => fromMs)).toEqual(months.slice(0, -1).map(({ toMs }) => toMs))
    expect(Date.parse(now)).toBeGreaterThanOrEqual(months[2]!.fromMs)
    expect(Date.parse(now)).toBeLessThan(months[2]!.toMs)
  })
})

describe('previousPeriods', () => {
  it.each([
    ['Europe/Berlin', 'monday', '2026-11-22T12:00:00Z', [24, 7 * 24, 31 * 24 + 1]],
    ['Europe/Berlin', 'monday', '2026-10-26T12:00:00Z', [25, 7 * 24 + 1, 30 * 24]],
    ['America/New_York', 'sunday', '2026-03-15T12:00:00Z', [24, 7 * 24 - 1, 28 * 24]],
    ['UTC', 'saturday', '2026-01-01T00:00:00Z', [24, 7 * 24, 31 * 24]],
    ['Asia/Beirut', 'monday', '2026-03-30T12:00:00Z', [23, 7 * 24 - 1, 28 * 24]],
  ] as const)('%s, weeks from %s, at %s', (timeZone, weekStart, now, hours) => {
    const calendar = { timeZone, weekStart }
    const current = currentPeriods(Date.parse(now), calendar)
    const previous = previousPeriods(Date.parse(now), calendar)
    expect(previous.map(({ toMs }) => toMs)).toEqual(current.map(({ fromMs }) => fromMs))
    expect(previous.map(({ fromMs, toMs }) => (toMs - fromMs) / HOUR)).toEqual(hours)
  })
})

describe('createPeriodFinder', () => {
  it.each([
    // Berlin's clock goes from two to three on 29 March, and from three to two on 25 October.
    ['Europe/Berlin', 'day', '2026-03-29T21:59:59.999Z', '2026-03-29', 23],
    ['Europe/Berlin', 'day', '2026-03-29T22:00:00.000Z', '2026-03-30', 24],
    ['Europe/Berlin', 'day', '2026-10-25T22:59:59.999Z', '2026-10-25', 25],
    ['Europe/Berlin', 'week', '2026-03-29T21:59:59.999Z', '2026-03-23', 7 * 24 - 1],
    ['Europe/Berlin', 'week', '2026-03-29T22:00:00.000Z', '2026-03-30', 7 * 24],
    ['Europe/Berlin', 'month', '2026-10-31T22:59:59.999Z', '2026-10-01', 31 * 24 + 1],
    ['America/New_York', 'month', '2026-11-01T03:59:59.999Z', '2026-10-01', 31 * 24],
    ['Asia/Kathmandu', 'day', '2026-11-21T18:15:00.000Z', '2026-11-22', 24],
    ['Asia/Beirut', 'day', '2026-03-28T22:00:00.000Z', '2026-03-29', 23],
    ['UTC', 'month', '1970-01-01T00:00:00.000Z', '1970-01-01', 31 * 24],
  ] as const)('%s, %s, %s', (timeZone, period, time, date, hours) => {
    const timeMs = Date.parse(time)
    const find = createPeriodFinder(period, { timeZone, weekStart: 'monday' })
    // The answer does not depend on earlier calls.
    for (const other of [timeMs, timeMs - 1, timeMs + 1, timeMs]) {
      const { fromMs, toMs } = find(other)
      expect([fromMs <= other, other < toMs]).toEqual([true, true])
    }
    const found = find(timeMs)
    expect([found.date, (found.toMs - found.fromMs) / HOUR]).toEqual([date, hours])
  })

  it('uses the configured first day of the week', () => {
    const find = createPeriodFinder('week', { timeZone: 'UTC', weekStart: 'sunday' })
    expect(find(Date.parse('2026-11-22T00:00:00Z')).date).toBe('2026-11-22')
    expect(find(Date.parse('2026-11-21T23:59:59Z')).date).toBe('2026-11-15')
  })

  it('is complemented by spanOfDate for a date and minuteInZone for the minute of a time', () => {
    expect(spanOfDate('2026-10-25', 'Europe/Berlin')).toEqual({
      fromMs: Date.parse('2026-10-24T22:00:00Z'),
      toMs: Date.parse('2026-10-25T23:00:00Z'),
    })
    expect(minuteInZone(Date.parse('2026-11-22T23:59:59.999Z'), 'Asia/Kathmandu')).toBe('2026-11-23 05:44')
  })
})

describe('zoneName', () => {
  it("returns the name of the system's time zone for 'local'", () => {
    const days = lastDays(Date.parse('2026-11-22T12:00:00Z'), 'local', 1)
    expect(days).toEqual(lastDays(Date.parse('2026-11-22T12:00:00Z'), zoneName('local'), 1))
    expect(new Date(days[0]!.fromMs).getHours()).toBe(0)
  })

  it('returns any other name unchanged', () => {
    expect(zoneName('Europe/Berlin')).toBe('Europe/Berlin')
  })
})

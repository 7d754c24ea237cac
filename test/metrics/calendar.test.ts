// Days as calendars have them: each begins where the one before it ended, however long it was.
import { describe, expect, it } from 'vitest'
import { currentPeriods, lastDays, lastMonths, previousPeriods, zoneName } from '../../src/metrics/calendar.js'

const HOUR = 3_600_000

describe('lastDays', () => {
  it.each([
    ['UTC', '2026-03-02T00:00:00.000Z', ['2026-02-28', '2026-03-01', '2026-03-02'], [24, 24, 24]],
    ['UTC', '2026-03-01T23:59:59.999Z', ['2026-02-27', '2026-02-28', '2026-03-01'], [24, 24, 24]],
    ['Europe/Berlin', '2026-03-29T22:00:00.000Z', ['2026-03-28', '2026-03-29', '2026-03-30'], [24, 23, 24]],
    ['America/New_York', '2026-11-02T04:59:59.999Z', ['2026-10-30', '2026-10-31', '2026-11-01'], [24, 24, 25]],
    ['Australia/Lord_Howe', '2026-04-05T12:00:00.000Z', ['2026-04-03', '2026-04-04', '2026-04-05'], [24, 24, 24.5]],
    // The clocks of Lebanon skip midnight: the day begins at one.
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
    // Clocks that skip midnight on the first of a month.
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

describe('zoneName', () => {
  it('gives the name of the zone of the system', () => {
    const days = lastDays(Date.parse('2026-11-22T12:00:00Z'), 'local', 1)
    expect(days).toEqual(lastDays(Date.parse('2026-11-22T12:00:00Z'), zoneName('local'), 1))
    expect(new Date(days[0]!.fromMs).getHours()).toBe(0)
  })

  it('leaves other names alone', () => {
    expect(zoneName('Europe/Berlin')).toBe('Europe/Berlin')
  })
})

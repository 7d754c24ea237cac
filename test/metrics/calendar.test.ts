// Days as calendars have them: each begins where the one before it ended, however long it was.
import { describe, expect, it } from 'vitest'
import { lastDays, zoneName } from '../../src/metrics/calendar.js'

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

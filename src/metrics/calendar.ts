// Days, weeks and months of a time zone, exact across changes of its clock.
import { Temporal } from 'temporal-polyfill'
import { DAY_MS, PERIODS, WEEKDAYS, type Period, type Weekday } from '../core/totals/period.js'
import type { Span } from '../core/totals/span-costs.js'

export type { Span }

export interface Calendar {
  /** IANA name, or `local` for the system's time zone. */
  readonly timeZone: string
  readonly weekStart: Weekday
}

/** A calendar day, or the first of several; `date` is in ISO 8601 format: `2026-11-22`. */
export interface CalendarDay extends Span {
  readonly date: string
}

/** A calendar month in ISO 8601 format: `2026-11`. */
export interface CalendarMonth extends Span {
  readonly month: string
}

/** The current day, week and month, in the order of `PERIODS`. */
export function currentPeriods(nowMs: number, calendar: Calendar): readonly Span[] {
  return PERIODS.map((period) => periodAt(nowMs, period, calendar))
}

/** Yesterday, last week and last month, in the order of `PERIODS`. */
export function previousPeriods(nowMs: number, calendar: Calendar): readonly Span[] {
  return PERIODS.map((period) => periodAt(nowMs, period, calendar, 1))
}

/** The day, week or month of a time, or the one `ago` periods earlier, with its first date. */
function periodAt(timeMs: number, period: Period, { timeZone, weekStart }: Calendar, ago = 0): CalendarDay {
  const zone = zoneName(timeZone)
  const day = dateAt(timeMs, zone)
  const span = (from: Temporal.PlainDate, length: Temporal.DurationLike): CalendarDay => {
    return { date: from.toString(), fromMs: startOf(from, zone), toMs: startOf(from.add(length), zone) }
  }
  switch (period) {
    case 'day':
      return span(day.subtract({ days: ago }), { days: 1 })
    case 'week': {
      const days = ((day.dayOfWeek - 1 - WEEKDAYS.indexOf(weekStart) + 7) % 7) + 7 * ago
      return span(day.subtract({ days }), { days: 7 })
    }
    case 'month':
      return span(day.with({ day: 1 }).subtract({ months: ago }), { months: 1 })
  }
}

/**
 * Creates the function that finds the period of a time. Results are cached by day, so that half a million times can be
 * looked up.
 */
export function createPeriodFinder(period: Period, calendar: Calendar): (timeMs: number) => CalendarDay {
  const remembered = new Map<number, readonly CalendarDay[]>()
  return (timeMs) => {
    const utcDay = Math.floor(timeMs / DAY_MS)
    const known = remembered.get(utcDay) ?? []
    const found = known.find(({ fromMs, toMs }) => timeMs >= fromMs && timeMs < toMs)
    if (found !== undefined) return found
    const next = periodAt(timeMs, period, calendar)
    remembered.set(utcDay, [...known, next])
    return next
  }
}

/** The day of a date such as 2026-11-22. @throws RangeError if it is not a date */
export function spanOfDate(date: string, timeZone: string): Span {
  const zone = zoneName(timeZone)
  const day = Temporal.PlainDate.from(date)
  return { fromMs: startOf(day, zone), toMs: startOf(day.add({ days: 1 }), zone) }
}

/** The current periods, recomputed when the day is over or the calendar has changed. */
export function createPeriods(now: () => number, calendar: () => Calendar): () => readonly Span[] {
  let spans: readonly Span[] = []
  let liveConfig: Calendar | undefined
  return () => {
    const nowMs = now()
    const { timeZone, weekStart } = calendar()
    const sameDay = spans[0] !== undefined && nowMs >= spans[0].fromMs && nowMs < spans[0].toMs
    const sameCalendar = liveConfig?.timeZone === timeZone && liveConfig.weekStart === weekStart
    if (!sameDay || !sameCalendar) spans = currentPeriods(nowMs, { timeZone, weekStart })
    liveConfig = { timeZone, weekStart }
    return spans
  }
}

/** The last days up to the current one, oldest first; each begins where the previous one ended. */
export function lastDays(nowMs: number, timeZone: string, count: number): readonly CalendarDay[] {
  const zone = zoneName(timeZone)
  const today = dateAt(nowMs, zone)
  return Array.from({ length: count }, (_, index) => {
    const date = today.subtract({ days: count - 1 - index })
    const [fromMs, toMs] = [startOf(date, zone), startOf(date.add({ days: 1 }), zone)]
    return { date: date.toString(), fromMs, toMs }
  })
}

/** The last months up to the current one, oldest first; each begins where the previous one ended. */
export function lastMonths(nowMs: number, timeZone: string, count: number): readonly CalendarMonth[] {
  const zone = zoneName(timeZone)
  const current = dateAt(nowMs, zone).with({ day: 1 })
  return Array.from({ length: count }, (_, index) => {
    const first = current.subtract({ months: count - 1 - index })
    const [fromMs, toMs] = [startOf(first, zone), startOf(first.add({ months: 1 }), zone)]
    return { month: first.toPlainYearMonth().toString(), fromMs, toMs }
  })
}

/** Local date and time in a zone: `2026-11-22 12:00`. */
export function minuteInZone(timeMs: number, timeZone: string): string {
  const time = Temporal.Instant.fromEpochMilliseconds(Math.floor(timeMs)).toZonedDateTimeISO(zoneName(timeZone))
  return time.toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' ')
}

/**
 * The IANA name. If the system's cannot be determined (`TZ=` or `TZ=:/etc/localtime`), JavaScript uses UTC, and so does
 * this.
 */
export function zoneName(timeZone: string): string {
  if (timeZone !== 'local') return timeZone
  const name = Intl.DateTimeFormat().resolvedOptions().timeZone as string | undefined
  return name === undefined || name === 'Etc/Unknown' ? 'UTC' : name
}

/** The local date. */
function dateAt(nowMs: number, timeZone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(nowMs)).toZonedDateTimeISO(timeZone).toPlainDate()
}

/** Midnight, or the first moment after it if clocks skip midnight. */
function startOf(date: Temporal.PlainDate, timeZone: string): number {
  return date.toZonedDateTime(timeZone).epochMilliseconds
}

// Days, weeks and months of a time zone, exact across changes of its clock.
import { Temporal } from 'temporal-polyfill'
import { WEEKDAYS, type Weekday } from '../core/period.js'

export interface Calendar {
  /** IANA name. */
  readonly timeZone: string
  readonly weekStart: Weekday
}

/** Milliseconds since the epoch; `toMs` is excluded. */
export interface Span {
  readonly fromMs: number
  readonly toMs: number
}

/** A day of the calendar; `date` is as ISO 8601 writes it: `2026-11-22`. */
export interface CalendarDay extends Span {
  readonly date: string
}

/** The current day, week and month, in the order of `PERIODS`. */
export function currentPeriods(nowMs: number, { timeZone, weekStart }: Calendar): readonly Span[] {
  const today = dateAt(nowMs, timeZone)
  const start = (date: Temporal.PlainDate): number => startOf(date, timeZone)
  const week = today.subtract({ days: (today.dayOfWeek - 1 - WEEKDAYS.indexOf(weekStart) + 7) % 7 })
  const first = today.with({ day: 1 })
  return [
    { fromMs: start(today), toMs: start(today.add({ days: 1 })) },
    { fromMs: start(week), toMs: start(week.add({ days: 7 })) },
    { fromMs: start(first), toMs: start(first.add({ months: 1 })) },
  ]
}

/** The last days up to the current one, oldest first; each begins where the one before it ended. */
export function lastDays(nowMs: number, timeZone: string, count: number): readonly CalendarDay[] {
  const today = dateAt(nowMs, timeZone)
  return Array.from({ length: count }, (_, index) => {
    const date = today.subtract({ days: count - 1 - index })
    const [fromMs, toMs] = [startOf(date, timeZone), startOf(date.add({ days: 1 }), timeZone)]
    return { date: date.toString(), fromMs, toMs }
  })
}

/** The date on the wall. */
function dateAt(nowMs: number, timeZone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(nowMs)).toZonedDateTimeISO(timeZone).toPlainDate()
}

/** Midnight, or the first moment after it where clocks skip midnight. */
function startOf(date: Temporal.PlainDate, timeZone: string): number {
  return date.toZonedDateTime(timeZone).epochMilliseconds
}

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

/** The current day, week and month, in the order of `PERIODS`. */
export function currentPeriods(nowMs: number, { timeZone, weekStart }: Calendar): readonly Span[] {
  const today = Temporal.Instant.fromEpochMilliseconds(Math.floor(nowMs)).toZonedDateTimeISO(timeZone).toPlainDate()
  const start = (date: Temporal.PlainDate): number => date.toZonedDateTime(timeZone).epochMilliseconds
  const week = today.subtract({ days: (today.dayOfWeek - 1 - WEEKDAYS.indexOf(weekStart) + 7) % 7 })
  const first = today.with({ day: 1 })
  return [
    { fromMs: start(today), toMs: start(today.add({ days: 1 })) },
    { fromMs: start(week), toMs: start(week.add({ days: 7 })) },
    { fromMs: start(first), toMs: start(first.add({ months: 1 })) },
  ]
}

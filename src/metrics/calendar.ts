// Days, weeks and months of a time zone, exact across changes of its clock.
import { Temporal } from 'temporal-polyfill'
import { WEEKDAYS, type Weekday } from '../core/totals/period.js'
import type { Span } from '../core/totals/span-costs.js'

export type { Span }

export interface Calendar {
  /** IANA name, or `local` for the system's time zone. */
  readonly timeZone: string
  readonly weekStart: Weekday
}

/** A calendar day; `date` is in ISO 8601 format: `2026-11-22`. */
export interface CalendarDay extends Span {
  readonly date: string
}

/** A month of the calendar, as ISO 8601 writes it: `2026-11`. */
export interface CalendarMonth extends Span {
  readonly month: string
}

/** The current day, week and month, in the order of `PERIODS`. */
export function currentPeriods(nowMs: number, calendar: Calendar): readonly Span[] {
  return periodsAgo(0, nowMs, calendar)
}

/** Yesterday, last week and last month, in the order of `PERIODS`. */
export function previousPeriods(nowMs: number, calendar: Calendar): readonly Span[] {
  return periodsAgo(1, nowMs, calendar)
}

function periodsAgo(ago: number, nowMs: number, { timeZone, weekStart }: Calendar): readonly Span[] {
  const zone = zoneName(timeZone)
  const today = dateAt(nowMs, zone)
  const start = (date: Temporal.PlainDate): number => startOf(date, zone)
  const day = today.subtract({ days: ago })
  const week = today.subtract({ days: ((today.dayOfWeek - 1 - WEEKDAYS.indexOf(weekStart) + 7) % 7) + 7 * ago })
  const first = today.with({ day: 1 }).subtract({ months: ago })
  return [
    { fromMs: start(day), toMs: start(day.add({ days: 1 })) },
    { fromMs: start(week), toMs: start(week.add({ days: 7 })) },
    { fromMs: start(first), toMs: start(first.add({ months: 1 })) },
  ]
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

/** The last months up to the current one, oldest first; each begins where the one before it ended. */
export function lastMonths(nowMs: number, timeZone: string, count: number): readonly CalendarMonth[] {
  const zone = zoneName(timeZone)
  const current = dateAt(nowMs, zone).with({ day: 1 })
  return Array.from({ length: count }, (_, index) => {
    const first = current.subtract({ months: count - 1 - index })
    const [fromMs, toMs] = [startOf(first, zone), startOf(first.add({ months: 1 }), zone)]
    return { month: first.toPlainYearMonth().toString(), fromMs, toMs }
  })
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

// Days, weeks and months of a time zone, exact across changes of its clock.
import { Temporal } from 'temporal-polyfill'

export const PERIODS = ['day', 'week', 'month'] as const
export type Period = (typeof PERIODS)[number]

/** Milliseconds since the epoch; `toMs` is excluded. */
export interface Span {
  readonly fromMs: number
  readonly toMs: number
}

/** The current day, week (from Monday) and month, in the order of `PERIODS`. */
export function currentPeriods(nowMs: number, timeZone: string): readonly Span[] {
  const today = Temporal.Instant.fromEpochMilliseconds(Math.floor(nowMs)).toZonedDateTimeISO(timeZone).toPlainDate()
  const start = (date: Temporal.PlainDate): number => date.toZonedDateTime(timeZone).epochMilliseconds
  const monday = today.subtract({ days: today.dayOfWeek - 1 })
  const first = today.with({ day: 1 })
  return [
    { fromMs: start(today), toMs: start(today.add({ days: 1 })) },
    { fromMs: start(monday), toMs: start(monday.add({ days: 7 })) },
    { fromMs: start(first), toMs: start(first.add({ months: 1 })) },
  ]
}

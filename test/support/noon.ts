// A time zone in which it is about noon now, so that no day, week or month ends during a test.

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

export interface Noon {
  /** For `--timezone`. */
  readonly timeZone: string
  /** Starts of the current day, week (from Monday) and month in that zone, in milliseconds since 1970. */
  readonly starts: Readonly<Record<'day' | 'week' | 'month', number>>
}

export function noon(nowMs: number): Noon {
  const hours = 12 - new Date(nowMs).getUTCHours()
  // Local time, written as if it were UTC.
  const wall = new Date(nowMs + hours * HOUR_MS)
  const day = wall.getTime() - (wall.getTime() % DAY_MS)
  const onTheWall = {
    day,
    week: day - ((wall.getUTCDay() + 6) % 7) * DAY_MS,
    month: Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth()),
  }
  const at = (time: number): number => time - hours * HOUR_MS
  return {
    // In these names, zones east of Greenwich have a minus sign.
    timeZone: `Etc/GMT${hours > 0 ? '-' : '+'}${Math.abs(hours)}`,
    starts: { day: at(onTheWall.day), week: at(onTheWall.week), month: at(onTheWall.month) },
  }
}

// Timestamps as written in logs.

const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):?(\d\d))?$/

/** The usual form, on days that every month has: parsed in less than half the time that `Date` takes. */
const MOST_COMMON = /^\d{4}-(?:0\d|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/

/**
 * Milliseconds since the epoch of an RFC 3339 time, UTC if it names no zone; NaN for anything else, including days that
 * do not exist. Fractions of a millisecond are cut off.
 */
export function parseTimestamp(value: unknown): number {
  if (typeof value !== 'string') return Number.NaN
  if (value.length === 24 && MOST_COMMON.test(value)) return Date.parse(value)
  const match = RFC_3339.exec(value.trim())
  if (match === null) return Number.NaN
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  if (hour > 23 || minute > 59 || second > 60) return Number.NaN
  // A Date takes the 30th of February for the 2nd of March, and Date.UTC the year 99 for 1999.
  const midnight = new Date(0)
  midnight.setUTCFullYear(year, month - 1, day)
  if (midnight.getUTCMonth() !== month - 1 || midnight.getUTCDate() !== day) return Number.NaN
  const [fraction = '', sign, zoneHours = 0, zoneMinutes = 0] = match.slice(7)
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, '0'))
  const zone = (Number(zoneHours) * 60 + Number(zoneMinutes)) * (sign === '-' ? -60_000 : 60_000)
  return midnight.getTime() + ((hour * 60 + minute) * 60 + second) * 1000 + milliseconds - zone
}

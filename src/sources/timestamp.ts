// Timestamps as logs write them.

const RFC_3339 = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(\.\d{1,9})?\d*(Z|z|[+-]\d\d:?\d\d)?$/

/** Milliseconds since the epoch of an RFC 3339 time, UTC where it names no zone; NaN for anything else. */
export function parseTimestamp(value: unknown): number {
  if (typeof value !== 'string') return Number.NaN
  const match = RFC_3339.exec(value.trim())
  if (match === null) return Number.NaN
  const [, date, time, fraction = '', zone = 'Z'] = match
  // Date.parse takes three digits of a second everywhere, more only by custom; a zone with its colon.
  const zoneWithColon = zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone.toUpperCase()
  return Date.parse(`${date!}T${time!}${fraction.slice(0, 4)}${zoneWithColon}`)
}

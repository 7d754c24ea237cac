// Parses RFC 3339 and nothing else: "2026" and "Nov 1", which Date.parse accepts, are no timestamps here.

const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?$/i

/** Milliseconds since 1970, or undefined; a missing zone is UTC. */
export function timestampMs(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined
  const parts = RFC_3339.exec(value)
  if (!parts) return undefined
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const millis = Number((parts[7] ?? '').slice(0, 3).padEnd(3, '0'))
  const wall = new Date(Date.UTC(year, month - 1, day, hour, minute, second, millis))
  const rolledOver = wall.getUTCMonth() !== month - 1 || wall.getUTCDate() !== day || hour > 23 || minute > 59
  if (rolledOver || second > 59) return undefined
  return wall.getTime() - zoneMinutes(parts[8] ?? 'Z') * 60_000
}

function zoneMinutes(zone: string): number {
  if (zone.toUpperCase() === 'Z') return 0
  const [hours = 0, minutes = 0] = zone.slice(1).split(':').map(Number)
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)
}

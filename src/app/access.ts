// What this process can read of the logs, root by root. "No logs" and "not allowed to read them" look the same in every
// counter, but need different remedies.
import { sep } from 'node:path'
import type { Unread } from '../ingest/pass-report.js'
import type { Root } from '../ingest/roots.js'

/**
 * `missing`: no directory. `unreachable`: it may not be entered or listed. `unreadable`: nothing in it can be read.
 * `partial`: some of it cannot be read. `empty`: no log files yet.
 */
export type Access = 'read' | 'empty' | 'partial' | 'unreadable' | 'unreachable' | 'missing'

export interface RootAccess {
  readonly agent: string
  /** The user named it, so it is expected to hold logs. A default need not exist. */
  readonly named: boolean
  /** The path that was checked. */
  readonly path: string
  readonly access: Access
  /** Log files, and folders or links, that the last full pass could not read. */
  readonly unreadFiles: number
  readonly unreadPlaces: number
}

/** @param known paths of the log files that have ever been read and still exist */
export function accessTo(roots: readonly Root[], unread: Unread, known: () => Iterable<string>): readonly RootAccess[] {
  const real = roots.flatMap(({ path }) => path ?? [])
  // A link may lead out of every root, and its owner is then unknown.
  const isOutside = (path: string): boolean => !real.some((root) => isWithin(root, path))
  return roots.map(({ source, named, wanted, path, unreachable }): RootAccess => {
    const root = { agent: source.agent, named, path: wanted, unreadFiles: 0, unreadPlaces: 0 }
    if (path === undefined) return { ...root, access: unreachable === undefined ? 'missing' : 'unreachable' }
    // Files in an inner root belong to that root.
    const inner = real.filter((other) => other !== path && isWithin(path, other))
    const isOwn = (one: string): boolean => isWithin(path, one) && !inner.some((other) => isWithin(other, one))
    const belongs = (one: string): boolean => isOwn(one) || isOutside(one)
    const places = unread.places.filter(belongs)
    const files = [...unread.files.keys()].filter(belongs)
    const isRead = (one: string): boolean =>
      belongs(one) && !unread.files.has(one) && !places.some((place) => isWithin(place, one))
    const counts = { unreadFiles: files.length, unreadPlaces: places.length }
    if (places.includes(path)) return { ...root, ...counts, access: 'unreachable' }
    const whole = places.length === 0 && files.length === 0
    if (some(known(), isRead)) return { ...root, ...counts, access: whole ? 'read' : 'partial' }
    return { ...root, ...counts, access: whole ? 'empty' : 'unreadable' }
  })
}

/** Whether a source is up, that is, one of its roots can be read. */
export const isUp = (agent: string, roots: readonly RootAccess[]): boolean =>
  roots.some(
    (root) => root.agent === agent && (root.access === 'read' || root.access === 'partial' || root.access === 'empty'),
  )

const isWithin = (directory: string, path: string): boolean => path === directory || path.startsWith(directory + sep)

function some<T>(all: Iterable<T>, holds: (one: T) => boolean): boolean {
  for (const one of all) if (holds(one)) return true
  return false
}

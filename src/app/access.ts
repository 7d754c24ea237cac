// Determines how much of the logs this process can read, root by root. "No logs" and "not allowed to read them" look
// the same in every counter, but need different remedies.
import { dirname, sep } from 'node:path'
import type { PassReport } from '../ingest/pass-report.js'

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
  /** Why it is unreachable. */
  readonly reason?: string
  /** Log files, and folders or links, that the last full pass could not read. */
  readonly unreadFiles: number
  readonly unreadPlaces: number
}

/** @param known paths of the log files that have ever been read and still exist */
export function accessTo(
  { roots, unread, outside }: Pick<PassReport, 'roots' | 'unread' | 'outside'>,
  known: () => Iterable<string>,
): readonly RootAccess[] {
  const real = roots.flatMap(({ path }) => path ?? [])
  const isOutside = (path: string): boolean => !real.some((root) => isWithin(root, path))
  return roots.map(({ source: { agent }, named, wanted, path, unreachable }): RootAccess => {
    const root = { agent, named, path: wanted, unreadFiles: 0, unreadPlaces: 0 }
    if (path === undefined && unreachable === undefined) return { ...root, access: 'missing' }
    if (path === undefined) return { ...root, access: 'unreachable', reason: unreachable! }
    // Files in an inner root belong to that root.
    const inner = real.filter((other) => other !== path && isWithin(path, other))
    const isOwn = (one: string): boolean => isWithin(path, one) && !inner.some((other) => isWithin(other, one))
    // If a link leads out of every root, it is unknown which of the agent's roots contains the link.
    const isLinked = (one: string): boolean => outside.size > 0 && isOutside(one) && agentAt(one, outside) === agent
    const belongs = (one: string): boolean => isOwn(one) || isLinked(one)
    const places = [...unread.places.keys()].filter(belongs)
    const files = [...unread.files.keys()].filter(belongs)
    const isRead = (one: string): boolean =>
      belongs(one) && !unread.files.has(one) && !places.some((place) => isWithin(place, one))
    const counts = { unreadFiles: files.length, unreadPlaces: places.length }
    const reason = unread.places.get(path)
    if (reason !== undefined) return { ...root, ...counts, access: 'unreachable', reason }
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

/** The agent whose link leads to the path, or to a directory above it. */
function agentAt(path: string, outside: ReadonlyMap<string, string>): string | undefined {
  for (let at = path; ; at = dirname(at)) if (outside.has(at) || at === dirname(at)) return outside.get(at)
}

const isWithin = (directory: string, path: string): boolean => path === directory || path.startsWith(directory + sep)

function some<T>(all: Iterable<T>, holds: (one: T) => boolean): boolean {
  for (const one of all) if (holds(one)) return true
  return false
}

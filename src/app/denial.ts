// Explains why a path may not be read: who this process is, who owns the path, and what usually helps.
import { statSync, type Stats } from 'node:fs'
import { dirname } from 'node:path'

export interface Denial {
  /** What stands in the way: the path itself, or a directory above it that may not be entered. */
  readonly barrier: string
  readonly mode: string
  readonly owner: number
  readonly group: number
  /** Of this process. */
  readonly uid: number
  readonly gid: number
}

/** undefined when something else is wrong, and where there are no owners and modes. @param reason an error in words */
export function denialOf(path: string, reason: string): Denial | undefined {
  if (!/\b(?:EACCES|EPERM)\b/.test(reason)) return undefined
  const { geteuid, getegid } = process
  if (geteuid === undefined || getegid === undefined) return undefined
  const found = firstAccessible(path)
  if (found === undefined) return undefined
  const { barrier, stat } = found
  const mode = (stat.mode & 0o7777).toString(8).padStart(4, '0')
  return { barrier, mode, owner: stat.uid, group: stat.gid, uid: geteuid(), gid: getegid() }
}

export function remedyOf({ owner, group, uid }: Denial): string {
  if (owner === uid)
    return 'permission denied to the owner itself: chmod u+rX; where the mode is right, look at SELinux labels, AppArmor and the mount'
  return (
    'permission denied: run the exporter as the owner of the logs ' +
    `(in a container --user ${owner}:${group}; rootless podman: --userns=keep-id as well), or let a group or an ACL read them`
  )
}

function firstAccessible(path: string): { readonly barrier: string; readonly stat: Stats } | undefined {
  try {
    return { barrier: path, stat: statSync(path) }
  } catch {
    // Below a directory that may not be entered, `stat` fails.
    const above = dirname(path)
    return above === path ? undefined : firstAccessible(above)
  }
}

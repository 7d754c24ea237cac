// Explains why a path may not be read: who this process is, who owns the path, and what usually helps.
import { readlinkSync, statSync, type Stats } from 'node:fs'
import { dirname, resolve } from 'node:path'

/** Links may form a circle. */
const MAX_LINKS = 40

export interface Denial {
  /** The path that denies access: the path itself, or a directory above it that may not be entered. */
  readonly barrier: string
  readonly mode: string
  readonly owner: number
  readonly group: number
  /** The ids of this process. */
  readonly uid: number
  readonly gid: number
}

/** Undefined if something else is wrong, or on systems without owners and modes. @param reason the error message */
export function denialOf(path: string, reason: string): Denial | undefined {
  if (!isDenied(reason)) return undefined
  const { geteuid, getegid } = process
  if (geteuid === undefined || getegid === undefined) return undefined
  const found = firstAccessible(path)
  if (found === undefined) return undefined
  const { barrier, stat } = found
  const mode = (stat.mode & 0o7777).toString(8).padStart(4, '0')
  return { barrier, mode, owner: stat.uid, group: stat.gid, uid: geteuid(), gid: getegid() }
}

/** @param reason an error in words */
export const isDenied = (reason: string): boolean => /\b(?:EACCES|EPERM)\b/.test(reason)

export function remedyOf({ owner, group, uid }: Denial): string {
  if (owner === uid)
    return 'permission denied although this user is the owner: run chmod u+rX, or if the mode allows it, check SELinux labels, AppArmor and the mount'
  return (
    'permission denied: run the exporter as the owner of the logs ' +
    `(in a container, --user ${owner}:${group}; with rootless podman, also --userns=keep-id), or grant read access to a group or with an ACL`
  )
}

function firstAccessible(
  path: string,
  links = MAX_LINKS,
): { readonly barrier: string; readonly stat: Stats } | undefined {
  try {
    return { barrier: path, stat: statSync(path) }
  } catch {
    // `stat` fails below a directory that may not be entered, and at a link that leads there.
    const target = links > 0 ? linkAt(path) : undefined
    if (target !== undefined) return firstAccessible(target, links - 1)
    return dirname(path) === path ? undefined : firstAccessible(dirname(path), links)
  }
}

/** Target of a link; undefined if the path is not a link or cannot be read. */
function linkAt(path: string): string | undefined {
  try {
    return resolve(dirname(path), readlinkSync(path))
  } catch {
    return undefined
  }
}

// Project of a session and the label it is shown under (claude-code-logs 1.3).
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { trimmed } from './record.js'
import type { JsonObject } from './objects.js'
import type { Place } from './transcripts.js'

/** Where a directory was named: one per object that has a `cwd`, in file order, files sorted by path. */
export interface Sighting {
  readonly place: Place
  readonly cwd: string
}

export function sightingOf(object: JsonObject, place: Place): Sighting | undefined {
  const cwd = trimmed(object.cwd)
  return cwd === '' ? undefined : { place, cwd }
}

/** Full path of the project a place belongs to; the slug itself when its session never names a directory. */
export function projectOf(place: Place, sightings: readonly Sighting[]): string {
  const session = sightings.filter((one) => one.place.slug === place.slug && one.place.session === place.session)
  const seen = session.find((one) => one.place.main) ?? session[0]
  return seen ? foldWorktree(normalised(seen.cwd)) : place.slug
}

/** Shortest tail of each path, in whole components, that no other path ends in. */
export function labels(paths: readonly string[]): Map<string, string> {
  const distinct = [...new Set(paths)]
  const tail = (path: string, depth: number) => path.split('/').slice(-depth).join('/')
  return new Map(
    distinct.map((path) => {
      const depthOfAll = path.split('/').length
      let depth = 1
      while (
        depth < depthOfAll &&
        distinct.some((other) => other !== path && tail(other, depth) === tail(path, depth))
      ) {
        depth++
      }
      return [path, tail(path, depth)]
    }),
  )
}

function normalised(cwd: string): string {
  const path = cwd.replaceAll('\\', '/').replace(/(?<=.)\/+$/, '')
  return path.replace(/^[a-z]:/, (drive) => drive.toUpperCase())
}

/** A worktree counts for its repository: one that Claude Code made by its path, another by its `.git` file. */
function foldWorktree(path: string): string {
  const made = path.indexOf('/.claude/worktrees/')
  if (made > 0) return path.slice(0, made)
  if (!existsSync(path)) return path
  for (let dir = path; ; dir = dirname(dir)) {
    const git = join(dir, '.git')
    if (existsSync(git)) return statSync(git).isFile() ? (mainOf(git) ?? path) : path
    if (dirname(dir) === dir) return path
  }
}

function mainOf(gitFile: string): string | undefined {
  const target = /^gitdir:\s*(.+?)\s*$/m.exec(readFileSync(gitFile, 'utf8'))?.[1]
  if (target === undefined) return undefined
  return /^(.*)\/\.git\/worktrees\/[^/]+\/?$/.exec(resolve(dirname(gitFile), target))?.[1]
}

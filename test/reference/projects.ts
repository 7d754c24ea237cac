// The project of a session and its label (claude-code-logs 1.3).
import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { trimmed } from './record.js'
import type { JsonObject } from './objects.js'
import type { Place } from './transcripts.js'

/** Places that name a directory: one for each object with a `cwd`, in file order, files sorted by path. */
export interface Sighting {
  readonly place: Place
  readonly cwd: string
}

export function sightingOf(object: JsonObject, place: Place): Sighting | undefined {
  const cwd = trimmed(object.cwd)
  return cwd === '' ? undefined : { place, cwd }
}

/** Path of the project of a place; the slug if its session never names a directory. */
export function projectOf(place: Place, sightings: readonly Sighting[]): string {
  const session = sightings.filter((one) => one.place.slug === place.slug && one.place.session === place.session)
  const seen = session.find((one) => one.place.main) ?? session[0]
  return seen ? foldWorktree(normalised(coworkFolder(seen.place.path) ?? seen.cwd)) : place.slug
}

/**
 * The shortest end of each path, in whole components below its root, that is unique; equal ones get a number. Spellings of one
 * folder share a label, and worktrees share that of their repository.
 */
export function labels(paths: readonly string[]): Map<string, string> {
  const projects = new Map(paths.map((path) => [path, foldWorktree(path)]))
  const all = [...new Set(projects.values())].sort()
  const windows = all.filter((path) => /^[A-Z]:|^[/]{2}/.test(path))
  // Each path → the path that represents its folder.
  const folder = new Map(
    all.map((path) => {
      const sameDrive = windows.find((one) => drivePath(one).toLowerCase() === drivePath(path).toLowerCase())
      return [path, sameDrive ?? all.find((one) => drivePath(one) === drivePath(path))!]
    }),
  )
  const folders = [...new Set(folder.values())].sort()
  const tails = new Map(folders.map((path) => [path, shownParts(path)]))
  const distinct = [...new Set([...tails.values()].map((parts) => parts.join('/')))].map((tail) => tail.split('/'))
  const tail = (parts: readonly string[], depth: number) => parts.slice(-depth).join('/')
  const labelOf = new Map<string, string>()
  const used = new Map<string, number>()
  for (const path of folders) {
    const parts = tails.get(path)!
    let depth = 1
    while (depth < parts.length && distinct.filter((other) => tail(other, depth) === tail(parts, depth)).length > 1)
      depth++
    const label = tail(parts, depth)
    used.set(label, (used.get(label) ?? 0) + 1)
    labelOf.set(path, used.get(label) === 1 ? label : `${label} (${String(used.get(label))})`)
  }
  return new Map([...projects].map(([path, project]) => [path, labelOf.get(folder.get(project)!)!]))
}

/** `/mnt/c/x` and `/c/x` may stand for `C:/x`. */
function drivePath(path: string): string {
  return path.replace(/^[/](?:mnt[/]|cygdrive[/])?([a-z])(?=[/]|$)/, (_, letter: string) => `${letter.toUpperCase()}:`)
}

/** A path without drive, server and home directory. */
function shownParts(path: string): string[] {
  const parts = drivePath(path)
    .replace(/^[A-Z]:(?=[/])/, '')
    .split('/')
    .filter((part) => part !== '')
  const mounted = drivePath(path) !== path && !/^[/](mnt|cygdrive)[/]/.test(path)
  if (path.startsWith('//')) return parts.slice(1)
  const at = ['var', 'export', 'usr'].includes(parts[0] ?? '') && parts[1] === 'home' ? 1 : 0
  if (['home', 'Users', 'users'].includes(parts[at] ?? '') && parts.length > at + 1) {
    return parts.length === at + 2 ? ['~'] : parts.slice(at + 2)
  }
  // `/c/src` may also be a folder on Linux.
  const whole = mounted ? path.split('/').filter((part) => part !== '') : parts
  return whole.length === 0 ? [path] : whole
}

export function normalised(cwd: string): string {
  const path = cwd.replaceAll('\\', '/').replace(/(?<=.)\/+$/, '')
  const linux = /^[/]{2}wsl(?:[.]localhost|[$])[/][^/]+([/].*)$/.exec(path)?.[1] ?? path
  return linux.replace(/^[a-z]:/, (drive) => drive.toUpperCase())
}

/** The folder that the desktop app records for a session, else the app's own project name. */
function coworkFolder(transcript: string): string | undefined {
  const [directory, rest] = transcript.split('/.claude/projects/')
  if (rest === undefined || !/[/]local-agent-mode-sessions[/].*[/]local_[^/]+$/.test(directory!)) return undefined
  if (!existsSync(`${directory!}.json`)) return 'cowork'
  const { userSelectedFolders } = JSON.parse(readFileSync(`${directory!}.json`, 'utf8')) as {
    userSelectedFolders?: string[]
  }
  return userSelectedFolders?.[0] ?? 'cowork'
}

/** The repository of a worktree, by its `.git` file, else by its path if an agent created it. */
function foldWorktree(path: string): string {
  for (let dir = path; path.startsWith('/') && !path.startsWith('//'); dir = dirname(dir)) {
    const git = join(dir, '.git')
    if (existsSync(git)) {
      const main = statSync(git).isFile() ? mainOf(git) : undefined
      if (main !== undefined) return main
      break
    }
    if (dirname(dir) === dir) break
  }
  const made = path.search(/[/][.][^/]+[/]worktrees[/][^/]/)
  const owner = basename(dirname(path.slice(0, made)))
  return made > 0 && owner !== 'home' && owner !== 'Users' ? path.slice(0, made) : path
}

function mainOf(gitFile: string): string | undefined {
  const target = /^gitdir:\s*(.+?)\s*$/m.exec(readFileSync(gitFile, 'utf8'))?.[1]
  const own = target === undefined ? '' : resolve(dirname(gitFile), target)
  if (basename(dirname(own)) !== 'worktrees') return undefined
  const pointer = join(own, 'commondir')
  const common = existsSync(pointer) ? resolve(own, readFileSync(pointer, 'utf8').trim()) : dirname(dirname(own))
  if (basename(common).startsWith('.')) return dirname(common)
  const config = join(common, 'config')
  const worktree = existsSync(config) ? /^\s*worktree = (.*)$/m.exec(readFileSync(config, 'utf8'))?.[1] : undefined
  return worktree === undefined ? common.replace(/\.git$/, '') : resolve(common, worktree)
}

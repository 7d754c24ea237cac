// Finds the roots of each agent, the directories that hold logs, and decides who reads a directory that several of them
// share. Opens no file.
import { readdirSync, statSync, type Stats } from 'node:fs'
import { dirname } from 'node:path'
import type { SourceDirectories } from '../sources/index.js'
import type { Source } from '../sources/source.js'
import { nativePath } from '../worker/path-bytes.js'
import { realPath } from './entries.js'
import { matchingPaths } from './matching-paths.js'

/** A directory that holds an agent's logs. */
export interface Root {
  readonly source: Source
  /**
   * It is expected to exist and hold logs: the user named it, or asked for the agent and none of its other roots
   * exists.
   */
  readonly named: boolean
  /** The path that was checked, below the directory that was named. */
  readonly wanted: string
  /** Symbolic links resolved; undefined if it does not exist now or cannot be reached. */
  readonly path: string | undefined
  /** Why it cannot be reached; undefined if it exists, or if nothing does. */
  readonly unreachable?: string | undefined
}

/** Two roots that are the same directory, or of which one is inside the other. */
export interface Overlap {
  /** Reads the files in both: the innermost root, or the first of two equal ones. */
  readonly reader: Root
  readonly other: Root
}

export interface FoundRoots {
  /** Each real directory once, in the order of the sources; missing ones too, because they may appear later. */
  readonly roots: readonly Root[]
  readonly overlaps: readonly Overlap[]
}

/**
 * Finds the roots of every source; patterns are expanded anew each time. An agent that nobody asked for or named
 * directories for, and that was never used here, is left out if there is another one.
 */
export function findRoots(directories: readonly SourceDirectories[]): FoundRoots {
  const found = directories.map((own) => {
    const roots = own.paths.flatMap((path) => rootsOf(own, path))
    const wanted = own.named || own.asked === true
    return isUsed(roots) || !wanted
      ? { roots, wanted }
      : { roots: roots.map((root) => ({ ...root, named: true })), wanted }
  })
  const there = found.filter(({ roots, wanted }) => wanted || isUsed(roots))
  return withoutRepeats((there.length > 0 ? there : found).flatMap(({ roots }) => roots))
}

const isMissing = ({ path, unreachable }: Root): boolean => path === undefined && unreachable === undefined

const isUsed = (roots: readonly Root[]): boolean => roots.some((root) => !isMissing(root))

/** The roots below one directory, or below each that matches a pattern; the first candidate if there is none. */
function rootsOf({ source, named }: SourceDirectories, directory: string): readonly Root[] {
  const look = (wanted: string): Root => ({ source, named, wanted, ...realDirectory(wanted) })
  const first = source.roots(directory)[0]![0]!
  let unreachable: string | undefined
  const closed = (reason: string): void => void (unreachable ??= reason)
  const matches = matchingPaths(directory, closed)
  const isPattern = matches.length !== 1 || matches[0] !== directory
  // Most agents are not installed: one check each time has to be enough.
  if (!isPattern && isAbsent(directory)) return [{ source, named, wanted: first, path: undefined }]
  const found = matches.flatMap((match) => source.roots(match).flatMap((group) => firstThere(group, look, closed)))
  // A pattern also matches other people's homes, so an unreadable one is a trouble only if there is nothing else.
  const ours = isPattern ? found.filter(({ path }) => path !== undefined) : found
  if (ours.length > 0) return ours
  if (found.length > 0) return found.slice(0, 1)
  return [unreachable === undefined ? look(first) : { source, named, wanted: first, path: undefined, unreachable }]
}

/** The first candidate that exists, or else one that cannot be reached. */
function firstThere(
  candidates: readonly string[],
  look: (wanted: string) => Root,
  closed: (reason: string) => void,
): readonly Root[] {
  let unreachable: Root | undefined
  for (const candidate of candidates) {
    const roots = matchingPaths(candidate, closed).map(look)
    const there = roots.filter(({ path }) => path !== undefined)
    if (there.length > 0) return there
    unreachable ??= roots.find((root) => !isMissing(root))
  }
  return unreachable === undefined ? [] : [unreachable]
}

function realDirectory(path: string): Pick<Root, 'path' | 'unreachable'> {
  try {
    return { path: statOf(path)?.isDirectory() === true ? realPath(path) : undefined }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // It has just disappeared.
    if (code === 'ENOENT' || code === 'ENOTDIR') return { path: undefined }
    return { path: undefined, unreachable: String(error) }
  }
}

/** Whether certainly nothing exists there. */
function isAbsent(path: string): boolean {
  try {
    return statOf(path) === undefined
  } catch {
    return false
  }
}

/** Undefined if it is missing, and may appear later. Throws if it cannot be reached. */
const statOf = (path: string): Stats | undefined => statSync(nativePath(path), { throwIfNoEntry: false })

function withoutRepeats(all: readonly Root[]): FoundRoots {
  const byPath = new Map<string, Root>()
  const roots: Root[] = []
  const overlaps: Overlap[] = []
  for (const root of all) {
    const reader = root.path === undefined ? undefined : byPath.get(root.path)
    if (reader !== undefined) {
      overlaps.push({ reader, other: root })
      continue
    }
    if (root.path !== undefined) byPath.set(root.path, root)
    roots.push(root)
  }
  for (const [path, reader] of byPath) {
    const other = rootAround(byPath, dirname(path))
    if (other !== undefined) overlaps.push({ reader, other })
  }
  return { roots, overlaps }
}

/** The innermost root at a path or around it. */
function rootAround(byPath: ReadonlyMap<string, Root>, path: string): Root | undefined {
  for (let at = path; ; at = dirname(at)) {
    const root = byPath.get(at)
    if (root !== undefined || at === dirname(at)) return root
  }
}

/**
 * The first source that has anything below one of its roots: an agent that was never run has an empty directory, or
 * none.
 */
export function firstWithLogs(roots: readonly Root[]): Source | undefined {
  return roots.find(({ path }) => {
    try {
      return path !== undefined && readdirSync(nativePath(path)).length > 0
    } catch {
      // The scan will report it.
      return false
    }
  })?.source
}

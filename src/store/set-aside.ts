// Files that stand where the state belongs and are not it: kept beside it under another name, never thrown away for less.
import { basename, dirname, join } from 'node:path'
import type { FileCalls } from './files.js'

const MOST = 3

/**
 * Gives the file a second name, `<name>.broken-<time>`, for its first to be taken by another. Where the file system knows
 * no second names it is renamed. Answers the new path.
 */
export function setAside(files: FileCalls, path: string, now: Date): string {
  // Windows has no colons in file names.
  const target = `${path}.broken-${now.toISOString().replaceAll(':', '-')}`
  try {
    files.linkSync(path, target)
  } catch {
    files.renameSync(path, target)
  }
  return target
}

/** Removes all but the newest, if they are no larger than what is in their place. */
export function prune(files: FileCalls, path: string): void {
  const { size } = files.lstatSync(path)
  for (const old of setAsides(files, path).slice(0, -MOST)) if (files.lstatSync(old).size <= size) files.rmSync(old, { recursive: true })
}

/** Oldest first. */
export function setAsides(files: FileCalls, path: string): string[] {
  const prefix = `${basename(path)}.broken-`
  return files.readdirSync(dirname(path)).filter((name) => name.startsWith(prefix)).sort().map((name) => join(dirname(path), name))
}

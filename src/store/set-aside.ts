// Sets aside unusable state files by renaming them, and tries them again at later starts. Keeps the newest three, and
// older ones that are larger than the state.
import { basename, dirname, join } from 'node:path'
import type { Change, Heading } from '../core/tables/table.js'
import { FORMER, FORMER_HEADING, formerChanges } from './former-state.js'
import { JOURNAL, type FileCalls } from './files.js'
import { JournalReader } from './journal-reader.js'

const MAX_KEPT = 3
const BROKEN = '.broken-'
/** Suffix of a file from which a journal was made, until that journal has been read. */
export const MIGRATED = '.migrated'

/**
 * Gives the file a second name, `<name>.broken-<time>`, so that another file can take its first. Where the file system
 * has no hard links, the file is renamed. Returns the new path.
 */
export function setAside(files: FileCalls, path: string, now: Date): string {
  const target = asideName(path, now)
  try {
    files.linkSync(path, target)
  } catch {
    files.renameSync(path, target)
  }
  return target
}

/**
 * Sets aside the file from which a damaged journal was made, if it is still kept: its content was intact, and it will
 * be read again.
 */
export function setMigratedAside(files: FileCalls, dir: string, now: Date): void {
  for (const name of [JOURNAL, FORMER]) {
    const path = join(dir, name)
    const target = `${asideName(path, now)}-migrated`
    if (files.lstatSync(path + MIGRATED, { throwIfNoEntry: false }) !== undefined)
      files.renameSync(path + MIGRATED, target)
  }
}

function asideName(path: string, now: Date): string {
  // Windows allows no colons in file names.
  return path + BROKEN + now.toISOString().replaceAll(':', '-')
}

/** Removes all but the newest, if they are no larger than the file in their place. */
export function prune(files: FileCalls, path: string): void {
  const { size } = files.lstatSync(path)
  for (const old of setAsides(files, path).slice(0, -MAX_KEPT))
    if (files.lstatSync(old).size <= size) files.rmSync(old, { recursive: true })
}

/** Oldest first. */
function setAsides(files: FileCalls, path: string): string[] {
  const prefix = basename(path) + BROKEN
  let names: string[]
  try {
    names = files.readdirSync(dirname(path))
  } catch {
    // A directory that is missing or cannot be listed contains nothing to recover.
    return []
  }
  return names
    .filter((name) => name.startsWith(prefix))
    .sort()
    .map((name) => join(dirname(path), name))
}

/**
 * Reads files that were set aside once more: they may be readable by now, thanks to the disk or to a newer version.
 * `take` is called with each complete file; it throws for inconsistent content. Returns their paths.
 */
export function readSetAsides(
  files: FileCalls,
  dir: string,
  take: (heading: Heading, changes: Iterable<Change>) => void,
): string[] {
  const whole: string[] = []
  for (const path of [...setAsides(files, join(dir, JOURNAL)), ...setAsides(files, join(dir, FORMER))]) {
    try {
      // Opening a pipe would block for ever.
      if (!files.lstatSync(path).isFile()) continue
      if (isTaken(files, path, take)) whole.push(path)
    } catch {
      // It stays where it is: damaged, or not readable by this user.
    }
  }
  return whole
}

/** Returns whether the file is complete; otherwise nothing of it is passed on. */
function isTaken(files: FileCalls, path: string, take: (heading: Heading, changes: Iterable<Change>) => void): boolean {
  const fd = files.openSync(path, 'r')
  try {
    if (basename(path).startsWith(FORMER)) {
      take(FORMER_HEADING, formerChanges(files, fd))
      return true
    }
    const reader = new JournalReader(files, fd)
    // Read twice, so that nothing is taken from a file that is damaged at its end.
    const changes = reader.changes()
    while (changes.next().done !== true);
    if (reader.damage !== undefined) return false
    const again = new JournalReader(files, fd)
    take(again.header.heading, again.changes())
    return true
  } finally {
    files.closeSync(fd)
  }
}

/** Renames what has been recovered, so that it is not read at each start. */
export function renameRecovered(files: FileCalls, path: string): void {
  try {
    files.renameSync(path, path.replace(BROKEN, '.recovered-'))
  } catch {
    // Then it is read again at the next start, which changes nothing.
  }
}

// Sets aside state files that cannot be used, by renaming them, and tries them again at later starts. Keeps the newest three,
// and older ones that are larger than the state.
import { basename, dirname, join } from 'node:path'
import type { Change, Heading } from '../core/tables/table.js'
import { FORMER, FORMER_HEADING, formerChanges } from './former-state.js'
import { JOURNAL, type FileCalls } from './files.js'
import { JournalReader } from './journal-reader.js'

const MAX_KEPT = 3
const BROKEN = '.broken-'
/** Behind the name of a file that a journal was made of, until that has been read again. */
export const MIGRATED = '.migrated'

/**
 * Gives the file a second name, `<name>.broken-<time>`, for its first to be taken by another. Where the file system knows
 * no second names it is renamed. Answers the new path.
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

/** Sets aside what a damaged journal was made of, if it is still kept: it holds what was sound before, and is to be read again. */
export function setMigratedAside(files: FileCalls, dir: string, now: Date): void {
  for (const name of [JOURNAL, FORMER]) {
    const path = join(dir, name)
    const target = `${asideName(path, now)}-migrated`
    if (files.lstatSync(path + MIGRATED, { throwIfNoEntry: false }) !== undefined)
      files.renameSync(path + MIGRATED, target)
  }
}

function asideName(path: string, now: Date): string {
  // Windows has no colons in file names.
  return path + BROKEN + now.toISOString().replaceAll(':', '-')
}

/** Removes all but the newest, if they are no larger than what is in their place. */
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
    // What is not there, or not to be listed, holds nothing to take.
    return []
  }
  return names
    .filter((name) => name.startsWith(prefix))
    .sort()
    .map((name) => join(dirname(path), name))
}

/**
 * Reads what was set aside once more: what failed then may be well now, be it the disk or this program. `take` is given each
 * file that is whole; it throws for those that make no sense. Answers their paths.
 */
export function readSetAsides(
  files: FileCalls,
  dir: string,
  take: (heading: Heading, changes: Iterable<Change>) => void,
): string[] {
  const whole: string[] = []
  for (const path of [...setAsides(files, join(dir, JOURNAL)), ...setAsides(files, join(dir, FORMER))]) {
    try {
      // Opening a pipe would wait for ever.
      if (!files.lstatSync(path).isFile()) continue
      if (isTaken(files, path, take)) whole.push(path)
    } catch {
      // It stays where it is: damaged, or not ours to read.
    }
  }
  return whole
}

/** Answers whether the file is whole; only then is anything of it taken. */
function isTaken(files: FileCalls, path: string, take: (heading: Heading, changes: Iterable<Change>) => void): boolean {
  const fd = files.openSync(path, 'r')
  try {
    if (basename(path).startsWith(FORMER)) {
      take(FORMER_HEADING, formerChanges(files, fd))
      return true
    }
    const reader = new JournalReader(files, fd)
    // Read twice, so that nothing of a file is taken that is damaged at its end.
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

/** Another name for what has been taken over, so that it is not read at each start. */
export function renameRecovered(files: FileCalls, path: string): void {
  try {
    files.renameSync(path, path.replace(BROKEN, '.recovered-'))
  } catch {
    // Then it is read again at the next start, which changes nothing.
  }
}

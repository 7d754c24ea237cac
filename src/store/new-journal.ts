// A journal beside the current one, `state.journal.new`, until it is complete and takes its name.
import { randomBytes } from 'node:crypto'
import type { Heading } from '../core/tables/table.js'
import type { FileCalls } from './files.js'
import { BEHIND_OFFSET, encodeHeader, seedOf } from './journal-format.js'
import { JournalWriter } from './journal-writer.js'
import type { Locks } from './lock.js'

export interface NewJournalOptions {
  /** State of the current journal. */
  readonly path: string
  readonly files: FileCalls
  readonly locks: Locks
}

/**
 * Creates an empty journal.
 * @param behind stated in its header until a commit succeeds, even in place of a damaged file
 */
export function createJournal(
  { path, files, locks }: NewJournalOptions,
  heading: Heading,
  behind: boolean,
): JournalWriter {
  const target = `${path}.new`
  files.rmSync(target, { force: true, recursive: true })
  const fd = files.openSync(target, 'wx+', 0o600)
  try {
    locks.file(fd)
    const header = encodeHeader(heading, randomBytes(8))
    if (behind) header[BEHIND_OFFSET] = 1
    files.writeSync(fd, header, 0, header.length, 0)
    return new JournalWriter(files, fd, seedOf(header), { end: header.length, frames: 0, commits: 0, last: 0 })
  } catch (error) {
    files.closeSync(fd)
    throw error
  }
}

export function discardJournal({ path, files }: NewJournalOptions, journal: JournalWriter): void {
  files.closeSync(journal.fd)
  try {
    files.rmSync(`${path}.new`, { force: true })
  } catch {
    // The next one overwrites it.
  }
}

// Reads the stored state without touching it, beside the process that writes it: takes no lock, and repairs or moves
// nothing.
import { join } from 'node:path'
import { FILE_CALLS, JOURNAL, type FileCalls } from './files.js'
import { FORMER, FORMER_HEADING, formerChanges } from './former-state.js'
import { JournalReader } from './journal-reader.js'
import { takeStored } from './state-file.js'
import type { Stored } from './store.js'

/**
 * Passes on the state in `dir` as of its last complete commit, or nothing if there is none. A commit that is being
 * written does not count yet; a journal that is being replaced is still read to its end.
 * @throws DamagedError, NewerStateError, and errors of the disk. What was passed on before must then be discarded.
 */
export function readStored(dir: string, stored: Pick<Stored, 'take'>, files: FileCalls = FILE_CALLS): void {
  const journal = open(files, join(dir, JOURNAL))
  if (journal !== undefined) {
    try {
      const reader = new JournalReader(files, journal)
      takeStored(stored, reader.header.heading, reader.changes())
    } finally {
      files.closeSync(journal)
    }
    return
  }
  const former = open(files, join(dir, FORMER))
  if (former === undefined) return
  try {
    takeStored(stored, FORMER_HEADING, formerChanges(files, former))
  } finally {
    files.closeSync(former)
  }
}

function open(files: FileCalls, path: string): number | undefined {
  const stat = files.lstatSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return undefined
  // Opening a pipe would block for ever.
  if (!stat.isFile()) throw new Error('it is not a regular file')
  return files.openSync(path, 'r')
}

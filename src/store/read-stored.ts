// Reads what is stored without touching it, beside the process that writes it: no lock, and nothing is mended or moved.
import { join } from 'node:path'
import { FILE_CALLS, JOURNAL, type FileCalls } from './files.js'
import { FORMER, FORMER_HEADING, formerChanges } from './former-state.js'
import { JournalReader } from './journal-reader.js'
import { takeStored } from './state-file.js'
import type { Stored } from './store.js'

/**
 * Hands over the state in `dir` as of its last whole commit; nothing where there is none. A commit that is being written
 * does not count yet, and a journal that is being replaced is read to its end all the same.
 * @throws DamagedError, NewerStateError, and what the disk says. Whatever was taken before is then to be forgotten.
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
  // Opening a pipe would wait for ever.
  if (!stat.isFile()) throw new Error('it is not a regular file')
  return files.openSync(path, 'r')
}

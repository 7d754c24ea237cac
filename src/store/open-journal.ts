// Opens the state directory: locks it and reads the stored state; files that it cannot read stay untouched. A state of
// an earlier version is written to a journal, and kept until that journal has been read once.
import { join } from 'node:path'
import { makeDirectory } from '../process/make-directory.js'
import { lookOf } from './file-look.js'
import { FILE_CALLS, JOURNAL, flushDirectory, messageOf, type FileCalls } from './files.js'
import { FORMER, FORMER_HEADING, formerChanges } from './former-state.js'
import { Journal, type JournalOptions, type JournalStart } from './journal.js'
import { DamagedError } from './journal-format.js'
import { JournalReader } from './journal-reader.js'
import { JournalWriter } from './journal-writer.js'
import { LOCKS, type Locks } from './lock.js'
import { MIGRATED, setAside, setMigratedAside } from './set-aside.js'
import { openStateFile, takeStored, type StateFile } from './state-file.js'
import type { Stored, StoreOpening } from './store.js'

/**
 * Tolerance between the modification time of a file and its last commit, beyond which somebody else changed the file: a
 * copy was restored. A commit takes its time right before it is written; if it was held up in between, the file counts
 * as changed, which does little harm.
 */
const TOUCHED_MS = 100

export interface OpenOptions {
  readonly files?: FileCalls
  readonly locks?: Locks
  /** Milliseconds since the epoch, by the clock of the file system. */
  readonly now?: () => number
  /** Rewriting the file in the background failed. */
  readonly failed?: (error: unknown) => void
}

/** Opens `dir/state.journal`, and creates both if necessary (`dir` with mode 0700). Never throws. */
export function openJournal(dir: string, stored: Stored, options: OpenOptions = {}): StoreOpening {
  const { files = FILE_CALLS, locks = LOCKS, now = Date.now, failed = () => undefined } = options
  const opening = new Opening({ dir, path: join(dir, JOURNAL), files, locks, now, failed }, stored)
  try {
    return opening.open()
  } catch (error) {
    opening.abandon()
    return { kind: 'refused', reason: messageOf(error) }
  }
}

/** The content that was read, and its place. */
interface Found extends Pick<JournalStart, 'writer' | 'base' | 'found' | 'keepFound' | 'behind' | 'nameIsFlushed'> {
  readonly damage?: string
  /** Name of a file that was read, or is damaged, and that no journal of this version has replaced yet. */
  readonly former?: string
}

const NOTHING: Found = {
  writer: undefined,
  base: 0,
  found: undefined,
  keepFound: false,
  behind: false,
  nameIsFlushed: true,
}

class Opening {
  readonly #options: JournalOptions
  readonly #stored: Stored
  #release: (() => void) | undefined
  #fd: number | undefined
  #trouble: string | undefined

  constructor(options: JournalOptions, stored: Stored) {
    this.#options = options
    this.#stored = stored
  }

  /** Throws if the file cannot be read. */
  open(): StoreOpening {
    const held = this.#lock()
    if (held !== undefined) return held
    const found = this.#read()
    if (found === 'held') {
      this.abandon()
      return { kind: 'locked' }
    }
    const { damage, former, ...start } = found
    // Values that cannot be stored now are still shown, and the next start must not show them at 0 again.
    const behind = start.behind || damage !== undefined || this.#trouble !== undefined
    const store = new Journal(this.#options, this.#stored, { ...start, behind, release: this.#release })
    let setAside: string | undefined
    if (damage !== undefined || former !== undefined) {
      try {
        if (damage !== undefined)
          setMigratedAside(this.#options.files, this.#options.dir, new Date(this.#options.now()))
        setAside = this.#replace(store, former, damage !== undefined)
      } catch (error) {
        this.#trouble ??= messageOf(error)
      }
    }
    return {
      kind: 'opened',
      store,
      behind,
      ...(this.#trouble !== undefined && { trouble: this.#trouble }),
      ...(damage !== undefined && { damage: { reason: damage, setAside } }),
    }
  }

  /**
   * Writes a journal of this version. The file that it replaces gets another name: for ever if it is damaged, otherwise
   * until the journal has been read.
   */
  #replace(store: Journal, former: string | undefined, damaged: boolean): string | undefined {
    const { files, path, now } = this.#options
    if (former === path) {
      files.rmSync(path + MIGRATED, { force: true })
      files.linkSync(path, path + MIGRATED)
    }
    const setAsideByStore = store.replace()
    if (former === undefined || former === path) return setAsideByStore
    if (damaged) {
      const aside = setAside(files, former, new Date(now()))
      files.rmSync(former, { force: true })
      return aside
    }
    files.renameSync(former, former + MIGRATED)
    return undefined
  }

  abandon(): void {
    if (this.#fd !== undefined) this.#options.files.closeSync(this.#fd)
    this.#release?.()
  }

  #lock(): StoreOpening | undefined {
    const { dir, files, locks } = this.#options
    try {
      makeDirectory(dir, 0o700, files)
      const lock = locks.directory(dir)
      if (lock.kind === 'held') return { ...lock, kind: 'locked' }
      this.#release = lock.release
    } catch (error) {
      this.#trouble = messageOf(error)
    }
    return undefined
  }

  #read(): Found | 'held' {
    const { dir, files, path, locks } = this.#options
    const journal = this.#open(path)
    if (journal === undefined) return this.#readFormer()
    this.#fd = journal.fd
    if (journal.writable && !locks.file(journal.fd)) return 'held'
    const look = lookOf(files.fstatSync(journal.fd))
    const damaged = (reason: string): Found => {
      this.#close()
      return { ...NOTHING, found: look, keepFound: true, damage: reason }
    }
    let reader: JournalReader
    try {
      reader = new JournalReader(files, journal.fd)
      takeStored(this.#stored, reader.header.heading, reader.changes())
    } catch (error) {
      if (!(error instanceof DamagedError)) throw error
      takeStored(this.#stored, this.#stored.heading, [])
      return damaged(error.message)
    }
    if (reader.damage !== undefined) return damaged(reader.damage)
    const behind = reader.header.behind || Math.abs(look.changedMs - reader.timeMs) > TOUCHED_MS
    this.#dropFormer()
    if (!journal.writable || !sameShape(reader.header.heading, this.#stored.heading)) {
      this.#close()
      return { ...NOTHING, found: look, behind, ...(journal.writable && { former: path }) }
    }
    // Commits of a process that was killed before it flushed are about to be shown, and must survive a power cut.
    if (!this.#try(() => files.fdatasyncSync(journal.fd))) {
      this.#close()
      return { ...NOTHING, found: look, behind }
    }
    const nameIsFlushed = this.#try(() => flushDirectory(files, dir))
    const writer = new JournalWriter(files, journal.fd, reader.header.seed, reader.place)
    this.#fd = undefined
    return { ...NOTHING, writer, base: reader.firstEnd, behind, nameIsFlushed }
  }

  /** False if the disk refused, which is reported as trouble. */
  #try(write: () => void): boolean {
    try {
      write()
      return true
    } catch (error) {
      this.#trouble ??= messageOf(error)
      return false
    }
  }

  #open(path: string): StateFile | undefined {
    const file = openStateFile(this.#options.files, path)
    this.#trouble ??= file?.trouble
    return file
  }

  #readFormer(): Found {
    const { files, dir } = this.#options
    const path = join(dir, FORMER)
    const database = this.#open(path)
    if (database === undefined) return NOTHING
    this.#fd = database.fd
    try {
      takeStored(this.#stored, FORMER_HEADING, formerChanges(files, database.fd))
    } catch (error) {
      if (!(error instanceof DamagedError)) throw error
      takeStored(this.#stored, this.#stored.heading, [])
      return { ...NOTHING, damage: error.message, former: path }
    } finally {
      this.#close()
    }
    return { ...NOTHING, former: path }
  }

  /**
   * Removes the file that a journal was made from once that journal has been read, and the remains of an unfinished
   * rewrite.
   */
  #dropFormer(): void {
    const { files, dir, path } = this.#options
    if (this.#release === undefined) return
    for (const name of [
      `${path}.new`,
      path + MIGRATED,
      ...[FORMER + MIGRATED, `${FORMER}-lock`, 'opening'].map((each) => join(dir, each)),
    ]) {
      try {
        files.rmSync(name, { force: true })
      } catch {
        // It takes up space, but does no other harm.
      }
    }
  }

  #close(): void {
    if (this.#fd !== undefined) this.#options.files.closeSync(this.#fd)
    this.#fd = undefined
  }
}

/** Whether rows can be appended in the format of this version. */
function sameShape(stored: Stored['heading'], ours: Stored['heading']): boolean {
  return JSON.stringify(stored) === JSON.stringify(ours)
}

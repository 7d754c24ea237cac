// Keeps the state in one file of appended commits, `state.journal`: it is read once at the start, held open, and
// rewritten when the appended commits exceed half of its first size. It is not mapped into memory, so that every
// failure of the machine is an error code and says nothing about the file.
import type { Change } from '../core/tables/table.js'
import { makeDirectory } from '../process/make-directory.js'
import { isSameFile, lookOf, looksAlike, type Look } from './file-look.js'
import { flushDirectory, messageOf } from './files.js'
import { JournalReader } from './journal-reader.js'
import type { JournalWriter } from './journal-writer.js'
import { lockPath } from './lock.js'
import { createJournal, discardJournal } from './new-journal.js'
import { Rewriting, type RewritingOptions } from './rewriting.js'
import { prune, setAside } from './set-aside.js'
import { StoreError, type Store, type Stored } from './store.js'

/** It is rewritten when it exceeds its size after the last rewrite times the factor, plus the bytes. */
const GROWTH_FACTOR = 1.5
const GROWTH_BYTES = 2 ** 20

export interface JournalOptions extends RewritingOptions {
  readonly dir: string
  /** Rewriting in the background failed: the store keeps using its file. */
  readonly failed: (error: unknown) => void
}

/** The starting point of the journal. */
export interface JournalStart {
  /** Releases the directory; undefined if it could not be locked yet. */
  readonly release: (() => void) | undefined
  /** Appends commits. If undefined, the first commit writes a new file with everything. */
  readonly writer: JournalWriter | undefined
  /** Length of that file when it was created. */
  readonly base: number
  /** The file in its place now, whether it was read or not. */
  readonly found: Look | undefined
  /** The existing file must not be lost: it gets another name when it is replaced. */
  readonly keepFound: boolean
  readonly behind: boolean
  /** The name of the current file survives a power cut. */
  readonly nameIsFlushed: boolean
}

export class Journal implements Store {
  readonly #options: JournalOptions
  readonly #stored: Stored
  readonly #rewriting: Rewriting
  #release: (() => void) | undefined
  #writer: JournalWriter | undefined
  /** The stat of the file at `path`, if there is no writer. */
  #found: Look | undefined
  #keepFound: boolean
  #behind: boolean
  /** The writer's file states that it is behind. */
  #isMarked = false
  /** Length of the file when it was last rewritten, and the length from which rewriting pays. */
  #base: number
  /** It was long when it was opened: a process that opens it for a few commits only would never rewrite it. */
  #overdue: boolean
  /** Whether the name of the current file survives a power cut. */
  #nameIsFlushed: boolean
  #closed = false

  constructor(
    options: JournalOptions,
    stored: Stored,
    { release, writer, base, found, keepFound, behind, nameIsFlushed }: JournalStart,
  ) {
    this.#options = options
    this.#stored = stored
    this.#rewriting = new Rewriting(options, stored)
    this.#release = release
    this.#writer = writer
    this.#found = found
    this.#keepFound = keepFound
    this.#behind = behind
    this.#nameIsFlushed = nameIsFlushed
    this.#base = base
    this.#overdue = this.#isLong()
  }

  commit(changes: Iterable<Change>): void {
    const { path, now } = this.#options
    if (this.#closed) throw new StoreError(`${path} is closed`)
    try {
      this.#lock()
      const writer = this.#ours()
      if (writer === undefined) {
        // If it was moved away, it may be moved back without what is stored from now on.
        if (this.#writer !== undefined) this.fallBehind()
        this.#rewrite()
      } else {
        writer.append(changes, now())
        if (this.#overdue) this.#rewriteOverdue()
        else this.#swap()
      }
      this.#flushName()
      if (this.#behind) {
        this.#writer?.markBehind(false)
        this.#writer?.stamp(now())
        this.#behind = this.#isMarked = false
      }
    } catch (cause) {
      if (this.#writer?.unsure === true) {
        this.fallBehind()
        this.#forgetWriter()
      }
      throw new StoreError(`cannot write ${path}: ${messageOf(cause)}`, { cause })
    }
    this.#rewriteWhenLong()
  }

  fallBehind(): void {
    this.#behind = true
    if (this.#isMarked || this.#writer === undefined) return
    try {
      this.#writer.markBehind(true)
      this.#isMarked = true
    } catch {
      // A disk that accepts no byte cannot record this now, but perhaps the next time.
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#rewriting.ended()
    this.#rewriting.drop()
    if (this.#writer !== undefined) this.#options.files.closeSync(this.#writer.fd)
    this.#release?.()
  }

  /**
   * Writes everything to a new file and puts it in place. Returns the new name of the previous file, if that is kept.
   * Throws errors of the disk.
   */
  replace(): string | undefined {
    this.#lock()
    const aside = this.#rewrite()
    this.#flushName()
    return aside
  }

  /**
   * For a directory that could not be locked at the start. Another process may have written to the file in the
   * meantime.
   */
  #lock(): void {
    if (this.#release !== undefined) return
    const { dir, files, path, locks } = this.#options
    makeDirectory(dir, 0o700, files)
    const lock = locks.directory(dir)
    if (lock.kind === 'held')
      throw new Error(`another process${lock.holder === undefined ? '' : ` (pid ${lock.holder})`} uses it now`)
    this.#release = lock.release
    const stat = files.lstatSync(path, { throwIfNoEntry: false })
    if (stat !== undefined && (this.#found === undefined || !looksAlike(lookOf(stat), this.#found)))
      this.#keepFound = true
  }

  /** The writer, if the current file is the one that it has written to, unchanged since. */
  #ours(): JournalWriter | undefined {
    const writer = this.#writer
    if (writer === undefined) return undefined
    const stat = this.#options.files.lstatSync(this.#options.path, { throwIfNoEntry: false })
    if (stat === undefined) return undefined
    const now = lookOf(stat)
    if (!isSameFile(now, writer.look) || now.size < writer.place.end) return undefined
    return now.changedMs === writer.look.changedMs || writer.endsAsWritten() ? writer : undefined
  }

  #forgetWriter(): void {
    this.#rewriting.drop()
    if (this.#writer === undefined) return
    this.#found = this.#writer.look
    this.#options.files.closeSync(this.#writer.fd)
    this.#writer = undefined
    this.#isMarked = false
  }

  #rewrite(): string | undefined {
    const { dir, files, now } = this.#options
    this.#rewriting.drop()
    if (files.lstatSync(lockPath(dir), { throwIfNoEntry: false }) === undefined) {
      // The directory was moved or removed, and the lock with it.
      this.#release?.()
      this.#release = undefined
      this.#lock()
    }
    const fresh = createJournal(this.#options, this.#stored.heading, this.#behind)
    try {
      fresh.append(this.#stored.everything(), now())
      return this.#put(fresh)
    } catch (error) {
      discardJournal(this.#options, fresh)
      throw error
    }
  }

  /** Puts a new file, which is on disk, in the place of the previous one. */
  #put(fresh: JournalWriter): string | undefined {
    const { files, path, now } = this.#options
    const aside = this.#makeRoom()
    files.renameSync(`${path}.new`, path)
    this.#nameIsFlushed = false
    try {
      this.#flushName()
    } catch {
      // The commit says so. Until that has happened, a power cut would bring back the previous file.
      this.fallBehind()
    }
    this.#forgetWriter()
    this.#writer = fresh
    this.#keepFound = false
    this.#base = fresh.place.end
    try {
      fresh.stamp(now())
      prune(files, path)
    } catch {
      // The essential part is done.
    }
    fresh.rest()
    return aside
  }

  #flushName(): void {
    if (this.#nameIsFlushed) return
    flushDirectory(this.#options.files, this.#options.dir)
    this.#nameIsFlushed = true
  }

  /** Another name for a file that this process has neither written nor read completely. */
  #makeRoom(): string | undefined {
    const { files, path, locks, now } = this.#options
    const stat = files.lstatSync(path, { throwIfNoEntry: false })
    if (stat === undefined) return undefined
    const known = this.#writer?.look ?? this.#found
    const same = known !== undefined && isSameFile(lookOf(stat), known)
    if (same && !this.#keepFound) return undefined
    if (!same && stat.isFile()) {
      const fd = files.openSync(path, 'r+')
      try {
        if (!locks.file(fd)) throw new Error('another process uses the file that replaced it')
      } finally {
        files.closeSync(fd)
      }
    }
    return setAside(files, path, new Date(now()))
  }

  /** Whether enough was appended. */
  #isLong(): boolean {
    return this.#writer !== undefined && this.#writer.place.end >= this.#base * GROWTH_FACTOR + GROWTH_BYTES
  }

  /** Must be called right after a commit, like `#swap`. */
  #rewriteOverdue(): void {
    const { failed } = this.#options
    this.#overdue = false
    const end = this.#writer!.place.end
    try {
      this.#rewrite()
    } catch (error) {
      this.#base = end
      failed(error)
    }
  }

  /** Starts rewriting the file in the background if enough was appended. */
  #rewriteWhenLong(): void {
    const former = this.#writer
    if (former === undefined || !this.#rewriting.isIdle || !this.#isLong()) return
    const from = former.place
    this.#rewriting.begin(from, this.#behind, {
      isOutdated: () => this.#closed || this.#writer !== former,
      failed: (error) => {
        // Not at once again: a nearly full disk stays so for a while.
        this.#base = from.end
        this.#options.failed(error)
      },
    })
  }

  /**
   * Puts the file that was written in the background in place, with the commits appended to the previous one in the
   * meantime. To be called right after a commit: only then is the content of memory, which went into that file in
   * steps, what was committed.
   */
  #swap(): void {
    const rewritten = this.#rewriting.take()
    if (rewritten === undefined) return
    const { files, failed } = this.#options
    const { writer: fresh, from } = rewritten
    const former = this.#writer!
    try {
      for (const frame of new JournalReader(files, former.fd).framesBetween(from, former.place)) fresh.copy(frame)
      fresh.flush()
      this.#put(fresh)
    } catch (error) {
      discardJournal(this.#options, fresh)
      // What was committed is in the previous file.
      this.#base = former.place.end
      failed(error)
    }
  }
}

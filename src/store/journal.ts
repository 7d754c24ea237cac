// Keeps the state in one file of appended commits, `state.journal`: read once at a start, held open, and rewritten when the
// appended commits exceed half of its first size. No part of it is mapped into memory: every failure of the machine is an
// error code, and says nothing about the file.
import { randomBytes } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Change } from '../core/tables/table.js'
import { flushDirectory, messageOf, type FileCalls } from './files.js'
import { BEHIND_OFFSET, encodeHeader, seedOf } from './journal-format.js'
import { JournalReader } from './journal-reader.js'
import { JournalWriter, lookOf, type Look, type Place } from './journal-writer.js'
import { lockPath, type Locks } from './lock.js'
import { prune, setAside } from './set-aside.js'
import { StoreError, type Store, type Stored } from './store.js'

/** Written anew when it is this much longer than that times its first commit. */
const GROWTH_FACTOR = 1.5
const GROWTH_BYTES = 2 ** 20

export interface JournalOptions {
  readonly dir: string
  readonly path: string
  readonly files: FileCalls
  readonly locks: Locks
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Writing anew in the background failed: the store goes on with the file that it has. */
  readonly failed: (error: unknown) => void
}

/** What the journal goes on from. */
export interface JournalStart {
  /** Lets go of the directory; undefined: it could not be locked yet. */
  readonly release: (() => void) | undefined
  /** Where to append. undefined: everything is written anew with the first commit. */
  readonly writer: JournalWriter | undefined
  /** Length of that file when it was made. */
  readonly base: number
  /** What stands in its place now, read or not. */
  readonly found: Look | undefined
  /** What is there is not to be lost: it gets another name when it is replaced. */
  readonly keepFound: boolean
  readonly behind: boolean
  /** The name of what is in place outlives a power cut. */
  readonly nameIsFlushed: boolean
}

export class Journal implements Store {
  readonly #options: JournalOptions
  readonly #stored: Stored
  #release: (() => void) | undefined
  #writer: JournalWriter | undefined
  /** Of the file at `path` that is known, where there is no writer. */
  #found: Look | undefined
  #keepFound: boolean
  #behind: boolean
  /** The writer's file says that it is behind. */
  #isMarked = false
  /** Length of the file when it was last written anew, and from which on that pays. */
  #base: number
  /** It was long when it was opened: whoever opens it for a few commits only would never write it anew. */
  #overdue: boolean
  #rewriting: Promise<void> | undefined
  /** Written anew behind the scenes, but for what came since `from`. */
  #fresh: { readonly writer: JournalWriter; readonly from: Place } | undefined
  /** Whether the name of the file in place outlives a power cut. */
  #nameIsFlushed: boolean
  #closed = false

  constructor(
    options: JournalOptions,
    stored: Stored,
    { release, writer, base, found, keepFound, behind, nameIsFlushed }: JournalStart,
  ) {
    this.#options = options
    this.#stored = stored
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
        // Moved away, it may come back; what is stored from now on is not in it.
        if (this.#writer !== undefined) this.fallBehind()
        this.#writeAnew()
      } else {
        writer.append(changes, now())
        if (this.#overdue) this.#writeAnewOverdue()
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
    this.#writeAnewWhenLong()
  }

  fallBehind(): void {
    this.#behind = true
    if (this.#isMarked || this.#writer === undefined) return
    try {
      this.#writer.markBehind(true)
      this.#isMarked = true
    } catch {
      // A disk that takes no byte cannot be told, but perhaps the next time.
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#rewriting
    this.#dropFresh()
    if (this.#writer !== undefined) this.#options.files.closeSync(this.#writer.fd)
    this.#release?.()
  }

  /** Writes everything into a new file and puts that in place. Answers what the former is called now, if it is kept. Throws what the disk says. */
  replace(): string | undefined {
    this.#lock()
    const aside = this.#writeAnew()
    this.#flushName()
    return aside
  }

  /** Where the directory could not be locked at the start. Whoever has had it meanwhile may have written to the file. */
  #lock(): void {
    if (this.#release !== undefined) return
    const { dir, files, path, locks } = this.#options
    files.mkdirSync(dir, { recursive: true, mode: 0o700 })
    const lock = locks.directory(dir)
    if (lock.kind === 'held')
      throw new Error(`another process${lock.holder === undefined ? '' : ` (pid ${lock.holder})`} uses it now`)
    this.#release = lock.release
    const stat = files.lstatSync(path, { throwIfNoEntry: false })
    if (stat !== undefined && (this.#found === undefined || !looksAlike(lookOf(stat), this.#found)))
      this.#keepFound = true
  }

  /** The writer, when the file in place is the one that it has written to, as it was left. */
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
    this.#dropFresh()
    if (this.#writer === undefined) return
    this.#found = this.#writer.look
    this.#options.files.closeSync(this.#writer.fd)
    this.#writer = undefined
    this.#isMarked = false
  }

  #writeAnew(): string | undefined {
    const { dir, files, now } = this.#options
    this.#dropFresh()
    if (files.lstatSync(lockPath(dir), { throwIfNoEntry: false }) === undefined) {
      // The directory was moved or removed, and the lock with it.
      this.#release?.()
      this.#release = undefined
      this.#lock()
    }
    const fresh = this.#create()
    try {
      fresh.append(this.#stored.everything(), now())
      return this.#put(fresh)
    } catch (error) {
      this.#discard(fresh)
      throw error
    }
  }

  /** An empty journal beside the one in place. */
  #create(): JournalWriter {
    const { files, path, locks } = this.#options
    const target = `${path}.new`
    files.rmSync(target, { force: true, recursive: true })
    const fd = files.openSync(target, 'wx+', 0o600)
    try {
      locks.file(fd)
      const header = encodeHeader(this.#stored.heading, randomBytes(8))
      // Until a commit succeeds, even in the place of a damaged file, of which it holds what was sound.
      if (this.#behind) header[BEHIND_OFFSET] = 1
      files.writeSync(fd, header, 0, header.length, 0)
      return new JournalWriter(files, fd, seedOf(header), { end: header.length, frames: 0, commits: 0, last: 0 })
    } catch (error) {
      files.closeSync(fd)
      throw error
    }
  }

  /** Puts a new file, which is on the disk, in the place of the former. */
  #put(fresh: JournalWriter): string | undefined {
    const { files, path, now } = this.#options
    const aside = this.#makeRoom()
    files.renameSync(`${path}.new`, path)
    this.#nameIsFlushed = false
    try {
      this.#flushName()
    } catch {
      // The commit says so. Until that has come about, a power cut brings the former file back.
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
      // What counts is in place.
    }
    fresh.rest()
    return aside
  }

  #flushName(): void {
    if (this.#nameIsFlushed) return
    flushDirectory(this.#options.files, this.#options.dir)
    this.#nameIsFlushed = true
  }

  /** Another name for a file that this process has neither written nor read whole. */
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
        if (!locks.file(fd)) throw new Error('another process uses the file that stands in its place')
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

  /** Right behind a commit, as `#swap`. */
  #writeAnewOverdue(): void {
    const { failed } = this.#options
    this.#overdue = false
    const end = this.#writer!.place.end
    try {
      this.#writeAnew()
    } catch (error) {
      this.#base = end
      failed(error)
    }
  }

  /** Begins to write the file anew behind the scenes when enough was appended. */
  #writeAnewWhenLong(): void {
    const place = this.#writer?.place
    if (place === undefined || this.#rewriting !== undefined || this.#fresh !== undefined || !this.#isLong()) return
    this.#rewriting = this.#rewrite(place)
      .catch((error: unknown) => {
        // Not at once again: a disk that is nearly full stays so for a while.
        this.#base = place.end
        this.#options.failed(error)
      })
      .finally(() => (this.#rewriting = undefined))
  }

  async #rewrite(from: Place): Promise<void> {
    const { files, now } = this.#options
    const former = this.#writer
    const outdated = (): boolean => this.#closed || this.#writer !== former
    const fresh = this.#create()
    try {
      const steps = fresh.steps(this.#stored.everything(), now())
      while (steps.next().done !== true && !outdated()) await setImmediate()
      if (outdated()) {
        this.#discard(fresh)
        return
      }
      await promisify(files.fdatasync)(fresh.fd)
    } catch (error) {
      this.#discard(fresh)
      throw error
    }
    if (outdated()) this.#discard(fresh)
    else this.#fresh = { writer: fresh, from }
  }

  /**
   * Takes the file that was written behind the scenes into use, with what was appended to the former meanwhile. Right behind
   * a commit: only then what is in memory, which went into that file in steps, is what was committed.
   */
  #swap(): void {
    if (this.#fresh === undefined) return
    const { files, failed } = this.#options
    const { writer: fresh, from } = this.#fresh
    const former = this.#writer!
    this.#fresh = undefined
    try {
      for (const frame of new JournalReader(files, former.fd).framesBetween(from, former.place)) fresh.copy(frame)
      fresh.flush()
      this.#put(fresh)
    } catch (error) {
      this.#discard(fresh)
      // What was committed stands in the former file.
      this.#base = former.place.end
      failed(error)
    }
  }

  #dropFresh(): void {
    if (this.#fresh !== undefined) this.#discard(this.#fresh.writer)
    this.#fresh = undefined
  }

  #discard(fresh: JournalWriter): void {
    const { files, path } = this.#options
    files.closeSync(fresh.fd)
    try {
      files.rmSync(`${path}.new`, { force: true })
    } catch {
      // The next one is written over it.
    }
  }
}

function isSameFile(a: Look, b: Look): boolean {
  return a.device === b.device && a.inode === b.inode
}

function looksAlike(a: Look, b: Look): boolean {
  return isSameFile(a, b) && a.size === b.size && a.changedMs === b.changedMs
}

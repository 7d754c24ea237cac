// The store that keeps its pages in one LMDB file. Opening never throws and never trusts: it reads everything once,
// checks it, commits once, and sets aside what fails; a file that ends the process three times is set aside as well.
import { mkdirSync, rmSync } from 'node:fs'
import { open as openFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RootDatabaseOptions, open as openDatabase } from 'lmdb'
import { DamagedError, openingAttempts, prepareFile, reserve, setAside } from './lmdb-file.js'
import { forget, lengthAfter, rowsOf, statsOf } from './lmdb-rows.js'
import type { Database, Row } from './lmdb-rows.js'
import { lockDirectory } from './lock.js'
import { HEADER_KEY, decodeHeader, encodeHeader, sealOf, sealed, unseal } from './sealed.js'
import type { Header } from './sealed.js'
import { MAX_PAGE_BYTES, StoreError } from './store.js'
import type { Store, StoreOpening } from './store.js'

type Open = typeof openDatabase

const OPTIONS: RootDatabaseOptions & { readonly permissionsMode: number } = {
  noSubdir: true,
  encoding: 'binary',
  keyEncoding: 'binary',
  cache: false,
  maxDbs: 1,
  permissionsMode: 0o600,
  // Without `overlappingSync` a commit is plain LMDB: write pages, flush, write the new root. With it, what survives a
  // kill depends on reading the kernel's boot id (mdb.c, mdb_pick_meta), and transactionSync would not be faster.
  overlappingSync: false,
  // The root itself reaches the disk with the next flush: a power cut undoes one commit and damages nothing (lmdb.h,
  // MDB_NOMETASYNC). Halves the flushes. `noSync` would save the other half and risk the file; so no.
  noMetaSync: true,
  // Address space, not memory. lmdb-js maps anew at twice the size when it runs out, and keeps the old map.
  mapSize: 2 ** 28,
}

/** Opening again takes less than a millisecond. */
const COMMITS_PER_MAPPING = 64
const LARGE_COMMIT_BYTES = 2 ** 20
/** Of a first commit, pages written at a time: of 16 KiB mostly. */
const PIECE_ROWS = 256

/** Takes all pages to the last, in key order, each good until the next. Throws when they make no sense together. */
export type TakePages = (pages: Iterable<readonly [key: string, page: Uint8Array]>) => void

/**
 * Opens `dir/state.mdb`, and makes both if need be (`dir` with mode 0700). Never rejects.
 * @param take is given the pages while they are checked, so that they are read once. What it has is good when the store is
 * opened; it is called again, with no pages, when they turned out to be damaged or when it threw
 */
export async function openLmdbStore(dir: string, take: TakePages = passOver): Promise<StoreOpening> {
  let release: (() => void) | undefined
  try {
    const { open } = await import('lmdb')
    mkdirSync(dir, { recursive: true, mode: 0o700 })
    const lock = lockDirectory(dir)
    if (lock.kind === 'held') return { ...lock, kind: 'locked' }
    release = lock.release
    return openOrRebuild(open, join(dir, 'state.mdb'), join(dir, 'opening'), release, take)
  } catch (error) {
    release?.()
    return { kind: 'unavailable', reason: messageOf(error) }
  }
}

function openOrRebuild(open: Open, path: string, attemptsPath: string, release: () => void, take: TakePages): StoreOpening {
  const attempts = openingAttempts(attemptsPath)
  const attempt = (): LmdbStore => {
    const exists = prepareFile(path)
    if (exists && attempts.exhausted()) {
      throw new DamagedError('it was opened three times and the process ended each time')
    }
    attempts.begin()
    // We hold the directory, so whatever lock file LMDB left there is of a dead process.
    rmSync(`${path}-lock`, { force: true })
    const store = LmdbStore.open(open, path, release, take)
    attempts.end()
    return store
  }
  try {
    return { kind: 'opened', store: attempt() }
  } catch (error) {
    if (!speaksOfTheFile(error)) throw error
    const target = setAside(path)
    attempts.end()
    return { kind: 'rebuilt', store: attempt(), reason: messageOf(error), setAside: target }
  }
}

/** Node names system errors, lmdb-js numbers them; both mean the machine and not the file, EIO and EINVAL apart. */
function speaksOfTheFile(error: unknown): boolean {
  const code = (error as { readonly code?: unknown }).code
  if (typeof code === 'string') return code === 'EIO'
  return typeof code !== 'number' || code < 0 || code === 5 || code === 22
}

class LmdbStore implements Store {
  readonly #open: Open
  readonly #path: string
  readonly #release: () => void
  #db: Database | undefined
  /** The seal of every page: a commit needs the seals that it replaces, to keep the header's sum. */
  #seals = new Map<string, number>()
  #header: Header = { commit: 0, pages: 0, sum: 0 }
  /** What a failed commit would have made of the two above, until we know that it did not. */
  #doubt: { readonly header: Header; readonly seals: ReadonlyMap<string, number | null> } | undefined
  #iterations = 0
  #closed = false

  private constructor(open: Open, path: string, release: () => void) {
    this.#open = open
    this.#path = path
    this.#release = release
  }

  /** Reads and checks everything. Throws DamagedError, or whatever LMDB, or `take`, says. */
  static open(open: Open, path: string, release: () => void, take: TakePages): LmdbStore {
    const store = new LmdbStore(open, path, release)
    try {
      store.#give(take)
      // One commit now, while a crash still counts as an unfinished opening: only then LMDB reads its free pages.
      store.commit([])
    } catch (error) {
      store.#unmap()
      if (!(error instanceof StoreError)) throw error
      // A disk that is full now may not be later, and what is on it can be read. LMDB's own errors are negative.
      const { code } = error.cause as { readonly code?: unknown }
      if (typeof code === 'number' && code < 0) {
        throw new DamagedError(`it cannot be written to: ${messageOf(error.cause)}`)
      }
    }
    // What was read through the map stays in it, as resident memory, until it is unmapped.
    store.#unmap()
    return store
  }

  *load(): Iterable<readonly [key: string, page: Uint8Array]> {
    // Pages of a first commit that was never finished, on a disk too full to drop them.
    if (this.#header.pages === 0) return
    const db = this.#database()
    this.#iterations++
    try {
      for (const [key, value] of rowsOf(db)) {
        if (!key.equals(HEADER_KEY)) yield [key.toString('latin1'), unseal(key, value).page]
      }
    } finally {
      this.#iterations--
      if (this.#iterations === 0) this.#unmap()
    }
  }

  commit(changes: Iterable<readonly [key: string, page: Uint8Array | null]>): void {
    if (this.#iterations > 0) throw new Error('commit while load() is being read')
    const latest = new Map(changes)
    for (const [key, page] of latest) {
      if (!/^[!-~]{1,200}$/.test(key)) throw new TypeError(`not a page key: ${JSON.stringify(key)}`)
      // From 16 MiB on, lmdb-js hands out views of its map, which unmapping would pull away (lmdb-js.h 3.5.6).
      if (page !== null && page.length > MAX_PAGE_BYTES) throw new TypeError(`page ${key} has ${page.length} bytes`)
    }
    try {
      this.#write(latest)
    } catch (cause) {
      this.#unmap()
      throw new StoreError(`cannot write ${this.#path}: ${messageOf(cause)}`, { cause })
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#unmap()
    try {
      const file = await openFile(this.#path, 'r+')
      try {
        await file.datasync()
      } finally {
        await file.close()
      }
    } catch (cause) {
      throw new StoreError(`cannot flush ${this.#path}: ${messageOf(cause)}`, { cause })
    } finally {
      this.#release()
    }
  }

  #write(latest: ReadonlyMap<string, Uint8Array | null>): void {
    const db = this.#database()
    const seals = new Map<string, number | null>()
    const rows: Row[] = []
    let { pages, sum } = this.#header
    for (const [key, page] of latest) {
      const keyBytes = Buffer.from(key, 'latin1')
      const change = page === null ? null : { page, seal: sealOf(keyBytes, page) }
      const before = this.#seals.get(key)
      if (change === null && before === undefined) continue
      pages += (change === null ? 0 : 1) - (before === undefined ? 0 : 1)
      sum = (sum + (change?.seal ?? 0) - (before ?? 0)) >>> 0
      seals.set(key, change?.seal ?? null)
      rows.push([keyBytes, change])
    }
    const header: Header = { commit: this.#header.commit + 1, pages, sum }
    const length = lengthAfter(db, pages, rows)
    reserve(this.#path, length.file)
    this.#doubt = { header, seals }
    // LMDB holds all that a transaction writes in memory, which the allocator does not give back. What follows an empty
    // header may go in pieces: until the header comes, `#checked` sees a first commit that was never finished.
    const first = this.#header.pages === 0
    const room = Buffer.allocUnsafeSlow(length.longest)
    for (let from = 0; ; from += PIECE_ROWS) {
      const piece = first ? rows.slice(from, from + PIECE_ROWS) : rows
      const last = !first || from + PIECE_ROWS >= rows.length
      db.transactionSync(() => {
        if (first && from === 0) forget(db, this.#header)
        for (const [key, change] of piece) {
          if (change === null) db.removeSync(key)
          // One by one, in the same memory: `putSync` has copied it when it returns.
          else db.putSync(key, sealed(change.page, change.seal, room))
        }
        if (last) db.putSync(HEADER_KEY, encodeHeader(header))
      })
      if (last) break
    }
    this.#settle(header.commit)
    // Overwriting looks at the old page through the map; over days all of the file would become resident. And LMDB keeps
    // the memory of the pages that it wrote for the next commit, which is rarely as large.
    if (header.commit % COMMITS_PER_MAPPING === 0 || length.written > LARGE_COMMIT_BYTES) this.#unmap()
  }

  /** Opens the database if it is not, and finds out what became of a commit that failed. */
  #database(): Database {
    if (this.#closed) throw new StoreError(`${this.#path} is closed`)
    if (this.#db !== undefined) return this.#db
    const db = this.#open<Uint8Array, Buffer>(this.#path, OPTIONS)
    try {
      if (this.#doubt !== undefined) {
        const bytes = db.get(HEADER_KEY)
        this.#settle(bytes === undefined ? 0 : decodeHeader(bytes).commit)
      }
    } catch (error) {
      void db.close()
      throw error
    }
    this.#db = db
    return db
  }

  #settle(commit: number): void {
    const doubt = this.#doubt
    if (doubt?.header.commit === commit) {
      this.#header = doubt.header
      for (const [key, seal] of doubt.seals) {
        if (seal === null) this.#seals.delete(key)
        else this.#seals.set(key, seal)
      }
    } else if (this.#header.commit !== commit) {
      throw new DamagedError(`it holds commit ${commit} and should hold ${this.#header.commit}`)
    }
    this.#doubt = undefined
  }

  /** Tells what is wrong with the pages from what `take` could not make of them. */
  #give(take: TakePages): void {
    const checked = this.#checked(this.#database())
    let damage: unknown
    function* pages(): typeof checked {
      try {
        yield* checked
      } catch (error) {
        damage = error
        throw error
      }
    }
    try {
      take(pages())
    } catch (error) {
      throw error === damage ? error : new DamagedError(`its pages make no sense: ${messageOf(error)}`)
    }
  }

  /** Every page. Has checked all of them when it ends. */
  *#checked(db: Database): Generator<readonly [key: string, page: Uint8Array]> {
    let header: Header | undefined
    let sum = 0
    let previous: Buffer | undefined
    for (const [key, value] of rowsOf(db)) {
      if (previous !== undefined && previous.compare(key) >= 0) throw new DamagedError('its keys are out of order')
      previous = Buffer.from(key)
      if (header === undefined) {
        if (!key.equals(HEADER_KEY)) throw new DamagedError('it has no header')
        header = decodeHeader(value)
        // What stands behind it is a first commit that did not get to its end: nothing of it was ever shown.
        if (header.pages === 0) break
      } else {
        const { page, seal } = unseal(key, value)
        sum = (sum + seal) >>> 0
        const name = key.toString('latin1')
        this.#seals.set(name, seal)
        yield [name, page]
      }
    }
    // A new file, or one that was made and never committed to.
    if (header === undefined && statsOf(db).lastTxnId === 0) return
    if (header === undefined) throw new DamagedError('it has no header')
    if (header.pages !== this.#seals.size || header.sum !== sum) {
      throw new DamagedError('its pages are not of one commit')
    }
    this.#header = header
  }

  /** Closing is synchronous with no asynchronous write under way, and there is never one here. */
  #unmap(): void {
    void this.#db?.close()
    this.#db = undefined
  }
}

function passOver(pages: Iterable<unknown>): void {
  const rest = pages[Symbol.iterator]()
  while (rest.next().done !== true);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

// What the exporter keeps between runs: named pages of bytes, committed together or not at all.
// This is the contract; lmdb.ts is the store behind it, test/store/contract.ts the exam every store sits.
// What the bytes mean is the caller's business.

/**
 * Version of what is on disk: the shape of the seal and of the header, not of what callers put in pages.
 * A store with another version is set aside, never guessed at.
 */
export const STORE_FORMAT = 1

/**
 * Largest page, in bytes. Far smaller is better, since a page is written whole: on a disk with blocks of 4 KiB, pages of
 * up to 16,356 bytes fill four of them, and 16,384 bytes would take five (28 bytes are ours).
 */
export const MAX_PAGE_BYTES = 2 ** 24 - 2 ** 12

/**
 * Pages by key. Keys are 1 to 200 visible ASCII characters and are ordered byte by byte. One process at a time has a
 * store open. A malformed key or a page over MAX_PAGE_BYTES is a programmer error and throws a TypeError.
 */
export interface Store {
  /**
   * Every page, in key order. A page is good until the next step of the iteration: copy what is to be kept. Finish, or
   * leave, the iteration before the next `commit`.
   */
  load(): Iterable<readonly [key: string, page: Uint8Array]>

  /**
   * All changes or none; `null` deletes, and the last of several changes to one key counts. When it returns, the changes
   * outlive the process; after a power cut the last commit may be undone, as a whole. Blocks for one flush to disk.
   * Throws StoreError when the disk is full, read-only or failing: the store then holds what it held before, or, where
   * even that could not be learnt, all of the changes. Committing them again later is right in both cases.
   */
  commit(changes: Iterable<readonly [key: string, page: Uint8Array | null]>): void

  /** Waits until everything is on the disk, then lets go of the directory. A second call does nothing. */
  close(): Promise<void>
}

/** The disk refused. `cause` holds what the disk, or the database, said. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
}

/** What came of opening a store. Expected trouble is a value; the caller logs it and goes on. */
export type StoreOpening =
  | { readonly kind: 'opened'; readonly store: Store }
  /** What was there could not be trusted. It was renamed to `setAside`, and `store` is empty. */
  | { readonly kind: 'rebuilt'; readonly store: Store; readonly reason: string; readonly setAside: string }
  /** Another process, `holder` if its id is known, uses the directory. */
  | { readonly kind: 'locked'; readonly holder?: number }
  /** The directory cannot be made or written, or there is no database for this platform: serve without state. */
  | { readonly kind: 'unavailable'; readonly reason: string }

// The exporter's data between runs: tables of rows, changed together or not at all. This is the contract; journal.ts is
// the store that implements it, and test/store/contract.ts the exam that every store sits. The meaning of the bytes is
// the caller's concern.
import type { Change, Heading } from '../core/tables/table.js'

/** The state that is stored. */
export interface Stored {
  readonly heading: Heading
  /** The current content. Read in steps between commits when the store rewrites itself. */
  everything(): Iterable<Change>
  /**
   * Takes the stored changes, oldest first; each is valid until the next. Called once, or twice if what was read turned
   * out to be damaged; what was taken before must then be discarded. Throws if the changes cannot be what was stored.
   */
  take(heading: Heading, changes: Iterable<Change>): void
}

/** Only one process at a time has a store open. */
export interface Store {
  /**
   * Commits all changes or none. When it returns, the changes survive the end of the process and a power cut. Blocks
   * for one flush to disk. Throws StoreError if they cannot be written. The store then holds what it held before or, if
   * even that could not be determined, all of the changes. In both cases, committing them again later is right and
   * sufficient: a store that was moved away, replaced or lost writes everything anew.
   */
  commit(changes: Iterable<Change>): void
  /**
   * Records, if possible, that the stored state is older than what was shown. The next successful commit clears that.
   */
  fallBehind(): void
  /** Waits until nothing is being written, then releases the directory. A second call does nothing. */
  close(): Promise<void>
}

/** The disk refused. `cause` is the error of the disk. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
}

/** The result of opening a store. Expected trouble is a value, which the caller logs. */
export type StoreOpening =
  | {
      readonly kind: 'opened'
      readonly store: Store
      /** The stored state may be older than what was last shown: the disk had refused, or a copy was restored. */
      readonly behind: boolean
      /** Why nothing can be written now; every commit tries again. */
      readonly trouble?: string
      /** The stored state is damaged; `take` got the intact part, if any. It is kept under the name `setAside`. */
      readonly damage?: { readonly reason: string; readonly setAside?: string | undefined }
    }
  /** Another process, `holder` if its id is known, uses the directory. */
  | { readonly kind: 'locked'; readonly holder?: number }
  /** A state exists, or may exist, that this process cannot read now, or this version never can. It was not touched. */
  | { readonly kind: 'refused'; readonly reason: string }

// What the exporter keeps between runs: tables of rows, changed together or not at all. This is the contract; journal.ts is
// the store behind it, test/store/contract.ts the exam every store sits. What the bytes mean is the caller's business.
import type { Change, Heading } from '../core/tables/table.js'

/** Whose state is stored. */
export interface Stored {
  readonly heading: Heading
  /** All there is now. Read in steps between commits when the store writes itself anew. */
  everything(): Iterable<Change>
  /**
   * Takes what is stored, oldest first: each change is good until the next. Called once, or twice where what was read
   * turned out to be damaged; what was taken before is then to be forgotten. Throws when it cannot be what was stored.
   */
  take(heading: Heading, changes: Iterable<Change>): void
}

/** One process at a time has a store open. */
export interface Store {
  /**
   * All changes or none. When it returns, the changes outlive the process and a power cut. Blocks for one flush to disk.
   * Throws StoreError when they cannot be written; the store then holds what it held before, or, where even that could not
   * be learnt, all of the changes. Committing them again later is right in both cases, and is all there is to do: a store
   * that was moved away, replaced or lost writes everything anew.
   */
  commit(changes: Iterable<Change>): void
  /** Notes, if it can, that what is stored is older than what was shown. The next commit that succeeds takes it back. */
  fallBehind(): void
  /** Waits until nothing is being written, then lets go of the directory. A second call does nothing. */
  close(): Promise<void>
}

/** The disk refused. `cause` holds what it said. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
}

/** What came of opening a store. Expected trouble is a value; the caller logs it. */
export type StoreOpening =
  | {
      readonly kind: 'opened'
      readonly store: Store
      /** What was stored may be older than what was last shown: the disk had refused, or a copy was put back. */
      readonly behind: boolean
      /** Why nothing can be written now; every commit tries again. */
      readonly trouble?: string
      /** What was stored is damaged; `take` got what was sound of it, if anything. It is kept under the name `setAside`. */
      readonly damage?: { readonly reason: string; readonly setAside?: string | undefined }
    }
  /** Another process, `holder` if its id is known, uses the directory. */
  | { readonly kind: 'locked'; readonly holder?: number }
  /** There is a state, or may be, and it cannot be read by this process now, or by this version ever. It was not touched. */
  | { readonly kind: 'refused'; readonly reason: string }

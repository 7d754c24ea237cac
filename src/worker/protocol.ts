// Everything that crosses between the main thread and a worker.
import type { Batch } from '../core/ledger/batch.js'
import type { Cursor, FileStat, Fingerprint } from '../core/cursor.js'
import type { Fallbacks } from '../core/ledger/fallback.js'
import type { SkipReason } from '../core/ledger/skip.js'
import type { Backend } from '../decode/decoder.js'
import type { Transcript } from '../sources/source.js'

export type { Backend }

/** One file to read: from `from` if the fingerprint of the bytes before matches, otherwise from its start. */
export interface FileTask extends Transcript {
  readonly from: number
  readonly fingerprint: Fingerprint
  /** The state that the source saved after the lines before `from`. */
  readonly saved?: string
  /** Read only this part of the file, from the part's start. */
  readonly part?: FilePart
}

/** The lines of a file from one byte up to another; one of `of` parts. The last part has no end. */
export interface Span {
  readonly from: number
  readonly to: number
  readonly of: number
}

export interface FilePart extends Span {
  /** The stat of the whole file, from before any part was read. */
  readonly stat: FileStat
}

export interface ParseTask {
  readonly agent: string
  readonly backend: Backend
  readonly files: readonly FileTask[]
}

/** A task for a thread, with memory shared by both threads for the rows that fit; other rows are copied. */
export interface ThreadTask extends ParseTask {
  readonly number: number
  readonly outbox: SharedArrayBuffer
}

/** A full batch that a thread sends before its task is finished. The thread waits until it was taken. */
export interface Piece {
  /** Number of the task. */
  readonly number: number
  readonly batch: Batch
  /** 0 as long as the thread waits; the main thread sets it to 1. */
  readonly taken: Int32Array
}

/** What a thread sends about a task: its full batches, then its result or its failure. */
export type Answer =
  | Piece
  | { readonly number: number; readonly result: ParseResult }
  | { readonly number: number; readonly error: unknown }

export type FileOutcome =
  | {
      readonly kind: 'read'
      readonly cursor: Cursor
      /** Whether reading should have resumed, but the bytes before were not those read earlier. */
      readonly replaced: boolean
      /** The first working directory in it, if one was wanted. */
      readonly cwd?: string
      readonly bytes: number
      readonly lines: number
      readonly skipped: Readonly<Partial<Record<SkipReason, number>>>
      /** Lines that the engine left to the slower one. */
      readonly fallbacks: Fallbacks
      /** Time taken, in seconds. */
      readonly seconds: number
    }
  /** It disappeared before it could be opened, which is not an error. */
  | { readonly kind: 'gone' }
  | {
      readonly kind: 'failed'
      readonly message: string
      /** There if the content is at fault: as long as the file stays as it is, reading it again fails again. */
      readonly stat?: FileStat
    }

export interface ParseResult {
  readonly batch: Batch
  /** One for each file of the task, in its order. */
  readonly outcomes: readonly FileOutcome[]
}

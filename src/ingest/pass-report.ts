// The reports of a pass: events while it runs, for telemetry and the log, and a summary at its end.
import type { FileOutcome } from '../worker/protocol.js'
import type { Plan } from './plan.js'
import type { FoundRoots, Root } from './roots.js'

/** The paths to check: everything, or the paths that a watcher reported. */
export type Scope = 'everything' | ReadonlySet<string>

export interface PassReport {
  readonly full: boolean
  readonly roots: readonly Root[]
  /** Log files checked, and how many of them were unchanged. */
  readonly files: number
  readonly unchanged: number
  /** Milliseconds since the epoch; undefined if there is no log file. */
  readonly oldestMtimeMs: number | undefined
  readonly bytes: number
  readonly milliseconds: number
  /** Number of threads that read, the main thread included if it helped; 0: everything was read in place. */
  readonly workers: number
  /** Whether it was stopped before it was finished. */
  readonly aborted: boolean
  readonly unread: Unread
  /** Targets of links that lead out of all roots, with the agents that read there. */
  readonly outside: ReadonlyMap<string, string>
}

/** Existing paths that could not be read. */
export interface Unread {
  /** Folders and links that could not be checked, and roots that could not be reached, with the reasons. */
  readonly places: ReadonlyMap<string, string>
  /** Log files that could not be read, with their agents. */
  readonly files: ReadonlyMap<string, string>
}

/** Events for telemetry and the log. */
export interface PassEvents {
  /** The roots of a full pass that begins. */
  rootsResolved(found: FoundRoots): void
  /** Reading begins. @param workers as in the report */
  workPlanned(plan: Plan, workers: number): void
  /** Files, or parts of large ones, with the number of bytes read. */
  read(files: readonly Read[], bytes: number): void
  duplicates(count: number): void
  replaced(path: string): void
  scanFailed(path: string, message: string): void
  readFailed(path: string, message: string): void
  workerFailed(error: unknown): void
  /** The content of these files could not be joined: they are not read again until they change. */
  joinFailed(paths: readonly string[], error: unknown): void
  /** The new content of a file is now in the totals; its modification time is in milliseconds since the epoch. */
  usageVisible(path: string, mtimeMs: number): void
}

export type RunPass = (scope: Scope) => Promise<PassReport>

/** A file, or a part of one, that was read. */
export type Read = Extract<FileOutcome, { kind: 'read' }>

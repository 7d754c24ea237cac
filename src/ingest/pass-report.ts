// What a pass reports: events while it runs, for telemetry and the log, and a summary at its end.
import type { FileOutcome } from '../worker/protocol.js'
import type { Plan } from './plan.js'
import type { FoundRoots, Root } from './roots.js'

/** What to look at: everything, or the paths that a watcher named. */
export type Scope = 'everything' | ReadonlySet<string>

export interface PassReport {
  readonly full: boolean
  readonly roots: readonly Root[]
  /** Transcripts looked at, and of those the unchanged. */
  readonly files: number
  readonly unchanged: number
  /** Milliseconds since the epoch; undefined when there is no transcript. */
  readonly oldestMtimeMs: number | undefined
  readonly bytes: number
  readonly milliseconds: number
  /** Workers that the pass used; 0: everything was read in place. */
  readonly workers: number
  /** It was told to stop before it was done. */
  readonly aborted: boolean
  readonly unread: Unread
  /** Where links lead out of all roots, with the agents that read there. */
  readonly outside: ReadonlyMap<string, string>
}

/** What is there and could not be read. */
export interface Unread {
  /** Folders and links that could not be looked at, and roots that could not be reached, with the reasons. */
  readonly places: ReadonlyMap<string, string>
  /** Transcripts that could not be read, with their agents. */
  readonly files: ReadonlyMap<string, string>
}

/** What happens on the way, for those who count and log it. */
export interface PassEvents {
  /** Where a full pass is about to look. */
  rootsResolved(found: FoundRoots): void
  workPlanned(plan: Plan): void
  /** Files, or parts of long ones, and how many bytes were read of them. */
  read(files: readonly Read[], bytes: number): void
  duplicates(count: number): void
  replaced(path: string): void
  scanFailed(path: string, message: string): void
  readFailed(path: string, message: string): void
  workerFailed(error: unknown): void
  /** What was read of these files could not be joined: they are not read again until they change. */
  joinFailed(paths: readonly string[], error: unknown): void
  /** What was new of a file is in the totals now; its time of modification is in milliseconds since the epoch. */
  usageVisible(path: string, mtimeMs: number): void
}

export type RunPass = (scope: Scope) => Promise<PassReport>

/** A file, or a part of one, that was read. */
export type Read = Extract<FileOutcome, { kind: 'read' }>

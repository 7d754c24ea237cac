// The contract of a source: one agent's logs. Where they lie, which session a file belongs to, what a line means.
import type { BatchBuilder } from '../core/ledger/batch.js'
import type { SkipReason } from '../core/ledger/skip.js'
import type { LineReader, Prefilter } from '../decode/decoder.js'
import type { DirectorySetting } from './directories.js'

/** What a log file's path tells. */
export interface LogFile {
  /**
   * The project, as far as the path tells: it counts until a line, or a file beside the log, tells a working directory. A
   * name for all where the path tells none. No `/` in it.
   */
  readonly project: string
  readonly session: string
  /** A sub-agent's file, not the session's main transcript. */
  readonly subagent: boolean
}

/** A transcript being read. */
export interface Transcript extends LogFile {
  /** Absolute, symbolic links resolved. */
  readonly path: string
  readonly wantsCwd: boolean
}

/** What was noticed besides records. */
export interface Findings {
  skip(reason: SkipReason, lines: number): void
  /** The first working directory that the file tells, as it stands there. */
  cwd(path: string): void
}

export interface Source {
  /** Value of the label `agent`. No `/` in it. */
  readonly agent: string
  /** The setting that names its directories. */
  readonly directories: DirectorySetting
  /** Lines without one of these need not be parsed. */
  readonly prefilters: readonly Prefilter[]
  /** Its lines are those of Claude Code, which walker/ knows. */
  readonly walkable: boolean
  /**
   * Where its logs lie below a directory that was named, in groups of candidates: of each group the first that exists is
   * looked at. A pattern means all that match. There is a group, and none is empty.
   */
  roots(directory: string): readonly (readonly string[])[]
  /** Whether to look into a directory of that name, with so many directories between the root and it. */
  entersDirectory(name: string, depth: number): boolean
  /** @param path parts below the root. undefined: not a log file. */
  locate(path: readonly string[]): LogFile | undefined
  /** Project of a working directory: its normal form, worktrees folded into their repository. May look at the disk. */
  projectOf(cwd: string): string
  /** A reader for the lines of one transcript, which adds its records to `batch`. */
  open(transcript: Transcript, batch: BatchBuilder, findings: Findings): LineReader
}

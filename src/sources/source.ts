// The contract of a source, which knows one agent's logs: their directories, the session of each file, and the meaning
// of a line. Everything outside the folder of a source is agent-agnostic.
import type { TokenCounts } from '../core/schema.js'
import type { Name } from '../core/ledger/keys.js'
import type { CompatCounter } from '../core/totals/compat.js'
import type { Decoder, LineReader, LineSink, Prefilter } from '../decode/decoder.js'
import type { FirstLook } from '../decode/first-look.js'
import type { DirectorySetting } from './directories.js'

/** The facts that the path of a log file states. */
export interface LogFile {
  /**
   * The project as the path states it: used until a line, or a file beside the log, states a working directory. One
   * name for all if the path states none. No `/` in it.
   */
  readonly project: string
  readonly session: string
  /** A sub-agent's file, not the session's main log file. */
  readonly subagent: boolean
  /** How the bytes are read; if absent, one value per line, from any line on. */
  readonly form?: FileForm
}

/** A file that is read whole or not at all, whenever it has changed. */
export type FileForm =
  /** One JSON value over many lines. */
  | 'document'
  /** Lines, compressed as a whole. */
  | 'zstd-lines'

/** A file to read. */
export interface Transcript extends LogFile {
  /** Absolute, symbolic links resolved. */
  readonly path: string
  readonly wantsCwd: boolean
}

/** One response as a log states it. */
export interface Response {
  /**
   * Its identity, whatever the file or the order of its lines. Absent if the line has lost it and only names the
   * request; it is then a copy of the best response with that request, as soon as one is known.
   */
  readonly key?: Name | undefined
  /** Name of the request that it answers. */
  readonly request?: Name | undefined
  /** As logged. */
  readonly model: string
  /** Milliseconds since the epoch; NaN if the log states none. Times outside the years 0 to 9999 count as NaN. */
  readonly timeMs: number
  /** Each class separately. Anything missing or not above 0 counts as 0. */
  readonly tokens: Partial<TokenCounts>
  /** Modifiers of its price: bits of MODIFIER. */
  readonly modifiers?: number
  /** Outside the session's main chain. */
  readonly sidechain?: boolean
  /** Web searches billed with it. */
  readonly searches?: number
  /** Tools that it used and whose searches another line reports. */
  readonly tools?: readonly Name[]
  /** Number of requests it stands for; if absent, 1. */
  readonly requests?: number
  /**
   * Cost as logged, in nano-dollars: counts if no price is known. With MODIFIER.billed among the modifiers it is the
   * billed amount, and takes precedence over any price. 0 says nothing.
   */
  readonly costNanos?: number
}

/** The reports that a source can make about a file. The implementation handles rows, hashes and string numbers. */
export interface UsageSink extends LineSink {
  response(response: Response): void
  /** A tool that a response used made this many web searches. The earliest line counts. */
  toolResult(tool: Name, searches: number, timeMs: number): void
}

export interface Source {
  /** Value of the label `agent`: letters a to z, digits and dashes. */
  readonly agent: string
  /**
   * Its keys are stored without the agent's name. Only for the first source: keys of others must not collide with its
   * own.
   */
  readonly unsalted?: true
  /** The setting that names its directories. */
  readonly directories: DirectorySetting
  /** The metric names of its own telemetry, shown on request. Absent if it has none. */
  readonly compat?: readonly CompatCounter[]
  /** Lines without any of these need not be parsed. */
  readonly prefilters: readonly Prefilter[]
  /** Classifies most lines by their beginning, which is faster than searching all of them for a prefilter's text. */
  readonly firstLook?: FirstLook
  /**
   * The text before long strings that its reader does not use, up to and including their opening quotes: these strings
   * are not parsed, and need not be valid.
   */
  readonly unread?: readonly string[]
  /**
   * Creates an engine that converts lines to rows, or finds their fields; `rest` decodes the lines that it does not
   * know. If absent, `v8` decodes.
   */
  readonly engine?: (rest: Decoder) => Decoder
  /**
   * The meaning of a line depends on the lines before it. Its files are never split into parts, and reading resumes
   * with the state that its reader saved, otherwise from the start.
   */
  readonly sequential?: true
  /**
   * The directories of its logs below a named directory, in groups of candidates: the first that exists of each group
   * is used. A pattern stands for all directories that match. There is at least one group, and none is empty.
   */
  roots(directory: string): readonly (readonly string[])[]
  /** Whether to enter a directory of that name, with that many directories between the root and it. */
  entersDirectory(name: string, depth: number): boolean
  /** @param path parts below the root; returns undefined if it is not a log file */
  locate(path: readonly string[]): LogFile | undefined
  /** The project of a working directory: normalised, worktrees replaced by their repository. May read the disk. */
  projectOf(cwd: string): string
  /**
   * A reader for the lines of one file.
   * @param saved the state that a reader saved where this one begins; undefined at the start of the file, and for
   * sources that are not sequential
   * @throws if `saved` is not a state of this source; the file is then read from its start
   */
  open(file: Transcript, sink: UsageSink, saved?: string): LineReader
}

/** @throws if no source reads this agent */
export function findSource(sources: readonly Source[], agent: string): Source {
  const source = sources.find((candidate) => candidate.agent === agent)
  if (source === undefined) throw new Error(`no source for the agent "${agent}"`)
  return source
}

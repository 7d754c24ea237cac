// The contract of a source: one agent's logs. Where they lie, which session a file belongs to, and what a line means.
// Everything outside the folder of a source is agent-agnostic.
import type { TokenCounts } from '../core/schema.js'
import type { Name } from '../core/ledger/keys.js'
import type { CompatCounter } from '../core/totals/compat.js'
import type { Decoder, LineReader, LineSink, Prefilter } from '../decode/decoder.js'
import type { FirstLook } from '../decode/first-look.js'
import type { DirectorySetting } from './directories.js'

/** What a log file's path says. */
export interface LogFile {
  /**
   * The project, as far as the path tells: it counts until a line, or a file beside the log, tells a working directory. A
   * name for all where the path tells none. No `/` in it.
   */
  readonly project: string
  readonly session: string
  /** A sub-agent's file, not the session's main transcript. */
  readonly subagent: boolean
  /** How the bytes are to be read; a line a value, from any line on, if absent. */
  readonly form?: FileForm
}

/** Of a file that is read whole or not at all, whenever it changed. */
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

/** What a log says of one response. */
export interface Response {
  /**
   * What it is known by, whatever file or order its lines come in. Absent: the line lost it and has the request's name only;
   * it is a copy of the best response with that request, as soon as one is known.
   */
  readonly key?: Name | undefined
  /** Name of the request that it answers. */
  readonly request?: Name | undefined
  /** As the log has it. */
  readonly model: string
  /** Milliseconds since the epoch; NaN when the log does not say. What lies outside of the years 0 to 9999 counts as that. */
  readonly timeMs: number
  /** Each class by itself. What is no number above 0, or not there, counts as 0. */
  readonly tokens: Partial<TokenCounts>
  /** What changes its price: bits of MODIFIER. */
  readonly modifiers?: number
  /** Outside of the session's main chain. */
  readonly sidechain?: boolean
  /** Web searches that were billed with it. */
  readonly searches?: number
  /** Tools that it used and whose searches another line reports. */
  readonly tools?: readonly Name[]
  /** How many requests it stands for; 1 if absent. */
  readonly requests?: number
  /**
   * What it cost as the log has it, in nano-dollars: counts where no price is known. With MODIFIER.billed among the modifiers it
   * is what was billed, and counts before any price. 0 tells nothing.
   */
  readonly costNanos?: number
}

/** What a source may say of a file. Rows, hashes and numbers of texts are the business of whoever implements it. */
export interface UsageSink extends LineSink {
  response(response: Response): void
  /** A tool that a response used made so many web searches. The earliest line counts. */
  toolResult(tool: Name, searches: number, timeMs: number): void
}

export interface Source {
  /** Value of the label `agent`: letters a to z, digits and dashes. */
  readonly agent: string
  /** Its keys are stored without the agent's name in them. Of the first source alone: keys of others must not meet its own. */
  readonly unsalted?: true
  /** The setting that names its directories. */
  readonly directories: DirectorySetting
  /** The names of its own telemetry for what it used, shown if the user asks for them. Absent: it has none. */
  readonly compat?: readonly CompatCounter[]
  /** Lines without one of these need not be parsed. */
  readonly prefilters: readonly Prefilter[]
  /** Tells most lines by their beginning, which is faster than to look for a prefilter's text in all of them. */
  readonly firstLook?: FirstLook
  /**
   * What stands in front of long strings that its reader does not read, up to and with their opening quotes: these are not parsed, and
   * need not be sound.
   */
  readonly unread?: readonly string[]
  /** Makes an engine that turns its lines into rows by itself; `rest` decodes what that does not know. Absent: `v8` decodes. */
  readonly engine?: (rest: Decoder) => Decoder
  /**
   * A line means something only after those before it. Its files are never cut into parts, and reading one goes on with
   * what its reader saved; without that, from the start.
   */
  readonly sequential?: true
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
  /**
   * A reader for the lines of one file.
   * @param saved what a reader of this file saved where this one begins; undefined: it begins at the start, or the source
   * is not sequential. Throws for what no reader of it saves: the file is then read from its start.
   */
  open(file: Transcript, sink: UsageSink, saved?: string): LineReader
}

/** @throws for an agent that none of them reads */
export function findSource(sources: readonly Source[], agent: string): Source {
  const source = sources.find((candidate) => candidate.agent === agent)
  if (source === undefined) throw new Error(`no source for the agent "${agent}"`)
  return source
}

// The contract between a file's bytes and a source: an engine takes whole lines and hands over what is in them.
import type { BatchBuilder } from '../core/ledger/batch.js'
import type { Fallbacks } from '../core/ledger/fallback.js'
import type { SkipReason } from '../core/ledger/skip.js'

/** The engines, fastest first; all of them make the same of every line. `wasm` stands for an engine of the source's own. */
export const BACKENDS = ['wasm', 'v8', 'simdjson'] as const
export type Backend = (typeof BACKENDS)[number]

/** Ends a line. */
export const LINE_FEED = 0x0a
/** Longer lines are skipped and counted, so that memory stays bounded. */
export const MAX_LINE_BYTES = 64 * 1024 * 1024

/**
 * Longer lines are not parsed: a string of it and its parts would take several times as much. Those with usage have
 * 3 MB at most, the echo of a sub-agent's line, and no model answers with as much.
 */
export const MAX_READ_LINE_BYTES = 8 * 1024 * 1024

/** Nor are lines of more values: each takes a token of output, of which the longest answer has half as many. Logs have hundreds. */
export const MAX_LINE_VALUES = 2 ** 18

/** Objects that are read of one line; a crash leaves two or three. */
export const MAX_LINE_OBJECTS = 4096

/** A longer line that cannot count is not parsed just for its working directory, which shorter lines have, too. */
export const MAX_CWD_LINE_BYTES = 4 * 1024 * 1024

/** What a source makes of the decoded lines of one file. */
export interface LineReader {
  /**
   * @param line what JSON.parse made of it
   * @param offset where it begins in the file, in bytes; of several on one line, each has another
   */
  read(line: unknown, offset: number): void
  /**
   * Of a sequential source: what to know of the lines read so far to read the next ones, at most MAX_SAVED characters and
   * never empty; undefined when it does not fit, and the file is to be read from its start again. Called behind a whole line,
   * and before a last line without a line feed is read.
   */
  save?(): string | undefined
  /**
   * True while lines that the prefilters would leave out may tell how to read the ones behind them: for a few lines, since
   * all of them are parsed. Those beyond MAX_CWD_LINE_BYTES are left out all the same. Absent: never.
   */
  readonly wantsEveryLine?: boolean
}

/** What a decoder says of a file's lines besides handing them over. */
export interface LineSink {
  /** @param lines how many; 1 if absent */
  skip(reason: SkipReason, lines?: number): void
  /** A working directory, as the file has it. The first one counts, and only while it is wanted. */
  cwd(path: string): void
  /** True until a working directory was found, if one is wanted at all. */
  readonly wantsCwd: boolean
}

/** The same for an engine that makes rows without values and a reader. */
export interface RowSink extends LineSink {
  readonly batch: BatchBuilder
  /** Number of the file's session in the batch; another one in the next batch. */
  readonly sessionNumber: number
  readonly file: { readonly session: string; readonly subagent: boolean }
}

/** Where the lines of one file go. */
export interface LineTarget {
  readonly reader: LineReader
  readonly sink: RowSink
}

/** Lines worth parsing hold one of these texts; the others cannot tell anything that counts. */
export interface Prefilter {
  readonly find: string
  /** And this one as well. */
  readonly and?: string
  /** It tells nothing but a working directory: while none is wanted, or beyond MAX_CWD_LINE_BYTES, it is no reason to parse. */
  readonly cwdOnly?: true
}

export interface Decoder {
  /**
   * A buffer to read a file's bytes into: `decode` may refuse bytes that lie elsewhere. The one before is good no longer.
   */
  allocate(bytes: number): Buffer
  /** A larger buffer that begins with what is in this one, which is good no longer. */
  grow(buffer: Buffer, bytes: number): Buffer
  /**
   * Decodes the whole lines of `bytes` in [from, to). `offset` is where `from` lies in the file. Answers how many lines
   * there were.
   */
  decode(bytes: Buffer, from: number, to: number, offset: number, target: LineTarget): number
  /** Decodes a last line without a line feed: it counts if it can be parsed, and is no error if it cannot. */
  decodeTorn(bytes: Buffer, from: number, to: number, offset: number, target: LineTarget): void
  /** Decodes bytes that are one value, whatever line feeds stand between its parts. */
  decodeDocument(bytes: Buffer, from: number, to: number, target: LineTarget): void
  /** Lines that an engine left to another since this was last asked. */
  takeFallbacks(): Fallbacks
}

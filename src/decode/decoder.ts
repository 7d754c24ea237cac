// The contract between a file's bytes and a source's meaning: whole lines in, what the source makes of them out.
import type { BatchBuilder } from '../core/ledger/batch.js'
import type { Fallbacks } from '../core/ledger/fallback.js'
import type { SkipReason } from '../core/ledger/skip.js'

/** The engines, fastest first. All of them tell the same of every line. */
export const BACKENDS = ['wasm', 'v8', 'simdjson'] as const
export type Backend = (typeof BACKENDS)[number]

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

/**
 * A longer line that cannot count is not parsed for its working directory either, which others tell as well: it would be
 * made a string, and case 41 of claude-code-logs 8 asks that it is not.
 */
export const MAX_CWD_LINE_BYTES = 4 * 1024 * 1024

/** What an engine that makes rows by itself must know of a transcript, and where the rows go. */
export interface RowTaker {
  readonly batch: BatchBuilder
  /** Number of the transcript's place in the batch, which is another when its texts are. */
  readonly place: number
  readonly nested: boolean
  readonly session: string
}

/** What a source does with the decoded lines of one transcript. */
export interface LineReader {
  /**
   * @param line what JSON.parse made of it
   * @param offset where it begins in the file, in bytes; of several on one line, each has another
   */
  read(line: unknown, offset: number): void
  /** The first working directory in the file, as it stands there. */
  cwd(path: string): void
  /** @param lines how many; 1 unless told */
  skip(reason: SkipReason, lines?: number): void
  /** True until the first line with a working directory was read, if that is wanted at all. */
  readonly wantsCwd: boolean
  /** Of a source whose lines walker/ knows: for rows that were made without `read`. */
  readonly rows?: RowTaker
}

/** Lines worth parsing hold one of these texts; the others cannot tell anything that counts. */
export interface Prefilter {
  readonly find: string
  /** And this one as well. */
  readonly and?: string
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
  decode(bytes: Buffer, from: number, to: number, offset: number, reader: LineReader): number
  /** Decodes a last line without a line feed: it counts if it can be parsed, and is no error if it cannot. */
  decodeTorn(bytes: Buffer, from: number, to: number, offset: number, reader: LineReader): void
  /** Lines that an engine left to another since this was last asked. */
  takeFallbacks(): Fallbacks
}

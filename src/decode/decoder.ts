// The contract of an engine: it splits a file's bytes into lines, decodes them, and passes the values to the source's
// reader.
import type { BatchBuilder } from '../core/ledger/batch.js'
import type { Fallbacks } from '../core/ledger/fallback.js'
import type { SkipReason } from '../core/ledger/skip.js'

/** The engines, fastest first. All give the same result for every line. `wasm` is the source's own engine. */
export const BACKENDS = ['wasm', 'v8', 'simdjson'] as const
export type Backend = (typeof BACKENDS)[number]

export const LINE_FEED = 0x0a
/** Longer lines are skipped and counted, so that memory stays bounded. */
export const MAX_LINE_BYTES = 64 * 1024 * 1024

/**
 * Longer lines are not parsed, because the string and its parts would take several times as much memory. The longest
 * known line with usage, an echo of a sub-agent's line, has 3 MB, and no model can answer with 8 MB.
 */
export const MAX_READ_LINE_BYTES = 8 * 1024 * 1024

/**
 * Lines with more values are not parsed. Each value takes at least one output token, and the longest answer has half as
 * many tokens. Lines in logs have hundreds of values.
 */
export const MAX_LINE_VALUES = 2 ** 18

/** Maximum number of objects read from one line. A crash leaves two or three on a line. */
export const MAX_LINE_OBJECTS = 4096

/** Longer lines without usage are not parsed just for their working directory: shorter lines state it, too. */
export const MAX_CWD_LINE_BYTES = 4 * 1024 * 1024

/** A source's reader for the decoded lines of one file. */
export interface LineReader {
  /**
   * @param line the value that JSON.parse returns for it
   * @param offset where it begins in the file, in bytes; several values on one line have different offsets
   */
  read(line: unknown, offset: number): void
  /**
   * Only for sequential sources: returns the state that the next lines depend on, 1 to MAX_SAVED characters. Undefined
   * if the state is longer; the file is then read from its start again. Called after a complete line, and before a last
   * line without a line feed is read.
   */
  save?(): string | undefined
  /**
   * True while later lines may depend on lines that the prefilters skip. All lines up to MAX_CWD_LINE_BYTES are then
   * parsed, so it should be true for a few lines only. If absent, false.
   */
  readonly wantsEveryLine?: boolean
}

/** Takes the facts about a file's lines that are not usage. */
export interface LineSink {
  /** @param lines number of skipped lines; 1 if absent */
  skip(reason: SkipReason, lines?: number): void
  /** A working directory as logged. Only the first one counts, and only if `wantsCwd` is true. */
  cwd(path: string): void
  /** True until a working directory is found; always false if the file needs none. */
  readonly wantsCwd: boolean
}

/** The sink of an engine that writes rows directly, without a reader. */
export interface RowSink extends LineSink {
  readonly batch: BatchBuilder
  /** Number of the file's session in the batch; it changes with each batch. */
  readonly sessionNumber: number
  readonly file: { readonly session: string; readonly subagent: boolean }
}

/** The destination of one file's lines. */
export interface LineTarget {
  readonly reader: LineReader
  readonly sink: RowSink
}

/** Selects lines to parse by a text that they contain. Lines that no prefilter selects hold nothing that counts. */
export interface Prefilter {
  readonly find: string
  /** A second text that the line must contain. */
  readonly and?: string
  /** Selects lines for their working directory only: up to MAX_CWD_LINE_BYTES, and only while the sink wants one. */
  readonly cwdOnly?: true
}

export interface Decoder {
  /**
   * Returns the buffer to read a file's bytes into, and invalidates the previous one. `decode` may refuse any other
   * buffer.
   */
  allocate(bytes: number): Buffer
  /** Returns a larger buffer with the contents of this one, which becomes invalid. */
  grow(buffer: Buffer, bytes: number): Buffer
  /**
   * Decodes the complete lines of `bytes` in [from, to). `offset` is the position of `from` in the file. Returns the
   * number of lines.
   */
  decode(bytes: Buffer, from: number, to: number, offset: number, target: LineTarget): number
  /** Decodes a last line without a line feed. It counts if it can be parsed; otherwise it is not an error. */
  decodeTorn(bytes: Buffer, from: number, to: number, offset: number, target: LineTarget): void
  /** Decodes bytes that are a single value, which may contain line feeds. */
  decodeDocument(bytes: Buffer, from: number, to: number, target: LineTarget): void
  /** Returns the number of lines by reason that this engine left to another one since the last call. */
  takeFallbacks(): Fallbacks
}

// The contract between a file's bytes and a source's meaning: whole lines in, what the source makes of them out.
import type { GaveUp } from '../core/give-up.js'
import type { SkipReason } from '../core/skip.js'

/** The engines, fastest first. All of them tell the same of every line. */
export const BACKENDS = ['wasm', 'v8', 'simdjson'] as const
export type Backend = (typeof BACKENDS)[number]

/** Longer lines are skipped and counted, so that memory stays bounded. */
export const MAX_LINE_BYTES = 64 * 1024 * 1024

/**
 * A longer line that cannot count is not parsed for its working directory either, which others tell as well: it would be
 * made a string, and case 41 of claude-code-logs 8 asks that it is not.
 */
export const MAX_CWD_LINE_BYTES = 4 * 1024 * 1024

/** What one line says of a response's usage, before a source makes a record of it. */
export interface UsageLine {
  /** Of its first byte in the file. */
  offset: number
  /** It stands in a side chain: a sub-agent's, or an echo of one. */
  sidechain: boolean
  apiError: boolean
  refused: boolean
  /** As the line has them, trimmed; empty when absent or no text. */
  messageId: string
  requestId: string
  readonly uuid: string
  model: string
  /** Milliseconds since the epoch; NaN when there is none or it is no time. */
  time: number
  usage: UsageNumbers
  webSearches: number
}

/** A usage object. Counts are integers from 0 to 2^32 - 1 already. */
export interface UsageNumbers {
  input: number
  output: number
  cacheRead: number
  /** `cache_creation_input_tokens`, as it stands. */
  cacheCreation: number
  cacheCreation5m: number
  cacheCreation1h: number
  fast: boolean
  geoUs: boolean
  batch: boolean
}

/** What a source does with one decoded line. */
export interface LineReader {
  /**
   * @param line what JSON.parse made of it
   * @param offset where it begins in the file, in bytes; of several on one line, each has another
   */
  read(line: unknown, offset: number): void
  /**
   * A usage line that an engine took apart without JSON.parse: one without advisor passes, compactions and web search
   * tools. The object is used again for the next line.
   */
  usage(line: UsageLine): void
  /** The first working directory in the file, as it stands there. */
  cwd(path: string): void
  skip(reason: SkipReason): void
  /** True until the first line with a working directory was read, if that is wanted at all. */
  readonly wantsCwd: boolean
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
  takeGaveUp(): GaveUp
}

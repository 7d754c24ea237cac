// The contract between a file's bytes and a source's meaning: whole lines in, what the source makes of them out.

/** Why a line with usage in it, or a line that cannot be read, counts for nothing. */
export const SKIP_REASONS = [
  /** Not JSON, or something behind a JSON object that is none. */
  'invalid_json',
  /** Not JSON, and not UTF-8 either. */
  'invalid_utf8',
  /** Not JSON, and with NUL bytes in it, as a crash of the machine leaves them. */
  'nul_bytes',
  /** Longer than `MAX_LINE_BYTES`. */
  'too_long',
  /** Made by the agent itself, not by a model. */
  'synthetic',
  /** The agent's note of a failed request. */
  'api_error',
  /** A response whose token counts are all 0. */
  'no_tokens',
] as const
export type SkipReason = (typeof SKIP_REASONS)[number]

/** Longer lines are skipped and counted, so that memory stays bounded. */
export const MAX_LINE_BYTES = 64 * 1024 * 1024

/** What a source does with one decoded line. */
export interface LineReader {
  /**
   * @param line what JSON.parse made of it
   * @param offset where it begins in the file, in bytes; of several on one line, each has another
   */
  read(line: unknown, offset: number): void
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
   * Decodes the whole lines of `bytes` in [from, to). `offset` is where `from` lies in the file. Answers how many lines
   * there were.
   */
  decode(bytes: Buffer, from: number, to: number, offset: number, reader: LineReader): number
  /** Decodes a last line without a line feed: it counts if it can be parsed, and is no error if it cannot. */
  decodeTorn(bytes: Buffer, from: number, to: number, offset: number, reader: LineReader): void
}

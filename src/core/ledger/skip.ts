// Why lines count for nothing: the values of the label `reason`.

/** Why a line with usage in it, or a line that cannot be read, counts for nothing. */
export const SKIP_REASONS = [
  /** Not JSON, or something behind a JSON object that is none, or thousands of objects. */
  'invalid_json',
  /** Not JSON, and not UTF-8 either. */
  'invalid_utf8',
  /** Not JSON, and with NUL bytes in it, as a crash of the machine leaves them. */
  'nul_bytes',
  /** Of more bytes than are read. */
  'too_long',
  /** Of more JSON values than are parsed. */
  'too_many_values',
  /** Made by the agent itself, not by a model. */
  'synthetic',
  /** The agent's note of a failed request. */
  'api_error',
  /** More tokens, passes or searches than one response can have. */
  'implausible',
  /** A response whose token counts are all 0. */
  'no_tokens',
  /** No line: a response that none tells, though the log's running total has it. */
  'unlogged',
] as const
export type SkipReason = (typeof SKIP_REASONS)[number]

// Why lines are skipped: the values of the label `reason`.

/** Why a line with usage, or an unreadable line, is not counted. */
export const SKIP_REASONS = [
  /** Not JSON, or a JSON object followed by something else, or thousands of objects. */
  'invalid_json',
  /** Not JSON, and not UTF-8. */
  'invalid_utf8',
  /** Not JSON, and with NUL bytes, as a crash of the machine leaves them. */
  'nul_bytes',
  /** More bytes than are read. */
  'too_long',
  /** More JSON values than are parsed. */
  'too_many_values',
  /** Made by the agent itself, not by a model. */
  'synthetic',
  /** The agent's note of a failed request. */
  'api_error',
  /** More tokens, passes or searches than one response can have. */
  'implausible',
  /** A response whose token counts are all 0. */
  'no_tokens',
  /** Not a line: a response that no line states, although the log's running total includes it. */
  'unlogged',
] as const
export type SkipReason = (typeof SKIP_REASONS)[number]

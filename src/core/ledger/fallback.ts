// Why a source's own engine leaves lines to the V8 engine, which is slower but gives the same result. Such an engine
// refers to the reasons by their index in the list.

export const FALLBACK_REASONS = [
  /** Not JSON. */
  'malformed',
  /** Does not begin with `{`, does not end with `}`, or begins unlike the agent's lines. */
  'odd_outside',
  /** A key with an escape sequence, which may be any key. */
  'escaped_key',
  /** A wanted string with an escape sequence or non-ASCII characters, or a very long model name. */
  'odd_text',
  /** A wanted number with a fraction or an exponent, or one that may be implausible. */
  'odd_number',
  /** A time that is not in the form 2026-11-01T10:00:00.000Z. */
  'odd_time',
  /** A wanted key that occurs twice in its object. */
  'key_twice',
  /** Nested more than 256 levels deep. */
  'too_deep',
  /** A pass over the message that may count separately. */
  'iteration',
  /** A response that uses a tool to search the web. */
  'web_search',
  /** The result of such a search. */
  'search_count',
  /** A response without an id. */
  'no_id',
  /** More bytes or values than are parsed. */
  'excess',
] as const
export type FallbackReason = (typeof FALLBACK_REASONS)[number]

/** Number of lines left, by reason. */
export type Fallbacks = Readonly<Partial<Record<FallbackReason, number>>>

// Why a source's own engine leaves lines to the V8 engine: a cause of slowness, never of another answer. Such an engine knows
// the reasons by their places in the list.

export const FALLBACK_REASONS = [
  /** Not JSON. */
  'malformed',
  /** It does not begin with `{` or not end with `}`; or it begins otherwise than its agent's lines do. */
  'odd_outside',
  /** A key with an escape in it, which may be any key. */
  'escaped_key',
  /** A wanted text with an escape or with other than ASCII in it, or a very long model. */
  'odd_text',
  /** A wanted number with a fraction or an exponent, or one that may be implausible. */
  'odd_number',
  /** A time that is not written as in 2026-11-01T10:00:00.000Z. */
  'odd_time',
  /** A wanted key that stands twice in its object. */
  'key_twice',
  /** Nested more than 256 levels deep. */
  'too_deep',
  /** A pass over the message that may count by itself. */
  'iteration',
  /** A response that searches the web with a tool. */
  'web_search',
  /** The result of such a search. */
  'search_count',
  /** A response without any id. */
  'no_id',
  /** More bytes or values than are parsed. */
  'excess',
] as const
export type FallbackReason = (typeof FALLBACK_REASONS)[number]

/** How many lines were left, by reason. */
export type Fallbacks = Readonly<Partial<Record<FallbackReason, number>>>

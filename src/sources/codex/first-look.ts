// The beginnings of Codex's lines: compact JSON with the same first keys. Two thirds of a rollout's bytes are output of
// models and tools (codex-logs 2.3), and need not be searched.
import type { FirstLook, Piece } from '../../decode/first-look.js'

/** Types of lines that state usage, or affect the meaning of later usage. */
export const TYPES = ['turn_context', 'token_usage_record', 'session_meta'] as const
/** The same for the payload of an `event_msg`. */
export const EVENTS = [
  'token_count',
  'task_started',
  'turn_started',
  'turn_aborted',
  'thread_settings_applied',
] as const

/** `2026-11-01T10:00:00.000Z"`; Codex writes no other length. */
const TIME: readonly Piece[] = ['{"timestamp":"', { any: 25 }]
const TYPE = ',"type":"'

export const firstLook: FirstLook = {
  // In paginated rollouts, lines are numbered.
  beginnings: [
    [...TIME, TYPE],
    [...TIME, ',"ordinal":', { digits: true }, TYPE],
  ],
  counting: [
    ...EVENTS.map((type) => ({ find: `event_msg","payload":{"type":"${type}"` })),
    ...TYPES.map((type) => ({ find: `${type}"` })),
    // Only if it contains a record, which may be anywhere in its megabytes.
    { find: 'compacted"', and: '"latest_token_usage_record"' },
  ],
  // No string contains it, because quotes in strings are escaped. Searching for texts of 8 bytes or more is three times
  // as slow.
  joint: '}{"t',
}

// What the beginning of a line tells, as Codex itself writes them: compact, and with the same keys in front. Two thirds of a
// rollout's bytes are answers of models and tools (codex-logs 2.3), which need not be looked through.
import type { FirstLook, Piece } from '../../decode/first-look.js'

/** Of lines that tell of usage, or of what the usage behind them means. */
export const TYPES = ['turn_context', 'token_usage_record', 'session_meta'] as const
/** The same of the payload of an `event_msg`. */
export const EVENTS = [
  'token_count',
  'task_started',
  'turn_started',
  'turn_aborted',
  'thread_settings_applied',
] as const

/** `2026-11-01T10:00:00.000Z"`; other lengths are not Codex's. */
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
    // Only if a record is in it, which may stand anywhere in its megabytes.
    { find: 'compacted"', and: '"latest_token_usage_record"' },
  ],
  // No string holds it, since a quote in one has a backslash. Texts of 8 bytes and more are looked for at a third of the speed.
  joint: '}{"t',
}

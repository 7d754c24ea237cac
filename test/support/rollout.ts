// Rollouts of Codex in the short notation of its acceptance table (codex-logs 8): `M A, C t1, K x;x`.
import { lines as ended } from './line.js'

export type Fields = Readonly<Record<string, unknown>>
/** Input, cached, output, cache write, reasoning; missing ones at the end are omitted from the line. */
export type Vector = readonly number[]

export interface Line {
  readonly type: string
  readonly payload: Fields
}

/** Timestamp of the first line of a file, unless the line has one. */
export const START = '2026-11-01T10:00:00.000Z'

/** A UUID of version 7, whose first 48 bits are the time. */
export function uuid7(time: string | number, n: number): string {
  const ms = new Date(time).getTime().toString(16).padStart(12, '0')
  return `${ms.slice(0, 8)}-${ms.slice(8)}-7000-8000-${String(n).padStart(12, '0')}`
}

/** Thread ids. B and D are newer than the turns t1 and t2, and older than tb and td. */
export const [A, B, D] = [uuid7(START, 1), uuid7('2026-11-01T11:00:00Z', 2), uuid7('2026-11-01T12:00:00Z', 3)]
export const [t1, t2] = [uuid7('2026-11-01T10:00:01Z', 11), uuid7('2026-11-01T10:30:00Z', 12)]
export const [tb, td] = [uuid7('2026-11-01T11:00:01Z', 13), uuid7('2026-11-01T12:00:01Z', 14)]

export const x: Vector = [1000, 800, 100]
export const y: Vector = [2500, 2000, 150]
/** y − x. */
export const d: Vector = [1500, 1200, 50]

export function usage([input, cached, output, written, reasoning]: Vector): Fields {
  return {
    input_tokens: input,
    cached_input_tokens: cached,
    ...(written !== undefined && { cache_write_input_tokens: written }),
    output_tokens: output,
    reasoning_output_tokens: reasoning ?? 0,
    total_tokens: input! + output!,
  }
}

/** Usage after a compaction or a rollback: a total without any of the five counts. */
export const estimate = (total: number): Fields => ({ ...usage([0, 0, 0]), total_tokens: total })

const event = (type: string, payload: Fields = {}): Line => ({ type: 'event_msg', payload: { type, ...payload } })

/** A header of Codex 0.140.0 for a root thread in /w/p. */
export function M(id: string, more: Fields = {}): Line {
  return { type: 'session_meta', payload: { id, cwd: '/w/p', source: 'cli', cli_version: '0.140.0', ...more } }
}

/** @param turn undefined for versions up to 0.92 */
export function C(turn?: string, model = 'gpt-5.4', more: Fields = {}): Line {
  return { type: 'turn_context', payload: { ...(turn && { turn_id: turn }), cwd: '/w/p', model, ...more } }
}

export const S = (turn?: string): Line => event('task_started', { ...(turn && { turn_id: turn }) })

export const O: Line = {
  type: 'response_item',
  payload: { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'ok' }] },
}

/** A line with text of a user or a tool. */
export const U: Line = {
  type: 'response_item',
  payload: { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'do it' }] },
}

/** A token count. @param total null if missing @param last null if missing */
export function K(total: Vector | Fields | null, last: Vector | Fields | null = null, more: Fields = {}): Line {
  const told = (counts: Vector | Fields): Fields =>
    Array.isArray(counts) ? usage(counts as Vector) : (counts as Fields)
  return event('token_count', {
    info: {
      ...(total && { total_token_usage: told(total) }),
      ...(last && { last_token_usage: told(last) }),
      model_context_window: 258_400,
      ...more,
    },
    rate_limits: { primary: { used_percent: 3 } },
  })
}

/** A token count with rate limits only. */
export const limits = (more: Fields = { info: null }): Line => event('token_count', { ...more, rate_limits: {} })

/** @param id `a` for resp_aaa…; other names are those of a gateway @param thread the thread whose total it has */
export function R(id: string, threadId: string, turn: string, used: Vector, total = used): Line {
  return {
    type: 'token_usage_record',
    payload: {
      thread_id: threadId,
      turn_id: turn,
      session_id: threadId,
      response_id: id.length === 1 ? `resp_${id.repeat(40)}` : id,
      usage: usage(used),
      turn_token_usage: usage(used),
      thread_token_usage: usage(total),
    },
  }
}

export const compacted = (record?: Line): Line => ({
  type: 'compacted',
  payload: { message: '', ...(record && { latest_token_usage_record: record.payload }) },
})

export const X: Line = event('turn_aborted', { reason: 'interrupted' })

export function tier(service_tier: string | null, more: Fields = {}): Line {
  return event('thread_settings_applied', { thread_settings: { service_tier }, ...more })
}

/** Lines as objects, one second apart. */
export function stamped(at: string, all: readonly Line[]): Fields[] {
  const start = Date.parse(at)
  return all.map((line, index) => ({ timestamp: new Date(start + index * 1000).toISOString(), ...line }))
}

/** Content of a file. */
export function rollout(...all: readonly Line[]): string {
  return rolloutFrom(START, ...all)
}

export function rolloutFrom(at: string, ...all: readonly Line[]): string {
  return ended(...stamped(at, all).map((line) => JSON.stringify(line)))
}

/** Path of a thread's file below the home. */
export function pathOf(thread: string, ending = '.jsonl'): string {
  return `sessions/2026/11/01/rollout-2026-11-01T11-00-00-${thread}${ending}`
}

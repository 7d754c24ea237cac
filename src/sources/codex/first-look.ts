// What the beginning of a line tells, as Codex itself writes them: compact, and with the same keys in front. Two thirds of a
// rollout's bytes are answers of models and tools (codex-logs 2.3), which need not be looked through.
import type { FirstLook } from '../../decode/decoder.js'

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

const BEGINNING = ascii('{"timestamp":"')
/** `2026-11-01T10:00:00.000Z"`; other lengths are not Codex's. */
const TIME_LENGTH = 25
/** In paginated rollouts. */
const ORDINAL = ascii(',"ordinal":')
const TYPE = ascii(',"type":"')
const EVENT = ascii('event_msg","payload":{"type":"')
/** Only if a record is in it, which may stand anywhere in its megabytes. */
const COMPACTED = ascii('compacted"')
const RECORD = Buffer.from('"latest_token_usage_record"')
const COUNTING_TYPES = TYPES.map((type) => ascii(`${type}"`))
const COUNTING_EVENTS = EVENTS.map((type) => ascii(`${type}"`))

const [ZERO, NINE] = ascii('09') as [number, number]

export const firstLook: FirstLook = {
  counts(bytes, from, to) {
    if (!stands(BEGINNING, bytes, from)) return undefined
    let at = from + BEGINNING.length + TIME_LENGTH
    if (stands(ORDINAL, bytes, at)) {
      at += ORDINAL.length
      while (bytes[at]! >= ZERO && bytes[at]! <= NINE) at += 1
    }
    if (!stands(TYPE, bytes, at)) return undefined
    at += TYPE.length
    if (stands(EVENT, bytes, at)) return standsOne(COUNTING_EVENTS, bytes, at + EVENT.length)
    if (stands(COMPACTED, bytes, at)) return bytes.subarray(at, to).includes(RECORD)
    return standsOne(COUNTING_TYPES, bytes, at)
  },
  // No string holds it, since a quote in one has a backslash. Texts of 8 bytes and more are looked for at a third of the speed.
  joint: '}{"t',
}

function standsOne(texts: readonly (readonly number[])[], bytes: Buffer, at: number): boolean {
  for (let index = 0; index < texts.length; index += 1) if (stands(texts[index]!, bytes, at)) return true
  return false
}

/** Past the end of the bytes there is nothing. */
function stands(text: readonly number[], bytes: Buffer, at: number): boolean {
  for (let index = 0; index < text.length; index += 1) if (bytes[at + index] !== text[index]) return false
  return true
}

function ascii(text: string): readonly number[] {
  return [...Buffer.from(text)]
}

// Constants shared by the program and the walker of Codex's lines: the fields that it uses, and the state of a thread.
import { FIELD_CONSTANTS, FIELD_WORDS, fieldNumbers } from '../../decode/field-layout.js'
import { USAGE_ROW, hashOf, moduleOf, named, type Constants } from '../../decode/walker-layout.js'
import type { WalkerFile } from '../../decode/walker-module.js'
import { MOST_OUTPUT_TOKENS, MOST_PROMPT_TOKENS } from './counts.js'
import { rolloutFields } from './fields.js'

const WORD_BYTES = 4

/** The walker's state of a thread, which it also changes; indices of 32-bit words. */
export const THREAD = {
  /** Whether the walker may decide lines itself. */
  ready: 0,
  /** Whether token counts are ignored, because each response has a record. */
  passed: 1,
  hasTotal: 2,
  recorded: 3,
  hasModelBefore: 4,
  /** Whether the last turn with a known model is the current one, with the current model. */
  settled: 5,
  /** Numbers of model and session in the batch. */
  model: 6,
  session: 7,
  flags: 8,
  /** Unfinished hash of the first parts of a token count's key, which its numbers follow. */
  countLow: 9,
  countHigh: 10,
  /** The same for the key of a record. */
  recordLow: 11,
  recordHigh: 12,
  // Results: bits of CHANGE, and the number of rows.
  changes: 13,
  rows: 14,
  // Texts: a length, then TEXT_BYTES bytes.
  id: 16,
  turn: 33,
  contextModel: 50,
  /** Doubles. */
  total: 68,
} as const
export const TEXT_BYTES = 64
export const THREAD_WORDS = 78

/** Changes of a thread by the walker. */
export const CHANGE = {
  /** The total has changed, which resets the fields that apply since its last change. */
  total: 1,
  recorded: 2,
  /** The model before the first context is now known: it is the current one. */
  modelBefore: 4,
} as const

const numbers = fieldNumbers(rolloutFields)
/** Byte offset of the field at a path in FIELDS. */
const place = (path: string): number => numbers.get(path)! * FIELD_WORDS * WORD_BYTES

export const CONSTANTS: Constants = {
  usize: {
    ...FIELD_CONSTANTS.usize,
    ...USAGE_ROW,
    ...named('THREAD', THREAD, WORD_BYTES),
    THREAD_BYTES: THREAD_WORDS * WORD_BYTES,
    TEXT_BYTES,
    ...named('AT', {
      time: place('timestamp'),
      type: place('type'),
      payload: place('payload'),
      event: place('payload.type'),
      model: place('payload.model'),
      threadId: place('payload.thread_id'),
      turnId: place('payload.turn_id'),
      responseId: place('payload.response_id'),
      usage: place('payload.usage'),
      info: place('payload.info'),
      total: place('payload.info.total_token_usage'),
      last: place('payload.info.last_token_usage'),
    }),
  },
  u8: FIELD_CONSTANTS.u8,
  u32: { ...FIELD_CONSTANTS.u32, ...named('CHANGE', CHANGE) },
  u64: { MOST_PROMPT_TOKENS, MOST_OUTPUT_TOKENS },
}

/** The source text of the module that walker/ imports as `./generated`. */
export const generatedModule = (): string => moduleOf(CONSTANTS)

export const CODEX_WALKER: WalkerFile = { file: '#codex.wasm', layoutHash: () => hashOf(CONSTANTS) }

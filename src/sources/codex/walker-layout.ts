// Constants shared by the program and the walker of Codex's lines: the fields that it uses, and the state of a thread.
import { FIELD_CONSTANTS, FIELD_WORDS, fieldNumbers } from '../../decode/field-layout.js'
import { USAGE_ROW, hashOf, moduleOf, named, type Constants } from '../../decode/walker-layout.js'
import type { WalkerFile } from '../../decode/walker-module.js'
import { MOST_OUTPUT_TOKENS, MOST_PROMPT_TOKENS } from './counts.js'
import { rolloutFields } from './fields.js'

const WORD_BYTES = 4

/** What the walker is told of a thread, and what it changes of it, in 32-bit words. */
export const THREAD = {
  /** Whether it may decide what lines mean at all. */
  ready: 0,
  /** Its token counts tell nothing new. */
  passed: 1,
  hasTotal: 2,
  recorded: 3,
  hasModelBefore: 4,
  /** The last turn with a model is this one, with this model. */
  settled: 5,
  /** Numbers in the batch. */
  model: 6,
  session: 7,
  flags: 8,
  /** Of the key of a token count: the hash of what stands before its numbers, not finished. */
  countLow: 9,
  countHigh: 10,
  /** The same of that of a record. */
  recordLow: 11,
  recordHigh: 12,
  // Out: bits of CHANGE, and how many rows there are.
  changes: 13,
  rows: 14,
  // Texts: a length, and TEXT_BYTES.
  id: 16,
  turn: 33,
  contextModel: 50,
  /** Doubles. */
  total: 68,
} as const
export const TEXT_BYTES = 64
export const THREAD_WORDS = 78

/** What the walker has changed of a thread. */
export const CHANGE = {
  /** There is another total, and what is kept until then begins again. */
  total: 1,
  recorded: 2,
  /** The model before the first context is that of the last one. */
  modelBefore: 4,
} as const

const numbers = fieldNumbers(rolloutFields)
/** Where the field at that path is noted. */
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

/** The module that walker/ imports as `./generated`. */
export const generatedModule = (): string => moduleOf(CONSTANTS)

export const CODEX_WALKER: WalkerFile = { file: '#codex.wasm', layoutHash: () => hashOf(CONSTANTS) }

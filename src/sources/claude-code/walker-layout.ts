// The constants that the walker shares with the program: layouts of rows and reports, flags, tags, bounds.
import { MODIFIER, WINNER_MODIFIERS } from '../../core/ledger/modifiers.js'
import { REQUEST_INDEX_WORDS } from '../../core/ledger/request-index.js'
import { FLAG, WINNER_FLAGS } from '../../core/ledger/usage.js'
import { SHARED, USAGE_ROW, hashOf, moduleOf, named, type Constants } from '../../decode/walker-layout.js'
import { NAME } from './names.js'
import { MOST_OUTPUT_TOKENS } from '../plausible.js'
import { MOST_SEARCHES } from './plausible.js'

const WORD_BYTES = 4

/** The result of a scan; indices of 32-bit words. */
export const REPORT = {
  lines: 0,
  rows: 1,
  links: 2,
  notes: 3,
  /** Lines joined into the row of the previous line. */
  repeats: 4,
  // Lines that do not count, by reason.
  synthetic: 5,
  apiErrors: 6,
  noTokens: 7,
  /** 1 if the scan waits for `answer` with a model's number; then the address and the length of the model's name. */
  asks: 8,
  asked: 9,
  askedBytes: 10,
} as const

/**
 * A note, for what does not fit a row: its kind, and the addresses where it begins and ends; indices of 32-bit words.
 */
export const NOTE = { what: 0, from: 1, to: 2 } as const
export const NOTE_WORDS = 3
/** Kind of a note with a working directory. Smaller numbers are reasons to leave a line to another engine. */
export const CWD_NOTE = 255

const CONSTANTS: Constants = {
  usize: {
    ...SHARED.usize,
    ...USAGE_ROW,
    LINK_BYTES: REQUEST_INDEX_WORDS * WORD_BYTES,
    NOTE_BYTES: NOTE_WORDS * WORD_BYTES,
    ...named('NOTE', NOTE, WORD_BYTES),
    REPORT_BYTES: Object.keys(REPORT).length * WORD_BYTES,
    ...named('REPORT', REPORT, WORD_BYTES),
  },
  u8: {},
  u32: {
    ...SHARED.u32,
    ...named('FLAG', FLAG),
    ...named('MODIFIER', MODIFIER),
    WINNER_FLAGS,
    WINNER_MODIFIERS,
    ...named('TAG', NAME),
    CWD_NOTE,
  },
  u64: {
    // Only larger counts can be implausible.
    MAX_TOKENS: MOST_OUTPUT_TOKENS,
    MAX_SEARCHES: MOST_SEARCHES,
  },
}

/** The source text of the module that walker/ imports as `./generated`. */
export const generatedModule = (): string => moduleOf(CONSTANTS)

/** The hash that a walker built from these constants exports as LAYOUT. */
export const layoutHash = (): number => hashOf(CONSTANTS)

// What the walker has in common with the program: where things stand in rows and reports, flags, tags, bounds.
import { MODIFIER, WINNER_MODIFIERS } from '../../core/ledger/modifiers.js'
import { REQUEST_INDEX_WORDS } from '../../core/ledger/request-index.js'
import { FLAG, WINNER_FLAGS } from '../../core/ledger/usage.js'
import { SHARED, USAGE_ROW, hashOf, moduleOf, named, type Constants } from '../../decode/walker-layout.js'
import { NAME } from './names.js'
import { MOST_OUTPUT_TOKENS } from '../plausible.js'
import { MOST_SEARCHES } from './plausible.js'

const WORD_BYTES = 4

/** What a scan comes to, in 32-bit words. */
export const REPORT = {
  lines: 0,
  rows: 1,
  links: 2,
  notes: 3,
  /** Lines that were joined into the row of the line before. */
  repeats: 4,
  // Lines that do not count, by reason.
  synthetic: 5,
  apiErrors: 6,
  noTokens: 7,
  /** Whether `answer` must tell a model's number before the scan goes on, and the address and length of its name. */
  asks: 8,
  asked: 9,
  askedBytes: 10,
} as const

/** What else a line tells, in 32-bit words: what it is, and the addresses where it begins and ends. */
export const NOTE = { what: 0, from: 1, to: 2 } as const
export const NOTE_WORDS = 3
/** Of a note: a working directory. Smaller numbers are reasons for leaving a line to another engine. */
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
    // Larger counts may be implausible: it has no smaller bound than these.
    MAX_TOKENS: MOST_OUTPUT_TOKENS,
    MAX_SEARCHES: MOST_SEARCHES,
  },
}

/** The module that walker/ imports as `./generated`. */
export const generatedModule = (): string => moduleOf(CONSTANTS)

/** The number that a walker built from these constants exports as LAYOUT. */
export const layoutHash = (): number => hashOf(CONSTANTS)

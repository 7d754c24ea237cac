// One usage record as a row of sixteen 32-bit words, and the two total orders over such rows.
// The same row is what a worker sends, what the ledger holds and what the store keeps.
import { FIRST_MODIFIERS, WINNER_MODIFIERS } from './modifiers.js'

/** 32-bit words a row. */
export const USAGE_WORDS = 16

/** Columns of 32-bit words. Token counts are capped at 2^32 - 1 a response; sources skip what no response can have. */
export const COLUMN = {
  keyLow: 0,
  keyHigh: 1,
  input: 2,
  output: 3,
  cacheRead: 4,
  cacheWrite5m: 5,
  cacheWrite1h: 6,
  /** Number of the raw model name in `Texts`; the empty text when the log names none. */
  model: 7,
  flags: 8,
  /** Largest `web_search_requests` of the key's lines (claude-code-logs 3.3). */
  searches: 9,
  /** Number of the place (slug and session) of the first line, in `Texts`. */
  session: 12,
  /** Series it is booked under. The ledger's own; 0 in a record that comes from a log. */
  series: 13,
} as const

/** Columns of doubles. */
export const DOUBLE_COLUMN = {
  /** Time of the first line, milliseconds since the epoch; NaN when none of them has a valid one. */
  time: 5,
  /** Cost in nano-dollars, an integer; the ledger's own. */
  cost: 7,
} as const

/** Bits of the flags beside those of the modifiers. */
export const FLAG = {
  sidechain: 16,
  /** The first line stands in a sub-agent's file. */
  subagentOrigin: 32,
  /** Keyed by request alone: a copy that lost its message id (claude-code-logs 3.3, case B'). */
  requestOnly: 64,
} as const
/** Flags that belong to the winning line. */
export const WINNER_FLAGS = WINNER_MODIFIERS | FLAG.sidechain
/** Flags that belong to the first line; those that are neither's belong to the key. */
export const FIRST_FLAGS = FIRST_MODIFIERS | FLAG.subagentOrigin

/** The disjoint token classes, in the order in which they stand in a row. */
export const TOKEN_TYPES = ['input', 'output', 'cache_read', 'cache_write_5m', 'cache_write_1h'] as const
export type TokenType = (typeof TOKEN_TYPES)[number]

/** A row somewhere: its page seen both ways, and where in the page it begins. */
export interface RowView {
  words: Uint32Array
  doubles: Float64Array
  base: number
}

export function tokenSum(words: Uint32Array, base: number): number {
  return (
    words[base + COLUMN.input]! +
    words[base + COLUMN.output]! +
    words[base + COLUMN.cacheRead]! +
    words[base + COLUMN.cacheWrite5m]! +
    words[base + COLUMN.cacheWrite1h]!
  )
}

/**
 * Which of two lines of one response tells its usage: positive when `a` does, 0 when they say the same. One order for all
 * agents (claude-code-logs 3.3, codex-logs 4.4): a known model over an unknown one, main chain over sidechain, larger
 * output, larger sum, more modifiers as one number, then a fixed comparison of the rest, so that no tie can depend on
 * arrival. `laws.test.ts` holds it to that.
 *
 * The earlier line does not break ties here. A row keeps the earliest time of its lines, not the winner's own, and with one
 * time for both joining would not be associative. What the earlier line has to decide is in its own part (`compareOrigin`).
 */
export function compareUsage(a: RowView, aModel: string, b: RowView, bModel: string): number {
  const x = a.words
  const y = b.words
  const i = a.base
  const j = b.base
  const xFlags = x[i + COLUMN.flags]!
  const yFlags = y[j + COLUMN.flags]!
  return (
    Number(aModel !== '') - Number(bModel !== '') ||
    (yFlags & FLAG.sidechain) - (xFlags & FLAG.sidechain) ||
    x[i + COLUMN.output]! - y[j + COLUMN.output]! ||
    tokenSum(x, i) - tokenSum(y, j) ||
    (xFlags & WINNER_MODIFIERS) - (yFlags & WINNER_MODIFIERS) ||
    x[i + COLUMN.input]! - y[j + COLUMN.input]! ||
    x[i + COLUMN.cacheRead]! - y[j + COLUMN.cacheRead]! ||
    x[i + COLUMN.cacheWrite1h]! - y[j + COLUMN.cacheWrite1h]! ||
    compareText(aModel, bModel)
  )
}

/**
 * Which of two lines came first: negative when `a` did. It tells the time, the session and the modifiers that a copy would
 * tell otherwise. Lines without a time come last; of copies with one time the main transcript is the original, then the
 * place decides (claude-code-logs 3.3, "Attribution"), then the line with more modifiers.
 */
export function compareOrigin(a: RowView, aPlace: string, b: RowView, bPlace: string): number {
  const aTime = a.doubles[a.base / 2 + DOUBLE_COLUMN.time]!
  const bTime = b.doubles[b.base / 2 + DOUBLE_COLUMN.time]!
  if (aTime !== bTime && !(Number.isNaN(aTime) && Number.isNaN(bTime))) {
    if (Number.isNaN(aTime)) return 1
    if (Number.isNaN(bTime)) return -1
    return aTime - bTime
  }
  return (
    (a.words[a.base + COLUMN.flags]! & FLAG.subagentOrigin) - (b.words[b.base + COLUMN.flags]! & FLAG.subagentOrigin) ||
    compareText(aPlace, bPlace) ||
    (b.words[b.base + COLUMN.flags]! & FIRST_MODIFIERS) - (a.words[a.base + COLUMN.flags]! & FIRST_MODIFIERS)
  )
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

export function rowView(words: Uint32Array, base = 0): RowView {
  return { words, doubles: new Float64Array(words.buffer, words.byteOffset, words.length / 2), base }
}

/** Takes the winner's part of a row: tokens, model, what the line tells; not origin, key or searches. */
export function copyUsage(from: RowView, model: number, to: RowView): void {
  for (let column: number = COLUMN.input; column <= COLUMN.cacheWrite1h; column += 1) {
    to.words[to.base + column] = from.words[from.base + column]!
  }
  to.words[to.base + COLUMN.model] = model
  to.words[to.base + COLUMN.flags] =
    (from.words[from.base + COLUMN.flags]! & WINNER_FLAGS) | (to.words[to.base + COLUMN.flags]! & ~WINNER_FLAGS)
}

/** Takes the first line's part of a row: time, place and its flags. */
export function copyOrigin(from: RowView, place: number, to: RowView): void {
  to.doubles[to.base / 2 + DOUBLE_COLUMN.time] = from.doubles[from.base / 2 + DOUBLE_COLUMN.time]!
  to.words[to.base + COLUMN.session] = place
  to.words[to.base + COLUMN.flags] =
    (from.words[from.base + COLUMN.flags]! & FIRST_FLAGS) | (to.words[to.base + COLUMN.flags]! & ~FIRST_FLAGS)
}

/** A scratch row to fill and join. */
export function scratchRow(): RowView {
  return rowView(new Uint32Array(USAGE_WORDS))
}

/** Token number as the log may hold it: anything but a finite number above 0 is 0 (claude-code-logs 2.2). */
export function tokenCount(value: unknown): number {
  if (typeof value !== 'number' || !(value > 0) || value === Infinity) return 0
  return value >= 0xffff_ffff ? 0xffff_ffff : Math.trunc(value)
}

/** Adds two counts without passing the cap. */
export function addTokens(a: number, b: number): number {
  return Math.min(a + b, 0xffff_ffff)
}

// One usage record as a row of 32-bit words (schema.ts has its columns), and the two total orders over such rows.
// The same row is what a worker sends, what the ledger holds and what the store keeps.
import { FIRST_MODIFIERS, WINNER_MODIFIERS } from './modifiers.js'
import { COLUMN, DOUBLE_COLUMN, USAGE_WORDS, compareTokens, copyTokens, tokenSum } from '../schema.js'

/** Bits of the flags besides those of the modifiers. */
export const FLAG = {
  sidechain: 16,
  /** The first line is in a sub-agent's file. */
  subagentOrigin: 32,
  /** Keyed by its request alone (aliases.ts). */
  requestOnly: 64,
  /** The winning line has details (details.ts). */
  detailed: 0x1_0000,
} as const
/** Flags that belong to the winning line. */
export const WINNER_FLAGS = WINNER_MODIFIERS | FLAG.sidechain | FLAG.detailed
/** Flags that belong to the first line; flags that belong to neither belong to the key. */
export const FIRST_FLAGS = FIRST_MODIFIERS | FLAG.subagentOrigin

/** A row anywhere: its page as words and as doubles, and where in the page it begins. */
export interface RowView {
  words: Uint32Array
  doubles: Float64Array
  base: number
}

/**
 * Which of two lines of one response states its usage: positive if `a` does, 0 if they are the same. One order for all
 * agents (claude-code-logs 3.3, codex-logs 4.4): a known model over an unknown one, main chain over sidechain, larger
 * output, larger sum, more modifiers as one number, then a fixed comparison of the rest, so that no tie depends on the
 * order of arrival. `laws.test.ts` holds it to that.
 * The earlier line does not break ties here. A row keeps the earliest time of its lines, not the winner's own, and with
 * one time for both, joining would not be associative. What the earlier line decides is in its own part
 * (`compareOrigin`).
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
    compareTokens(x, i, y, j) ||
    compareText(aModel, bModel)
  )
}

/**
 * Which of two lines came first: negative if `a` did. The first line states the time, the session and the modifiers
 * that a copy would state differently. Lines without a time come last. Among copies with one time, the main log file is
 * the original, then the session decides (claude-code-logs 3.3, "Attribution"), then the line with more modifiers.
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

/** Copies the winner's part of a row: tokens, model and the winner's flags; not origin, key or searches. */
export function copyUsage(from: RowView, model: number, to: RowView): void {
  copyTokens(from.words, from.base, to.words, to.base)
  to.words[to.base + COLUMN.model] = model
  to.words[to.base + COLUMN.flags] =
    (from.words[from.base + COLUMN.flags]! & WINNER_FLAGS) | (to.words[to.base + COLUMN.flags]! & ~WINNER_FLAGS)
}

/** Copies the first line's part of a row: time, session and its flags. */
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

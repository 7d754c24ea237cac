// One usage record as a row of 32-bit words (schema.ts has its columns), and the two total orders over such rows.
// The same row is what a worker sends, what the ledger holds and what the store keeps.

import { COLUMN, DOUBLE_COLUMN, USAGE_WORDS, compareTokens, copyTokens, tokenSum } from '../schema.js'

export { COLUMN, DOUBLE_COLUMN, USAGE_WORDS, addTokens, tokenCount, tokenSum } from '../schema.js'

export const FLAG = {
  // The lowest four are compared as one number when two records tie: the line that says more wins.
  batch: 1,
  geoUs: 2,
  fast: 4,
  refused: 8,
  sidechain: 16,
  /** The first line stands in a sub-agent's file. */
  subagentOrigin: 32,
  /** Keyed by request alone: a copy that lost its message id (claude-code-logs 3.3, case B'). */
  requestOnly: 64,
  /** The winning line has details (details.ts). */
  detailed: 0x1_0000,
} as const
const DETAIL_FLAGS = FLAG.batch | FLAG.geoUs | FLAG.fast | FLAG.refused
/** Flags that belong to the winning line; the others belong to the first line or to the key. */
export const WINNER_FLAGS = DETAIL_FLAGS | FLAG.sidechain | FLAG.detailed

/** A row somewhere: its page seen both ways, and where in the page it begins. */
export interface RowView {
  words: Uint32Array
  doubles: Float64Array
  base: number
}

/**
 * Which of two lines of one response tells its usage: positive when `a` does, 0 when they say the same.
 * Main chain over sidechain, larger output, larger sum, then a fixed comparison of the rest, so that no tie can
 * depend on arrival (claude-code-logs 3.3, made total). `laws.test.ts` holds it to that.
 */
export function compareUsage(a: RowView, aModel: string, b: RowView, bModel: string): number {
  const x = a.words
  const y = b.words
  const i = a.base
  const j = b.base
  const xFlags = x[i + COLUMN.flags]!
  const yFlags = y[j + COLUMN.flags]!
  return (
    (yFlags & FLAG.sidechain) - (xFlags & FLAG.sidechain) ||
    x[i + COLUMN.output]! - y[j + COLUMN.output]! ||
    tokenSum(x, i) - tokenSum(y, j) ||
    (xFlags & DETAIL_FLAGS) - (yFlags & DETAIL_FLAGS) ||
    compareTokens(x, i, y, j) ||
    compareText(aModel, bModel)
  )
}

/**
 * Which of two lines came first: negative when `a` did. Lines without a time come last; of copies with one time the
 * main transcript is the original, then the place decides (claude-code-logs 3.3, "Attribution").
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
    compareText(aPlace, bPlace)
  )
}

/** An empty model is the smallest text, so that a line which names its model beats one that does not. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

export function rowView(words: Uint32Array, base = 0): RowView {
  return { words, doubles: new Float64Array(words.buffer, words.byteOffset, words.length / 2), base }
}

/** Takes the winner's part of a row: tokens, model, what the line tells; not origin, key or searches. */
export function copyUsage(from: RowView, model: number, to: RowView): void {
  copyTokens(from.words, from.base, to.words, to.base)
  to.words[to.base + COLUMN.model] = model
  to.words[to.base + COLUMN.flags] =
    (from.words[from.base + COLUMN.flags]! & WINNER_FLAGS) | (to.words[to.base + COLUMN.flags]! & ~WINNER_FLAGS)
}

/** Takes the first line's part of a row: time and place. */
export function copyOrigin(from: RowView, place: number, to: RowView): void {
  to.doubles[to.base / 2 + DOUBLE_COLUMN.time] = from.doubles[from.base / 2 + DOUBLE_COLUMN.time]!
  to.words[to.base + COLUMN.session] = place
  to.words[to.base + COLUMN.flags] =
    (from.words[from.base + COLUMN.flags]! & FLAG.subagentOrigin) |
    (to.words[to.base + COLUMN.flags]! & ~FLAG.subagentOrigin)
}

/** A scratch row to fill and join. */
export function scratchRow(): RowView {
  return rowView(new Uint32Array(USAGE_WORDS))
}

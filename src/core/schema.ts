// The amounts counted for a response, and the position of each number: in a row of usage, in a series, in a label.
// Stored rows depend on these positions, so they never change: new columns are appended, and rows become wider.
//
// A new class of tokens is a line in COLUMN, in MEASURE and in TOKENS, and one in each function below that lists the
// classes: these run for every response, where a loop takes twice as long. `schema.test.ts` finds one that is missing.

/** 32-bit words of a usage row; even, so that its doubles stay aligned. */
export const USAGE_WORDS = 16

/** Words of a usage row. Token counts are capped at 2^32 - 1 per response; sources skip implausible ones. */
export const COLUMN = {
  keyLow: 0,
  keyHigh: 1,
  input: 2,
  output: 3,
  cacheRead: 4,
  cacheWrite5m: 5,
  cacheWrite1h: 6,
  /** Number of the raw model name among the strings; that of the empty string if the log names no model. */
  model: 7,
  /** Bits of `FLAG` (usage.ts). */
  flags: 8,
  /** The largest number of searches that a line of the key reports. */
  searches: 9,
  /** Number of the session of the first line, among the strings. */
  session: 12,
  /** Series in which it is booked. Set by the ledger; 0 in a record from a log. */
  series: 13,
} as const

/** Doubles of a usage row. */
export const DOUBLE_COLUMN = {
  /** Time of the first line, in milliseconds since the epoch; NaN if no line has a valid one. */
  time: 5,
  /** Cost in nano-dollars, an integer; set by the ledger. */
  cost: 7,
} as const

/** The amounts that a series sums: the number of each measure is the index of its double in the row of a series. */
export const MEASURE = {
  input: 0,
  output: 1,
  cacheRead: 2,
  cacheWrite5m: 3,
  cacheWrite1h: 4,
  /** Nano-dollars. */
  cost: 5,
  requests: 6,
  searches: 7,
} as const
/** Number of measures. */
export const MEASURES = 8
export const MEASURE_NUMBERS: readonly number[] = Object.values(MEASURE)

/** 32-bit words of a series row. */
export const SERIES_WORDS = 26
/** Doubles of a series row after its measures. */
export const SERIES_DOUBLE = {
  /** Tokens of responses that had no price when they were booked. */
  unpriced: 8,
  /** Time of the latest response, in milliseconds since the epoch; NaN if none has a time. */
  activity: 11,
  /** Cost that came from a log when it was booked, in nano-dollars. */
  loggedCost: 12,
} as const
/** Words of a series row that hold the numbers of its label values, in the order in which labels are shown. */
export const SERIES_LABEL = { agent: 18, project: 19, model: 20 } as const
/** Further words of a series row. */
export const SERIES_WORD = {
  /** Whether a scrape has seen it: outputs/births.ts. */
  birth: 21,
} as const
export type SeriesLabel = keyof typeof SERIES_LABEL
export type SeriesLabels = Readonly<Record<SeriesLabel, string>>
export const SERIES_LABELS = Object.keys(SERIES_LABEL) as readonly SeriesLabel[]

/**
 * The disjoint classes of tokens in the order in which they are shown; `type` is the value of the label `token_type`.
 */
export const TOKENS = [
  { name: 'input', type: 'input' },
  { name: 'output', type: 'output' },
  { name: 'cacheRead', type: 'cache_read' },
  { name: 'cacheWrite5m', type: 'cache_write_5m' },
  { name: 'cacheWrite1h', type: 'cache_write_1h' },
] as const satisfies readonly { readonly name: keyof typeof COLUMN & keyof typeof MEASURE; readonly type: string }[]
export type TokenClass = (typeof TOKENS)[number]['name']
export type TokenType = (typeof TOKENS)[number]['type']
/** A number for each class, such as tokens or prices. */
export type TokenCounts = Readonly<Record<TokenClass, number>>

export function tokenSum(words: Uint32Array, base: number): number {
  return (
    words[base + COLUMN.input]! +
    words[base + COLUMN.output]! +
    words[base + COLUMN.cacheRead]! +
    words[base + COLUMN.cacheWrite5m]! +
    words[base + COLUMN.cacheWrite1h]!
  )
}

/** Orders rows of the same output and the same sum, so that one class can be left out. */
export function compareTokens(x: Uint32Array, i: number, y: Uint32Array, j: number): number {
  return (
    x[i + COLUMN.input]! - y[j + COLUMN.input]! ||
    x[i + COLUMN.cacheRead]! - y[j + COLUMN.cacheRead]! ||
    x[i + COLUMN.cacheWrite1h]! - y[j + COLUMN.cacheWrite1h]!
  )
}

export function copyTokens(from: Uint32Array, i: number, to: Uint32Array, j: number): void {
  to[j + COLUMN.input] = from[i + COLUMN.input]!
  to[j + COLUMN.output] = from[i + COLUMN.output]!
  to[j + COLUMN.cacheRead] = from[i + COLUMN.cacheRead]!
  to[j + COLUMN.cacheWrite5m] = from[i + COLUMN.cacheWrite5m]!
  to[j + COLUMN.cacheWrite1h] = from[i + COLUMN.cacheWrite1h]!
}

/** Adds a row's tokens to the measures of a series, which begin at `from`. Returns their number. */
export function bookTokens(words: Uint32Array, base: number, measures: Float64Array, from: number): number {
  measures[from + MEASURE.input]! += words[base + COLUMN.input]!
  measures[from + MEASURE.output]! += words[base + COLUMN.output]!
  measures[from + MEASURE.cacheRead]! += words[base + COLUMN.cacheRead]!
  measures[from + MEASURE.cacheWrite5m]! += words[base + COLUMN.cacheWrite5m]!
  measures[from + MEASURE.cacheWrite1h]! += words[base + COLUMN.cacheWrite1h]!
  return tokenSum(words, base)
}

export function readTokens(words: Uint32Array, base: number, into: { -readonly [T in TokenClass]: number }): void {
  into.input = words[base + COLUMN.input]!
  into.output = words[base + COLUMN.output]!
  into.cacheRead = words[base + COLUMN.cacheRead]!
  into.cacheWrite5m = words[base + COLUMN.cacheWrite5m]!
  into.cacheWrite1h = words[base + COLUMN.cacheWrite1h]!
}

/** Writes counts from a log. */
export function writeTokens(counts: Partial<TokenCounts>, words: Uint32Array, base: number): void {
  words[base + COLUMN.input] = tokenCount(counts.input)
  words[base + COLUMN.output] = tokenCount(counts.output)
  words[base + COLUMN.cacheRead] = tokenCount(counts.cacheRead)
  words[base + COLUMN.cacheWrite5m] = tokenCount(counts.cacheWrite5m)
  words[base + COLUMN.cacheWrite1h] = tokenCount(counts.cacheWrite1h)
}

/** All prompt tokens of a response, whether read from a cache, written to one, or neither. */
export function promptTokens(counts: TokenCounts): number {
  return counts.input + counts.cacheRead + counts.cacheWrite5m + counts.cacheWrite1h
}

/**
 * The sum of the counts, each multiplied by the weight of its class; the weights begin at `first`, in the order of
 * `TOKENS`.
 */
export function weightedSum(counts: TokenCounts, weights: Float64Array, first: number): number {
  return (
    counts.input * weights[first]! +
    counts.output * weights[first + 1]! +
    counts.cacheRead * weights[first + 2]! +
    counts.cacheWrite5m * weights[first + 3]! +
    counts.cacheWrite1h * weights[first + 4]!
  )
}

/** A token number from a log: anything but a finite number above 0 becomes 0. */
export function tokenCount(value: unknown): number {
  if (typeof value !== 'number' || !(value > 0) || value === Infinity) return 0
  return value >= 0xffff_ffff ? 0xffff_ffff : Math.trunc(value)
}

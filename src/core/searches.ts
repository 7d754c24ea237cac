// Web searches that a response made through a tool: the response's line names the tool use, a later line its count.
// Either may be read first and both may be read often, so both are grow-only tables, put together when asked.
import { ROWS_PER_PAGE, Rows } from './rows.js'

const USE = { toolLow: 0, toolHigh: 1, keyLow: 2, keyHigh: 3 } as const
const RESULT = { toolLow: 0, toolHigh: 1, count: 2 } as const
/** Time of the line that gave the count, milliseconds since the epoch; NaN when it has none. */
const RESULT_TIME = 2
const USE_WIDTH = 4
const RESULT_WIDTH = 6

export interface Key {
  readonly low: number
  readonly high: number
}

export class ToolSearches {
  readonly uses = new Rows(USE_WIDTH)
  readonly results = new Rows(RESULT_WIDTH)
  readonly #toolsOf = new Map<string, Set<string>>()
  readonly #keysOf = new Map<string, Key[]>()
  readonly #resultOf = new Map<string, number>()
  /** Low halves of the keys that use a tool: so that the many others are told apart without making a name. */
  readonly #lows = new Set<number>()

  clear(): void {
    this.uses.clear()
    this.results.clear()
    for (const table of [this.#toolsOf, this.#keysOf, this.#resultOf, this.#lows]) table.clear()
  }

  /** A response used that tool. Answers whether it was news. */
  use(toolLow: number, toolHigh: number, keyLow: number, keyHigh: number): boolean {
    if (this.#toolsOf.get(name(keyLow, keyHigh))?.has(name(toolLow, toolHigh)) === true) return false
    const row = this.uses.append()
    this.uses.setWord(row, USE.toolLow, toolLow)
    this.uses.setWord(row, USE.toolHigh, toolHigh)
    this.uses.setWord(row, USE.keyLow, keyLow)
    this.uses.setWord(row, USE.keyHigh, keyHigh)
    this.#rememberUse(row)
    return true
  }

  /**
   * That tool use made so many searches, at most 2^32 - 1. The earliest line tells, then the larger count
   * (claude-code-logs 5.6). Answers whether it was news.
   */
  result(toolLow: number, toolHigh: number, count: number, time: number): boolean {
    const tool = name(toolLow, toolHigh)
    let row = this.#resultOf.get(tool)
    if (row === undefined) {
      row = this.results.append()
      this.results.setWord(row, RESULT.toolLow, toolLow)
      this.results.setWord(row, RESULT.toolHigh, toolHigh)
      this.#resultOf.set(tool, row)
    } else {
      const known = sortable(this.results.double(row, RESULT_TIME))
      const told = sortable(time)
      if (told > known || (told === known && count <= this.results.word(row, RESULT.count))) return false
    }
    this.results.setWord(row, RESULT.count, count)
    this.results.setDouble(row, RESULT_TIME, time)
    return true
  }

  /** Joins rows of another; `changed` is told the key of each response that may have another count now. */
  join(uses: PackedTable, results: PackedTable, changed: (key: Key) => void): void {
    for (const { words, base } of rowsOf(uses, USE_WIDTH)) {
      const keyLow = words[base + USE.keyLow]!
      const keyHigh = words[base + USE.keyHigh]!
      if (this.use(words[base + USE.toolLow]!, words[base + USE.toolHigh]!, keyLow, keyHigh)) changed({ low: keyLow, high: keyHigh })
    }
    for (const { words, base } of rowsOf(results, RESULT_WIDTH)) {
      const toolLow = words[base + RESULT.toolLow]!
      const toolHigh = words[base + RESULT.toolHigh]!
      const time = new Float64Array(words.buffer, words.byteOffset)[base / 2 + RESULT_TIME]!
      if (!this.result(toolLow, toolHigh, words[base + RESULT.count]!, time)) continue
      for (const key of this.#keysOf.get(name(toolLow, toolHigh)) ?? []) changed(key)
    }
  }

  /** False: no response whose key has this low half used a tool. */
  mayHave(keyLow: number): boolean {
    return this.#lows.has(keyLow)
  }

  /** Searches made by the tools of a response, which may be known under several keys; each tool use counts once. */
  total(keys: readonly Key[]): number {
    const tools = new Set<string>()
    for (const { low, high } of keys) for (const tool of this.#toolsOf.get(name(low, high)) ?? []) tools.add(tool)
    let sum = 0
    for (const tool of tools) {
      const row = this.#resultOf.get(tool)
      if (row !== undefined) sum += this.results.word(row, RESULT.count)
    }
    return sum
  }

  reindex(): void {
    for (let row = 0; row < this.uses.count; row += 1) this.#rememberUse(row)
    for (let row = 0; row < this.results.count; row += 1) {
      this.#resultOf.set(name(this.results.word(row, RESULT.toolLow), this.results.word(row, RESULT.toolHigh)), row)
    }
  }

  #rememberUse(row: number): void {
    const tool = name(this.uses.word(row, USE.toolLow), this.uses.word(row, USE.toolHigh))
    const key = { low: this.uses.word(row, USE.keyLow), high: this.uses.word(row, USE.keyHigh) }
    this.#lows.add(key.low)
    const tools = this.#toolsOf.get(name(key.low, key.high))
    if (tools === undefined) this.#toolsOf.set(name(key.low, key.high), new Set([tool]))
    else tools.add(tool)
    const keys = this.#keysOf.get(tool)
    if (keys === undefined) this.#keysOf.set(tool, [key])
    else keys.push(key)
  }
}

interface PackedTable {
  readonly pages: readonly Uint32Array[]
  readonly count: number
}

function* rowsOf({ pages, count }: PackedTable, width: number): Generator<{ words: Uint32Array; base: number }> {
  for (const [page, words] of pages.entries()) {
    const rows = Math.min(ROWS_PER_PAGE, count - page * ROWS_PER_PAGE)
    for (let row = 0; row < rows; row += 1) yield { words, base: row * width }
  }
}

function name(low: number, high: number): string {
  return `${high}:${low}`
}

/** Lines without a time come last. */
function sortable(time: number): number {
  return Number.isNaN(time) ? Infinity : time
}

// Counts that another line states: the line of a response names a tool use, and a later line says how many searches it
// made. Either may be read first and both may be read often, so both are grow-only tables, combined on request.
import { RowChains, pairHash } from './row-chains.js'
import { ROWS_PER_PAGE, Rows } from '../tables/rows.js'

const USE = { toolLow: 0, toolHigh: 1, keyLow: 2, keyHigh: 3 } as const
const RESULT = { toolLow: 0, toolHigh: 1, count: 2 } as const
/** Time of the line with the count, in milliseconds since the epoch; NaN if it has none. */
const RESULT_TIME = 2
const USE_WIDTH = 4
const RESULT_WIDTH = 6

export interface Key {
  readonly low: number
  readonly high: number
}

export class ToolCounts {
  readonly uses = new Rows(USE_WIDTH)
  readonly results = new Rows(RESULT_WIDTH)
  readonly #usesOfPair = new RowChains((row) =>
    pairHash(this.uses.word(row, USE.toolLow), this.uses.word(row, USE.keyLow)),
  )
  readonly #usesOfTool = new RowChains((row) => this.uses.word(row, USE.toolLow))
  readonly #usesOfKey = new RowChains((row) => this.uses.word(row, USE.keyLow))
  readonly #resultsOfTool = new RowChains((row) => this.results.word(row, RESULT.toolLow))

  clear(): void {
    this.uses.clear()
    this.results.clear()
    this.reindex()
  }

  /** A response used that tool. Returns whether that was new. */
  use(toolLow: number, toolHigh: number, keyLow: number, keyHigh: number): boolean {
    if (this.#isUsed(toolLow, toolHigh, keyLow, keyHigh)) return false
    const row = this.uses.append()
    this.uses.setWord(row, USE.toolLow, toolLow)
    this.uses.setWord(row, USE.toolHigh, toolHigh)
    this.uses.setWord(row, USE.keyLow, keyLow)
    this.uses.setWord(row, USE.keyHigh, keyHigh)
    return true
  }

  /**
   * That tool use made this many searches, at most 2^32 - 1. The earliest line decides, then the larger count. Returns
   * whether that was new.
   */
  result(toolLow: number, toolHigh: number, count: number, time: number): boolean {
    let row = this.#resultOf(toolLow, toolHigh)
    if (row < 0) {
      row = this.results.append()
      this.results.setWord(row, RESULT.toolLow, toolLow)
      this.results.setWord(row, RESULT.toolHigh, toolHigh)
    } else {
      const known = sortable(this.results.double(row, RESULT_TIME))
      const told = sortable(time)
      if (told > known || (told === known && count <= this.results.word(row, RESULT.count))) return false
    }
    this.results.setWord(row, RESULT.count, count)
    this.results.setDouble(row, RESULT_TIME, time)
    return true
  }

  /** Joins rows of another one; `changed` is called with the key of each response whose count may now differ. */
  join(uses: PackedTable, results: PackedTable, changed: (key: Key) => void): void {
    for (const { words, base } of rowsOf(uses, USE_WIDTH)) {
      const keyLow = words[base + USE.keyLow]!
      const keyHigh = words[base + USE.keyHigh]!
      if (this.use(words[base + USE.toolLow]!, words[base + USE.toolHigh]!, keyLow, keyHigh))
        changed({ low: keyLow, high: keyHigh })
    }
    for (const { words, base } of rowsOf(results, RESULT_WIDTH)) {
      const toolLow = words[base + RESULT.toolLow]!
      const toolHigh = words[base + RESULT.toolHigh]!
      const time = new Float64Array(words.buffer, words.byteOffset)[base / 2 + RESULT_TIME]!
      if (this.result(toolLow, toolHigh, words[base + RESULT.count]!, time)) this.#tellUsers(toolLow, toolHigh, changed)
    }
  }

  /** False if no response whose key has this low half used a tool. */
  mayHave(keyLow: number): boolean {
    // Usually there are none at all, and this is called for every response.
    if (this.uses.count === 0) return false
    const rows = this.#usesOfKey.upTo(this.uses.count)
    for (let row = rows.first(keyLow); row >= 0; row = rows.next(row))
      if (this.uses.word(row, USE.keyLow) === keyLow) return true
    return false
  }

  /** Searches made by the tools of a response, which may be known under several keys; each tool use counts once. */
  total(keys: readonly Key[]): number {
    const counted = new Set<number>()
    let sum = 0
    const rows = this.#usesOfKey.upTo(this.uses.count)
    for (const { low, high } of keys) {
      for (let use = rows.first(low); use >= 0; use = rows.next(use)) {
        if (this.uses.word(use, USE.keyLow) !== low || this.uses.word(use, USE.keyHigh) !== high) continue
        const result = this.#resultOf(this.uses.word(use, USE.toolLow), this.uses.word(use, USE.toolHigh))
        if (result < 0 || counted.has(result)) continue
        counted.add(result)
        sum += this.results.word(result, RESULT.count)
      }
    }
    return sum
  }

  /** To be called after the rows were loaded from a store. */
  reindex(): void {
    for (const chains of [this.#usesOfPair, this.#usesOfTool, this.#usesOfKey, this.#resultsOfTool]) chains.clear()
  }

  #isUsed(toolLow: number, toolHigh: number, keyLow: number, keyHigh: number): boolean {
    const rows = this.#usesOfPair.upTo(this.uses.count)
    for (let row = rows.first(pairHash(toolLow, keyLow)); row >= 0; row = rows.next(row)) {
      if (this.uses.word(row, USE.toolLow) !== toolLow || this.uses.word(row, USE.keyLow) !== keyLow) continue
      if (this.uses.word(row, USE.toolHigh) === toolHigh && this.uses.word(row, USE.keyHigh) === keyHigh) return true
    }
    return false
  }

  /** Row of a tool's result, or -1. */
  #resultOf(toolLow: number, toolHigh: number): number {
    const rows = this.#resultsOfTool.upTo(this.results.count)
    for (let row = rows.first(toolLow); row >= 0; row = rows.next(row)) {
      if (this.results.word(row, RESULT.toolLow) === toolLow && this.results.word(row, RESULT.toolHigh) === toolHigh)
        return row
    }
    return -1
  }

  #tellUsers(toolLow: number, toolHigh: number, tell: (key: Key) => void): void {
    const rows = this.#usesOfTool.upTo(this.uses.count)
    for (let row = rows.first(toolLow); row >= 0; row = rows.next(row)) {
      if (this.uses.word(row, USE.toolLow) !== toolLow || this.uses.word(row, USE.toolHigh) !== toolHigh) continue
      tell({ low: this.uses.word(row, USE.keyLow), high: this.uses.word(row, USE.keyHigh) })
    }
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

/** Lines without a time come last. */
function sortable(time: number): number {
  return Number.isNaN(time) ? Infinity : time
}

// Web searches that a response made through a tool: the response's line names the tool use, a later line its count.
// Either may be read first and both may be read often, so each tool use is a row that both sides join into.
import { Rows } from './rows.js'

const COLUMN = { toolLow: 0, toolHigh: 1, keyLow: 2, keyHigh: 3, count: 4, known: 5 } as const
/** Time of the line that gave the count, milliseconds since the epoch; NaN when it has none. */
const TIME = 3
const KNOWN = { use: 1, result: 2 } as const

export class ToolSearches {
  readonly rows = new Rows(8)
  readonly #byTool = new Map<string, number>()
  readonly #byKey = new Map<string, number[]>()

  /** A response used that tool. Of two responses that claim one tool use, the smaller key keeps it. Answers: was it news? */
  use(toolLow: number, toolHigh: number, keyLow: number, keyHigh: number): boolean {
    const row = this.#row(toolLow, toolHigh)
    if ((this.rows.word(row, COLUMN.known) & KNOWN.use) !== 0) {
      const low = this.rows.word(row, COLUMN.keyLow)
      const high = this.rows.word(row, COLUMN.keyHigh)
      if (high < keyHigh || (high === keyHigh && low <= keyLow)) return false
      this.#forget(row)
    }
    this.rows.setWord(row, COLUMN.keyLow, keyLow)
    this.rows.setWord(row, COLUMN.keyHigh, keyHigh)
    this.rows.setWord(row, COLUMN.known, this.rows.word(row, COLUMN.known) | KNOWN.use)
    this.#remember(row)
    return true
  }

  /** That tool use made so many searches. The earliest line tells, then the larger count (claude-code-logs 5.6). */
  result(toolLow: number, toolHigh: number, count: number, time: number): boolean {
    const row = this.#row(toolLow, toolHigh)
    if ((this.rows.word(row, COLUMN.known) & KNOWN.result) !== 0) {
      const oldTime = sortable(this.rows.double(row, TIME))
      const newTime = sortable(time)
      if (newTime > oldTime || (newTime === oldTime && count <= this.rows.word(row, COLUMN.count))) return false
    }
    this.rows.setWord(row, COLUMN.count, count)
    this.rows.setDouble(row, TIME, time)
    this.rows.setWord(row, COLUMN.known, this.rows.word(row, COLUMN.known) | KNOWN.result)
    return true
  }

  /** Joins the rows of another; `changed` is told the key of each response that may have another count now. */
  joinAll(pages: readonly Uint32Array[], count: number, changed: (keyLow: number, keyHigh: number) => void): void {
    const other = new Rows(8)
    for (const [number, page] of pages.entries()) {
      const rows = Math.min(page.length / 8, count - other.count)
      other.load(number, new Uint8Array(page.buffer, page.byteOffset, rows * 32))
    }
    for (let row = 0; row < other.count; row += 1) {
      const toolLow = other.word(row, COLUMN.toolLow)
      const toolHigh = other.word(row, COLUMN.toolHigh)
      const known = other.word(row, COLUMN.known)
      const mine = this.#row(toolLow, toolHigh)
      const before = this.#keyOf(mine)
      let news = false
      if ((known & KNOWN.use) !== 0) {
        news = this.use(toolLow, toolHigh, other.word(row, COLUMN.keyLow), other.word(row, COLUMN.keyHigh))
      }
      if ((known & KNOWN.result) !== 0) {
        news = this.result(toolLow, toolHigh, other.word(row, COLUMN.count), other.double(row, TIME)) || news
      }
      if (!news) continue
      for (const key of [before, this.#keyOf(mine)]) if (key !== undefined) changed(key[0], key[1])
    }
  }

  /** Searches that the tools of a response made. */
  total(keyLow: number, keyHigh: number): number {
    if (this.#byKey.size === 0) return 0
    let sum = 0
    for (const row of this.#byKey.get(name(keyLow, keyHigh)) ?? []) sum += this.rows.word(row, COLUMN.count)
    return sum
  }

  reindex(): void {
    for (let row = 0; row < this.rows.count; row += 1) {
      this.#byTool.set(name(this.rows.word(row, COLUMN.toolLow), this.rows.word(row, COLUMN.toolHigh)), row)
      if ((this.rows.word(row, COLUMN.known) & KNOWN.use) !== 0) this.#remember(row)
    }
  }

  #row(toolLow: number, toolHigh: number): number {
    const tool = name(toolLow, toolHigh)
    const known = this.#byTool.get(tool)
    if (known !== undefined) return known
    const row = this.rows.append()
    this.rows.setWord(row, COLUMN.toolLow, toolLow)
    this.rows.setWord(row, COLUMN.toolHigh, toolHigh)
    this.#byTool.set(tool, row)
    return row
  }

  #keyOf(row: number): readonly [number, number] | undefined {
    if ((this.rows.word(row, COLUMN.known) & KNOWN.use) === 0) return undefined
    return [this.rows.word(row, COLUMN.keyLow), this.rows.word(row, COLUMN.keyHigh)]
  }

  #remember(row: number): void {
    const key = name(this.rows.word(row, COLUMN.keyLow), this.rows.word(row, COLUMN.keyHigh))
    const rows = this.#byKey.get(key)
    if (rows === undefined) this.#byKey.set(key, [row])
    else rows.push(row)
  }

  #forget(row: number): void {
    const key = name(this.rows.word(row, COLUMN.keyLow), this.rows.word(row, COLUMN.keyHigh))
    this.#byKey.set(key, (this.#byKey.get(key) ?? []).filter((other) => other !== row))
  }
}

function name(low: number, high: number): string {
  return `${high}:${low}`
}

/** Lines without a time come last. */
function sortable(time: number): number {
  return Number.isNaN(time) ? Infinity : time
}

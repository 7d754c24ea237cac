// What few responses say besides their row: how many requests they stand for, and a cost that their log tells. It belongs
// to the line that wins, and is kept apart so that all the others pay nothing for it.
import { ROWS_PER_PAGE, Rows } from '../tables/rows.js'
import type { PackedRows } from '../tables/row-list.js'
import { RowReferences } from './row-references.js'

export interface Detail {
  /** Requests that the response stands for; at least 1, an integer. */
  readonly requests: number
  /** In nano-dollars, an integer; it counts where no price is known, or where it was billed. 0: the log tells none. */
  readonly costNanos: number
}

/** Of a response without any. */
export const NO_DETAIL: Detail = { requests: 1, costNanos: 0 }

/** 32-bit words a row. */
export const DETAIL_WORDS = 4
const ENTRY = 0
const REQUESTS = 1
/** A double. */
const COST = 1

/** A row counts only where the row of its entry has `FLAG.detailed`. */
export class Details {
  readonly rows = new Rows(DETAIL_WORDS)
  readonly #rowOf = new RowReferences()

  get(entry: number): Detail {
    const row = this.#rowOf.get(entry)
    return row < 0 ? NO_DETAIL : { requests: this.rows.word(row, REQUESTS), costNanos: this.rows.double(row, COST) }
  }

  set(entry: number, { requests, costNanos }: Detail): void {
    let row = this.#rowOf.get(entry)
    if (row < 0) {
      row = this.rows.append()
      this.rows.setWord(row, ENTRY, entry)
      this.#rowOf.set(entry, row)
    }
    this.rows.setWord(row, REQUESTS, requests)
    this.rows.setDouble(row, COST, costNanos)
  }

  /** After the rows were loaded from a store. */
  reindex(): void {
    for (let row = 0; row < this.rows.count; row += 1) this.#rowOf.set(this.rows.word(row, ENTRY), row)
  }
}

/** A row by itself. */
export function detailRow(entry: number, { requests, costNanos }: Detail): Uint32Array {
  const doubles = new Float64Array(DETAIL_WORDS / 2)
  doubles[COST] = costNanos
  const words = new Uint32Array(doubles.buffer)
  words[ENTRY] = entry
  words[REQUESTS] = requests
  return words
}

/** The details of a batch, by the number of its row; undefined where it has none at all. */
export function detailsOf({ pages, count }: PackedRows): Details | undefined {
  if (count === 0) return undefined
  const details = new Details()
  for (const [page, words] of pages.entries()) {
    const rows = Math.min(ROWS_PER_PAGE, count - page * ROWS_PER_PAGE)
    const bytes = new Uint8Array(words.buffer, words.byteOffset, rows * DETAIL_WORDS * 4)
    details.rows.load(page * ROWS_PER_PAGE, bytes)
  }
  details.reindex()
  return details
}

/** Which of two lines that say the same besides is the better one: positive when `a` is, 0 when they say the same. */
export function compareDetails(a: Detail, b: Detail): number {
  return a.requests - b.requests || a.costNanos - b.costNanos
}

/** As a log may tell it; undefined when that is nothing. */
export function plausibleDetail({ requests, costNanos }: Partial<Detail>): Detail | undefined {
  const detail = {
    requests: Math.max(1, capped(requests, 0xffff_ffff)),
    costNanos: capped(costNanos, Number.MAX_SAFE_INTEGER),
  }
  return compareDetails(detail, NO_DETAIL) === 0 ? undefined : detail
}

function capped(value: number | undefined, most: number): number {
  return value !== undefined && value > 0 ? Math.min(Math.round(value), most) : 0
}

// Data that few responses have besides their row: the number of requests they stand for, and a cost stated in the log.
// It belongs to the winning line, and is kept apart so that other responses pay nothing for it.
import { ROWS_PER_PAGE, Rows } from '../tables/rows.js'
import type { PackedRows } from '../tables/row-list.js'
import { RowReferences } from './row-references.js'

export interface Detail {
  /** Number of requests that the response stands for; an integer of at least 1. */
  readonly requests: number
  /**
   * In nano-dollars, an integer. It counts if no price is known, or if it is what was billed. 0: the log states none.
   */
  readonly costNanos: number
}

/** Details of a response that has none. */
export const NO_DETAIL: Detail = { requests: 1, costNanos: 0 }

/** 32-bit words per row. */
export const DETAIL_WORDS = 4
const ENTRY = 0
const REQUESTS = 1
/** A double. */
const COST = 1

/** A row counts only if the row of its entry has `FLAG.detailed`. */
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

  /** To be called after the rows were loaded from a store. */
  reindex(): void {
    for (let row = 0; row < this.rows.count; row += 1) this.#rowOf.set(this.rows.word(row, ENTRY), row)
  }
}

/** A single row, outside a table. */
export function detailRow(entry: number, { requests, costNanos }: Detail): Uint32Array {
  const doubles = new Float64Array(DETAIL_WORDS / 2)
  doubles[COST] = costNanos
  const words = new Uint32Array(doubles.buffer)
  words[ENTRY] = entry
  words[REQUESTS] = requests
  return words
}

/** The details of a batch, by row number; undefined if it has none at all. */
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

/** Orders the details of two otherwise equal lines: positive if `a` is better, 0 if they are equal. */
export function compareDetails(a: Detail, b: Detail): number {
  return a.requests - b.requests || a.costNanos - b.costNanos
}

/** The details as a log may state them; undefined if there are none. */
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

// The result of reading some files: a row for each usage line, or for several consecutive lines of one response, and
// their links. The ledger joins it. It consists of typed arrays and a list of texts, so that it crosses a thread
// boundary as a few blocks of memory, not as objects.
import { MAX_MODEL, bounded } from '../labels/bounded.js'
import { DETAIL_WORDS, detailRow, plausibleDetail, type Detail } from './details.js'
import { REQUEST_INDEX_WORDS } from './request-index.js'
import { RowList, type PackedRows } from '../tables/row-list.js'
import type { Rows } from '../tables/rows.js'
import { ToolCounts } from './tool-counts.js'
import { StringTable } from '../tables/strings.js'
import { COLUMN, USAGE_WORDS } from '../schema.js'
import { FLAG } from './usage.js'

export type { PackedRows }

/** Twice the size of a task of real logs: only short lines fill a batch before its task is done. */
const FULL_ROWS = 16_384

export interface Batch {
  readonly entries: PackedRows
  readonly requests: PackedRows
  /** Details, which few entries have, by row number in this batch. */
  readonly details: PackedRows
  readonly toolUses: PackedRows
  readonly toolResults: PackedRows
  /** Model names and sessions, by the numbers that the entries use. */
  readonly strings: readonly string[]
  /** Lines joined into the row of the previous line. */
  readonly duplicates: number
}

export class BatchBuilder {
  /** New objects for each batch. */
  strings = new StringTable()
  readonly toolCounts = new ToolCounts()
  readonly #entries = new RowList(USAGE_WORDS)
  readonly #links = new RowList(REQUEST_INDEX_WORDS)
  readonly #link = new Uint32Array(REQUEST_INDEX_WORDS)
  readonly #details = new RowList(DETAIL_WORDS)
  #repeats = 0

  /** Number of rows so far, which is the number of the next row. */
  get count(): number {
    return this.#entries.count
  }

  /** Whether the batch is full, so that it should be taken before more is read. */
  get full(): boolean {
    return this.#entries.count + this.toolCounts.uses.count + this.toolCounts.results.count >= FULL_ROWS
  }

  /** Number of a model, by its name in the log. */
  model(name: string): number {
    return this.strings.intern(bounded(name, MAX_MODEL))
  }

  /**
   * @param record a row, in which the numbers of model and place are set
   * @param requestLow, requestHigh key of the record's request id; 0, 0 if it has none
   * @param told details from the log, which are bounded to plausible values
   */
  add(
    record: Uint32Array,
    model: number,
    place: number,
    requestLow: number,
    requestHigh: number,
    told?: Partial<Detail>,
  ): void {
    const detail = told === undefined ? undefined : plausibleDetail(told)
    record[COLUMN.model] = model
    record[COLUMN.session] = place
    record[COLUMN.flags] = (record[COLUMN.flags]! & ~FLAG.detailed) | (detail === undefined ? 0 : FLAG.detailed)
    const entry = this.#entries.add(record)
    if (detail !== undefined) this.#details.add(detailRow(entry, detail))
    if (requestLow === 0 && requestHigh === 0) return
    this.#link[0] = requestLow
    this.#link[1] = requestHigh
    this.#link[2] = entry
    this.#links.add(this.#link)
  }

  /**
   * Adds whole rows that use this batch's numbers for models and sessions.
   * @param links rows of `Links`, which number the rows from `count` on
   * @param repeats number of lines without a row of their own
   */
  addRows(rows: Uint32Array, links: Uint32Array, repeats: number): void {
    this.#entries.add(rows)
    this.#links.add(links)
    this.#repeats += repeats
  }

  /** Begins another batch in the memory of this one: what `finish` returned becomes invalid. */
  clear(): void {
    this.strings = new StringTable()
    this.toolCounts.clear()
    this.#entries.clear()
    this.#links.clear()
    this.#details.clear()
    this.#repeats = 0
  }

  finish(): Batch {
    const texts: string[] = []
    for (let number = 0; number < this.strings.count; number += 1) texts.push(this.strings.get(number))
    return {
      entries: this.#entries.packed(),
      requests: this.#links.packed(),
      details: this.#details.packed(),
      toolUses: packed(this.toolCounts.uses),
      toolResults: packed(this.toolCounts.results),
      strings: texts,
      duplicates: this.#repeats,
    }
  }
}

function packed(rows: Rows): PackedRows {
  return { pages: rows.pages(), count: rows.count }
}

// What reading some files comes to: records joined within the batch, and what links them. Typed arrays and a list of
// texts, so that a batch crosses a thread boundary as a few
// pieces of memory, not as objects.
import { Entries } from './entries.js'
import { Links } from './links.js'
import type { Rows } from './rows.js'
import { ToolSearches } from './searches.js'
import { Texts } from './texts.js'
import type { RowView } from './usage.js'

/** Pages of rows as `Rows` lays them out, and how many rows they hold. */
export interface PackedRows {
  readonly pages: readonly Uint32Array[]
  readonly count: number
}

export interface Batch {
  readonly entries: PackedRows
  readonly links: PackedRows
  readonly searchUses: PackedRows
  readonly searchResults: PackedRows
  /** Model names and places, by the numbers that the entries use. */
  readonly texts: readonly string[]
  /** Records that told nothing new within the batch. */
  readonly repeats: number
}

export class BatchBuilder {
  readonly texts = new Texts()
  readonly searches = new ToolSearches()
  readonly #entries = new Entries(this.texts)
  readonly #links = new Links()
  #records = 0

  /** @param requestLow, requestHigh key of the record's request id; 0, 0 when it has none */
  add(record: RowView, model: number, place: number, requestLow: number, requestHigh: number): void {
    this.#records += 1
    const entry = this.#entries.join(record, model, place)
    if (requestLow !== 0 || requestHigh !== 0) this.#links.add(requestLow, requestHigh, entry)
  }

  /** Begins another batch in the memory of this one: what `finish` answered before is good no longer. */
  clear(): void {
    this.texts.clear()
    this.searches.clear()
    this.#entries.clear()
    this.#links.clear()
    this.#records = 0
  }

  finish(): Batch {
    const texts: string[] = []
    for (let number = 0; number < this.texts.count; number += 1) texts.push(this.texts.get(number))
    return {
      entries: packed(this.#entries.rows),
      links: packed(this.#links.rows),
      searchUses: packed(this.searches.uses),
      searchResults: packed(this.searches.results),
      texts,
      repeats: this.#records - this.#entries.count,
    }
  }
}

function packed(rows: Rows): PackedRows {
  return { pages: rows.pages(), count: rows.count }
}

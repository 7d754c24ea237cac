// The ledger: a grow-only map from response key to the best line seen for it, and the links between responses. `join`
// is idempotent, commutative and associative over whole batches; `laws.test.ts` holds it to that. What has been shown
// of it is the concern of totals/.
import type { Batch, PackedRows } from './batch.js'
import { Aliases, type SettledAlias } from './aliases.js'
import { Entries } from './entries.js'
import { REQUEST_INDEX_WORDS, RequestIndex } from './request-index.js'
import { ModelNames } from './model-names.js'
import { ROWS_PER_PAGE } from '../tables/rows.js'
import { ToolCounts, type Key } from './tool-counts.js'
import type { StringTable } from '../tables/strings.js'
import { COLUMN, USAGE_WORDS } from '../schema.js'
import { NO_DETAIL, type Detail } from './details.js'
import { joinEntries } from './join-entries.js'
import { FLAG, compareOrigin, copyOrigin, copyUsage, scratchRow, type RowView } from './usage.js'

function ignore(): void {}

export class Ledger {
  readonly strings: StringTable
  readonly entries: Entries
  readonly requests = new RequestIndex()
  readonly toolCounts = new ToolCounts()
  readonly #aliases: Aliases
  readonly models: ModelNames
  readonly #own = scratchRow()
  readonly #joined = scratchRow()

  constructor(texts: StringTable) {
    this.strings = texts
    this.entries = new Entries(texts)
    this.#aliases = new Aliases(this.entries, this.requests)
    this.models = new ModelNames(texts, this.entries)
  }

  get count(): number {
    return this.entries.count
  }

  /**
   * Joins a batch. `beforeChange` is called with each known entry whose row or whose tools' searches may be about to
   * change.
   */
  join(batch: Batch, beforeChange: (entry: number) => void): void {
    const changing = (entry: number): void => {
      beforeChange(entry)
      this.#aliases.noteChange(entry)
    }
    const known = this.count
    const entryOf = joinEntries(batch, this, changing)
    this.#aliases.noteAdded(known)
    this.#joinRequests(batch.requests, entryOf)
    this.toolCounts.join(batch.toolUses, batch.toolResults, ({ low, high }) => {
      const entry = this.entries.find(low, high)
      if (entry < 0) return
      changing(entry)
      beforeChange(this.canonical(entry))
    })
  }

  /** Whether `settleAliases` has anything to do. */
  get unsettled(): boolean {
    return this.#aliases.waiting
  }

  /** Finds the originals of copies about which something was learnt, and reports each. */
  settleAliases(tell: (settled: SettledAlias) => void = ignore): void {
    this.#aliases.settle(tell)
  }

  /** The response of which an entry is a copy, or the entry itself. */
  canonical(entry: number): number {
    return this.#aliases.canonical(entry)
  }

  /** Whether an entry is a copy or has copies. */
  involvesAliases(entry: number): boolean {
    return this.#aliases.involve(entry)
  }

  /** Whether an entry has copies. */
  hasAliases(entry: number): boolean {
    return this.#aliases.has(entry)
  }

  /** The entry as it counts, joined with its copies. The view is valid until the next call. */
  counted(entry: number): RowView {
    const own = this.entries.view(entry, this.#own)
    const copies = this.#aliases.of(entry)
    if (copies.length === 0) return own
    const sum = this.#joined
    sum.words.set(own.words.subarray(own.base, own.base + USAGE_WORDS))
    const winner = this.entries.view(this.#winner(entry, copies))
    copyUsage(winner, winner.words[winner.base + COLUMN.model]!, sum)
    for (const other of copies) {
      const copy = this.entries.view(other)
      const place = copy.words[copy.base + COLUMN.session]!
      const sumPlace = this.strings.get(sum.words[COLUMN.session]!)
      if (compareOrigin(copy, this.strings.get(place), sum, sumPlace) < 0) copyOrigin(copy, place, sum)
      sum.words[COLUMN.searches] = Math.max(sum.words[COLUMN.searches]!, copy.words[copy.base + COLUMN.searches]!)
    }
    return sum
  }

  /** The details of an entry's winning line, which may be that of a copy. */
  detailOf(entry: number): Detail {
    const { details } = this.entries
    return details.rows.count === 0 ? NO_DETAIL : this.entries.detail(this.#winner(entry, this.#aliases.of(entry)))
  }

  /** Whether an entry's row contains everything that counts: no copies, no tool that may have searched, no details. */
  standsAlone(entry: number): boolean {
    const { rows, details } = this.entries
    return (
      !this.#aliases.involve(entry) &&
      !this.toolCounts.mayHave(rows.word(entry, COLUMN.keyLow)) &&
      (details.rows.count === 0 || (rows.word(entry, COLUMN.flags) & FLAG.detailed) === 0)
    )
  }

  /** Searches: what the lines report, otherwise what their tools made, never both (claude-code-logs 5.6). */
  searchesOf(entry: number, counted: RowView): number {
    const reported = counted.words[counted.base + COLUMN.searches]!
    if (reported > 0) return reported
    if (!this.hasAliases(entry) && !this.toolCounts.mayHave(this.entries.rows.word(entry, COLUMN.keyLow))) return 0
    return this.toolCounts.total([entry, ...this.#aliases.of(entry)].map((each) => this.#keyOf(each)))
  }

  /** Does in advance the work for which the first join after a load would have to wait. */
  prepare(): void {
    this.entries.fillSlots()
    this.requests.fillFirst()
  }

  /** Builds what is derived from rows, after these were loaded. */
  reindex(): void {
    this.entries.reindex()
    this.requests.reindex()
    this.toolCounts.reindex()
    this.#aliases.noteAdded(0)
    this.#aliases.settle(ignore)
  }

  #joinRequests({ pages, count }: PackedRows, entryOf: Int32Array): void {
    for (let page = 0, left = count; left > 0; page += 1, left -= ROWS_PER_PAGE) {
      const words = pages[page]!
      const end = Math.min(left, ROWS_PER_PAGE) * REQUEST_INDEX_WORDS
      for (let base = 0; base < end; base += REQUEST_INDEX_WORDS) {
        const low = words[base]!
        const high = words[base + 1]!
        const entry = entryOf[words[base + 2]!]!
        if (this.requests.add(low, high, entry)) this.#aliases.noteLink(low, high, entry)
      }
    }
  }

  #winner(entry: number, copies: readonly number[]): number {
    return copies.reduce((best, copy) => (this.entries.compare(copy, best) > 0 ? copy : best), entry)
  }

  #keyOf(entry: number): Key {
    const { rows } = this.entries
    return { low: rows.word(entry, COLUMN.keyLow), high: rows.word(entry, COLUMN.keyHigh) }
  }
}

// The entries that wait to be booked: new ones, those that changed since they were booked, and those to be repriced.
// Keeps the booked amounts of changed entries, so that nothing is added twice.
import { COLUMN, MEASURE, MEASURES } from '../schema.js'
import type { Ledger } from '../ledger/ledger.js'
import type { Corrections } from './corrections.js'
import type { Exceptions } from './exceptions.js'

export class Pending {
  /** Entries from this one on have never been booked. */
  unbooked = 0
  readonly #ledger: Ledger
  readonly #exceptions: Exceptions
  readonly #corrections: Corrections
  /** Entries to book again, with what is booked for them. */
  readonly #changed = new Map<number, Float64Array>()
  /** Sessions, as they were when booked, of responses that have changed since, or whose copies have. */
  readonly #sessions = new Map<number, number>()
  /** Entries never booked whose copy was, and the series in which it was booked. */
  readonly #inherited = new Map<number, number>()
  /** Booked entries still to be repriced: from `next` up to `end`. */
  #stale = { next: 0, end: 0 }
  readonly #zeros = new Float64Array(MEASURES)

  constructor(ledger: Ledger, exceptions: Exceptions, corrections: Corrections) {
    this.#ledger = ledger
    this.#exceptions = exceptions
    this.#corrections = corrections
  }

  get any(): boolean {
    return this.repricing || this.#changed.size > 0 || this.unbooked < this.#ledger.count || this.#ledger.unsettled
  }

  /** Whether some booked responses are still to be repriced. */
  get repricing(): boolean {
    return this.#stale.next < this.#stale.end
  }

  /** An entry is about to change: keeps what is booked for it until it is booked again. */
  remember(entry: number): void {
    if (entry >= this.unbooked) return
    if (!this.#changed.has(entry)) this.#changed.set(entry, this.#exceptions.bookedOf(entry))
    const response = this.#ledger.canonical(entry)
    if (this.#sessions.has(response)) return
    const { words, base } = this.#ledger.counted(response)
    this.#sessions.set(response, words[base + COLUMN.session]!)
  }

  repriceAll(): void {
    this.#stale = { next: 0, end: this.unbooked }
  }

  /** Whether lines have changed an entry since it was booked. */
  changed(entry: number): boolean {
    return this.#changed.has(entry)
  }

  /** The session of a response when it was booked, if lines have changed the response since. */
  sessionOf(entry: number): number | undefined {
    return this.#sessions.get(entry)
  }

  /** The booked amounts of an entry; valid until the next call. The caller adds to them what it books. */
  bookedOf(entry: number): Float64Array {
    const known = this.#changed.get(entry)
    if (known !== undefined) return known
    return entry < this.unbooked ? this.#exceptions.bookedOf(entry) : this.#zeros.fill(0)
  }

  /** The series in which an entry is booked, if any. */
  seriesOf(entry: number): number | undefined {
    const { rows } = this.#ledger.entries
    return entry < this.unbooked ? rows.word(entry, COLUMN.series) : this.#inherited.get(entry)
  }

  /**
   * What was booked for a copy counts as booked for its original if the original is only now being booked. If both had
   * been booked before they met, the copy's share is a surplus.
   */
  settleAliases(): void {
    this.#ledger.settleAliases(({ copy, original, formerOriginal }) => {
      this.remember(copy)
      if (formerOriginal !== undefined) this.remember(formerOriginal)
      if (original === undefined) return
      this.remember(original)
      if (formerOriginal !== undefined || copy >= this.unbooked) return
      const booked = this.#changed.get(copy)!
      if (booked[MEASURE.requests] === 0) return
      if (original < this.unbooked || this.#changed.has(original)) this.#corrections.add('copy')
      else {
        this.#changed.set(original, booked)
        this.#inherited.set(original, this.#ledger.entries.rows.word(copy, COLUMN.series))
        this.#changed.set(copy, new Float64Array(MEASURES))
      }
    })
  }

  /**
   * The entries to book next, each once: changed ones, some of those to be repriced, and new ones.
   * @param most maximum number of new ones
   * @param mostAgain entries are repriced until, together with the new ones, they are this many
   */
  next(most: number, mostAgain: number): { readonly entries: Uint32Array; readonly booked: () => void } {
    // A restart must not separate what was booked for a copy from what is booked for its original.
    const end = this.#inherited.size > 0 ? this.#ledger.count : Math.min(this.#ledger.count, this.unbooked + most)
    const again = Math.min(this.#stale.end, this.#stale.next + Math.max(0, mostAgain - (end - this.unbooked)))
    const booked = (): void => {
      this.#changed.clear()
      this.#sessions.clear()
      this.#inherited.clear()
      this.#stale.next = again
      this.unbooked = end
    }
    return { entries: this.#listed(end, again), booked }
  }

  #listed(end: number, again: number): Uint32Array {
    const { next } = this.#stale
    const changed = [...this.#changed.keys()].filter(
      (entry) => entry < this.unbooked && !(entry >= next && entry < again),
    )
    const entries = new Uint32Array(changed.length + again - next + end - this.unbooked)
    entries.set(changed)
    let index = changed.length
    for (let entry = next; entry < again; entry += 1) entries[index++] = entry
    for (let entry = this.unbooked; entry < end; entry += 1) entries[index++] = entry
    return entries
  }
}

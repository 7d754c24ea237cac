// Responses known only by their second id: the source named the request but not the response. Each is a copy of the
// best response with that request as soon as one is known, and a response of its own until then.
import { Copies } from './copies.js'
import type { Entries } from './entries.js'
import type { RequestIndex } from './request-index.js'
import { RowChains } from './row-chains.js'
import { Rows } from '../tables/rows.js'
import { COLUMN } from '../schema.js'
import { FLAG } from './usage.js'

/** Columns of a row of candidacies, in 32-bit words. */
const CANDIDACY = { entry: 0, copy: 1 } as const
const CANDIDACY_WORDS = 2
const LOWS = 2 ** 18

export interface SettledAlias {
  readonly copy: number
  /** If undefined, no response with its request id is known. */
  readonly original: number | undefined
  readonly formerOriginal: number | undefined
}

export class Aliases {
  readonly #entries: Entries
  readonly #links: RequestIndex
  readonly #copies = new Copies()
  /**
   * Copies whose request id each response carries, whether or not it is the best one: any of them may become the best.
   */
  readonly #candidacies = new Rows(CANDIDACY_WORDS)
  readonly #candidaciesOf = new RowChains((row) => this.#candidacies.word(row, CANDIDACY.entry))
  /**
   * Copies about which something was noted, and the responses that may now be better than the best one so far, because
   * a response's line never gets worse.
   */
  readonly #unsettled = new Map<number, number[]>()
  /** Entries from this one on are new: their copies are settled with all entries that carry their request ids. */
  #new = 0
  #newCopies = false
  /** The lower bits of the copies' keys, so that most other requests are ruled out without a lookup. */
  #lows: Uint8Array | undefined

  constructor(entries: Entries, links: RequestIndex) {
    this.#entries = entries
    this.#links = links
  }

  /** The response of which an entry is a copy, or the entry itself. */
  canonical(entry: number): number {
    const original = this.#copies.originalOf(entry)
    return original < 0 ? entry : original
  }

  /** Whether an entry is a copy or has copies. */
  involve(entry: number): boolean {
    return this.#copies.involve(entry)
  }

  /** Whether an entry has copies. */
  has(original: number): boolean {
    return this.#copies.has(original)
  }

  of(original: number): readonly number[] {
    return this.#copies.of(original)
  }

  /** Entries from that one on were added. */
  noteAdded(first: number): void {
    const { rows } = this.#entries
    for (let entry = first; entry < rows.count; entry += 1) {
      if (!this.#isCopy(entry)) continue
      this.#newCopies = true
      this.#lows ??= new Uint8Array(LOWS)
      this.#lows[rows.word(entry, COLUMN.keyLow) % LOWS] = 1
    }
  }

  /** An entry is about to change. */
  noteChange(entry: number): void {
    if (entry < this.#new && this.#isCopy(entry)) this.#candidatesFor(entry)
    if (this.#candidacies.count === 0) return
    const rows = this.#candidaciesOf.upTo(this.#candidacies.count)
    for (let row = rows.first(entry); row >= 0; row = rows.next(row)) {
      if (this.#candidacies.word(row, CANDIDACY.entry) === entry)
        this.#noteCandidate(this.#candidacies.word(row, CANDIDACY.copy), entry)
    }
  }

  /** A response turned out to have that request id. */
  noteLink(requestLow: number, requestHigh: number, entry: number): void {
    if (this.#lows?.[requestLow % LOWS] !== 1) return
    const copy = this.#entries.find(requestLow, requestHigh)
    if (copy < 0 || copy >= this.#new) return
    this.#addCandidacy(entry, copy)
    this.#noteCandidate(copy, entry)
  }

  get waiting(): boolean {
    return this.#newCopies || this.#unsettled.size > 0
  }

  /**
   * Finds the original of every copy about which something was noted, and reports each before the change takes effect.
   */
  settle(tell: (settled: SettledAlias) => void): void {
    for (const [copy, candidates] of this.#unsettled) this.#settleOne(copy, candidates, tell)
    this.#unsettled.clear()
    const { count } = this.#entries
    for (let entry = this.#newCopies ? this.#new : count; entry < count; entry += 1) {
      if (this.#isCopy(entry)) this.#settleOne(entry, this.#carriersOf(entry), tell)
    }
    this.#new = count
    this.#newCopies = false
  }

  #settleOne(copy: number, candidates: readonly number[], tell: (settled: SettledAlias) => void): void {
    const known = this.#copies.originalOf(copy)
    const formerOriginal = known < 0 ? undefined : known
    const original = this.#best(formerOriginal, candidates)
    // Called before the change: the listener may ask how the responses counted until now.
    tell({ copy, original, formerOriginal })
    if (original !== undefined && original !== formerOriginal) this.#copies.set(copy, original)
  }

  #isCopy(entry: number): boolean {
    return (this.#entries.rows.word(entry, COLUMN.flags) & FLAG.requestOnly) !== 0
  }

  #noteCandidate(copy: number, entry: number): void {
    if (copy >= this.#new) return
    const candidates = this.#candidatesFor(copy)
    // Lines of one response follow each other.
    if (candidates.at(-1) !== entry) candidates.push(entry)
  }

  #candidatesFor(copy: number): number[] {
    let candidates = this.#unsettled.get(copy)
    if (candidates === undefined) this.#unsettled.set(copy, (candidates = []))
    return candidates
  }

  /** Every response with a copy's request id, noted as such. */
  #carriersOf(copy: number): readonly number[] {
    const { rows } = this.#entries
    const carriers = this.#links.entries(rows.word(copy, COLUMN.keyLow), rows.word(copy, COLUMN.keyHigh))
    for (const carrier of carriers) this.#addCandidacy(carrier, copy)
    return carriers
  }

  #addCandidacy(entry: number, copy: number): void {
    const row = this.#candidacies.append()
    this.#candidacies.setWord(row, CANDIDACY.entry, entry)
    this.#candidacies.setWord(row, CANDIDACY.copy, copy)
  }

  #best(known: number | undefined, candidates: readonly number[]): number | undefined {
    let best = known
    for (const candidate of candidates)
      if (best === undefined || (candidate !== best && this.#isBetter(candidate, best))) best = candidate
    return best
  }

  /** Ties go to the smaller key, so that they do not depend on the order of arrival. */
  #isBetter(entry: number, than: number): boolean {
    const { rows } = this.#entries
    const order = this.#entries.compare(entry, than)
    if (order !== 0) return order > 0
    const high = rows.word(entry, COLUMN.keyHigh) - rows.word(than, COLUMN.keyHigh)
    return (high || rows.word(entry, COLUMN.keyLow) - rows.word(than, COLUMN.keyLow)) < 0
  }
}

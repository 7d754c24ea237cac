// Lines that lost their message id and are known by their request alone (claude-code-logs 3.3, case B'): each is a copy
// of the best response that carries its request id, once one is known, and a response of its own until then.
import type { Entries } from './entries.js'
import type { Links } from './links.js'
import type { Texts } from './texts.js'
import { COLUMN, FLAG, compareUsage } from './usage.js'

const NONE: ReadonlySet<number> = new Set()
/** In place of a list of responses. */
const ALL = 'all'
const NO_COPIES: readonly number[] = []

export interface SettledCopy {
  readonly copy: number
  /** undefined: no response with its request id is known. */
  readonly original: number | undefined
  readonly formerOriginal: number | undefined
}

export class Copies {
  readonly #entries: Entries
  readonly #links: Links
  readonly #texts: Texts
  readonly #originalOf = new Map<number, number>()
  readonly #copiesOf = new Map<number, Set<number>>()
  /** Copies whose request id each response carries, not only the best one: any of them may become the best. */
  readonly #candidacies = new Map<number, number[]>()
  /**
   * Copies about which something was noted, and the responses that may be better now than the best known before, for a
   * response's line never gets worse. ALL: the copy is new.
   */
  readonly #unsettled = new Map<number, number[] | typeof ALL>()
  /** Low halves of the keys of copies: so that the many other requests are told apart without looking for an entry. */
  readonly #lows = new Set<number>()

  constructor(entries: Entries, links: Links, texts: Texts) {
    this.#entries = entries
    this.#links = links
    this.#texts = texts
  }

  /** The response that an entry is a copy of, or the entry itself. */
  original(entry: number): number {
    return this.#originalOf.get(entry) ?? entry
  }

  /** Whether an entry is a copy or has copies. */
  involve(entry: number): boolean {
    // Mostly there are none at all, and this is asked of every entry.
    return this.#originalOf.size > 0 && (this.#originalOf.has(entry) || this.of(entry).size > 0)
  }

  of(original: number): ReadonlySet<number> {
    // Mostly there are none at all, and this is asked of every entry.
    if (this.#copiesOf.size === 0) return NONE
    return this.#copiesOf.get(original) ?? NONE
  }

  /** Entries from that one on were added. */
  noteAdded(first: number): void {
    const { rows } = this.#entries
    for (let entry = first; entry < rows.count; entry += 1) {
      if ((rows.word(entry, COLUMN.flags) & FLAG.requestOnly) === 0) continue
      this.#unsettled.set(entry, ALL)
      this.#lows.add(rows.word(entry, COLUMN.keyLow))
    }
  }

  /** An entry is about to change. */
  noteChange(entry: number): void {
    if ((this.#entries.rows.word(entry, COLUMN.flags) & FLAG.requestOnly) !== 0) this.#candidatesFor(entry)
    for (const copy of this.#candidacies.get(entry) ?? NO_COPIES) this.#noteCandidate(copy, entry)
  }

  /** A response was found to have that request id. */
  noteLink(requestLow: number, requestHigh: number, entry: number): void {
    if (!this.#lows.has(requestLow)) return
    const copy = this.#entries.find(requestLow, requestHigh)
    if (copy < 0 || this.#unsettled.get(copy) === ALL) return
    this.#addCandidacy(entry, copy)
    this.#noteCandidate(copy, entry)
  }

  get waiting(): boolean {
    return this.#unsettled.size > 0
  }

  /** Finds the original of every copy about which something was noted. */
  settle(): SettledCopy[] {
    const settled: SettledCopy[] = []
    for (const [copy, candidates] of this.#unsettled) {
      const formerOriginal = this.#originalOf.get(copy)
      const original = this.#best(formerOriginal, candidates === ALL ? this.#carriersOf(copy) : candidates)
      if (original !== undefined && original !== formerOriginal) {
        if (formerOriginal !== undefined) this.#copiesOf.get(formerOriginal)?.delete(copy)
        this.#originalOf.set(copy, original)
        addTo(this.#copiesOf, original, copy)
      }
      settled.push({ copy, original, formerOriginal })
    }
    this.#unsettled.clear()
    return settled
  }

  #noteCandidate(copy: number, entry: number): void {
    const candidates = this.#candidatesFor(copy)
    // Lines of one response follow each other.
    if (candidates !== ALL && candidates.at(-1) !== entry) candidates.push(entry)
  }

  #candidatesFor(copy: number): number[] | typeof ALL {
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
    const copies = this.#candidacies.get(entry)
    if (copies === undefined) this.#candidacies.set(entry, [copy])
    else copies.push(copy)
  }

  #best(known: number | undefined, candidates: readonly number[]): number | undefined {
    let best = known
    for (const candidate of candidates) if (best === undefined || (candidate !== best && this.#isBetter(candidate, best))) best = candidate
    return best
  }

  /** Ties go to the smaller key, so that they cannot depend on arrival. */
  #isBetter(entry: number, than: number): boolean {
    const a = this.#entries.view(entry)
    const b = this.#entries.view(than)
    const modelOf = (view: typeof a): string => this.#texts.get(view.words[view.base + COLUMN.model]!)
    const order = compareUsage(a, modelOf(a), b, modelOf(b))
    if (order !== 0) return order > 0
    const high = a.words[a.base + COLUMN.keyHigh]! - b.words[b.base + COLUMN.keyHigh]!
    return (high || a.words[a.base + COLUMN.keyLow]! - b.words[b.base + COLUMN.keyLow]!) < 0
  }
}

function addTo(map: Map<number, Set<number>>, key: number, value: number): void {
  const set = map.get(key)
  if (set === undefined) map.set(key, new Set([value]))
  else set.add(value)
}

// The specification of the totals: for each response, the most that was ever booked. A copy that was booked before its
// original was known passes its bookings on to it; if both were booked, both stay.
import type { Cost, Pricer } from '../../../src/core/pricing/pricing.js'
import { MEASURES } from '../../../src/core/schema.js'
import { MODIFIER } from '../../../src/core/ledger/modifiers.js'
import type { Counted, LedgerSpec } from '../ledger/ledger-spec.js'

/** Five token types, cost in nano-dollars, requests, searches: as `AMOUNT` orders them. */
export type Amounts = readonly number[]

const NOTHING: Amounts = new Array<number>(MEASURES).fill(0)

export class BookingSpec {
  readonly #booked = new Map<string, Amounts>()
  readonly #copies = new Set<string>()

  book(ledger: LedgerSpec, pricer: Pricer): void {
    for (const copy of ledger.copies) {
      if (this.#copies.has(copy)) continue
      this.#copies.add(copy)
      const original = ledger.originalOf(copy)!
      if (this.#booked.has(original)) continue
      this.#booked.set(original, this.#booked.get(copy) ?? NOTHING)
      this.#booked.delete(copy)
    }
    for (const [key, counted] of ledger.counted()) {
      this.#booked.set(key, most(this.#booked.get(key) ?? NOTHING, amountsOf(counted, pricer)))
    }
  }

  get total(): Amounts {
    return sum(this.#booked.values())
  }
}

/** The amounts of a response as the logs have it now. */
export function amountsOf(counted: Counted, pricer: Pricer): Amounts {
  const { input, output, cacheRead, cacheWrite5m, cacheWrite1h, searches, requests, costNanos } = counted
  const cost = isLogged(counted, pricer) ? costNanos : listPrice(counted, pricer).nanos
  return [input, output, cacheRead, cacheWrite5m, cacheWrite1h, cost, requests, searches]
}

/** Whether the cost of a response is the logged one. */
export function isLogged(counted: Counted, pricer: Pricer): boolean {
  if (counted.costNanos === 0) return false
  return (counted.flags & MODIFIER.billed) !== 0 || !listPrice(counted, pricer).priced
}

function listPrice({ flags, time, searches, ...counted }: Counted, pricer: Pricer): Cost {
  const modifiers = Object.values(MODIFIER).reduce((bits, bit) => bits | (flags & bit), 0)
  return pricer.cost({ ...counted, modifiers, webSearches: searches, timestampMs: time }, NOW_MS, counted.requests)
}

/** The clock of the laws. */
export const NOW_MS = 100_000_000

export function sum(all: Iterable<Amounts>): Amounts {
  return [...all].reduce((so, amounts) => so.map((amount, index) => amount + amounts[index]!), NOTHING)
}

function most(a: Amounts, b: Amounts): Amounts {
  return a.map((amount, index) => Math.max(amount, b[index]!))
}

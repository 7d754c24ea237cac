// Finds the reason for a difference between a file and the ledger, if a calculation proves it: prices the responses
// again with other rules until the result is the file's cost.
import type { Pricer, PricedResponse } from '../pricing/pricing.js'
import { TOKENS, type TokenClass } from '../schema.js'
import { isNear, type Compared } from './comparison.js'

/** Pricing rules that other tools may not follow. */
export const PRICE_REASONS = ['today', 'short', 'parts', 'searches', 'modifiers'] as const
export type PriceReason = (typeof PRICE_REASONS)[number]

/**
 * `untold`, `uncounted`: the file, or the ledger, does not have the model on that day. `days`: the model's amounts are
 * equal over all days. `reduced`: the file's list price is the ledger's cost. `listed`: the file has list prices, and
 * the log states the cost. `thinking`: the file has less output, at the same cost.
 *
 * `prices`: the file ignores pricing rules. `today`: it uses today's prices for all days. `short`: it uses the rates of
 * short prompts. `parts`: it uses the rates of long prompts only for each token class's tokens above the limit.
 * `searches`: web searches are free. `modifiers`: fast mode, tiers and regions cost nothing extra.
 */
export type Reason =
  | { readonly kind: 'untold' | 'uncounted' | 'days' | 'reduced' | 'listed' | 'thinking' }
  | { readonly kind: 'prices'; readonly broken: readonly PriceReason[] }

/** Those with fewer rules first; `short` and `parts` exclude each other. */
const COMBINATIONS: readonly (readonly PriceReason[])[] = Array.from({ length: 2 ** PRICE_REASONS.length }, (_, bits) =>
  PRICE_REASONS.filter((__, index) => (bits & (1 << index)) !== 0),
)
  .filter((broken) => !(broken.includes('short') && broken.includes('parts')))
  .sort((a, b) => a.length - b.length)

/** The cost of a day and model for each combination of ignored rules. */
export class OtherPrices {
  readonly #nanos = COMBINATIONS.map(() => 0)
  readonly #pricer: Pricer
  readonly #nowMs: number

  /** @param nowMs milliseconds since the epoch */
  constructor(pricer: Pricer, nowMs: number) {
    this.#pricer = pricer
    this.#nowMs = nowMs
  }

  add(response: PricedResponse, requests: number): void {
    for (const [index, broken] of COMBINATIONS.entries()) {
      const changed = {
        ...response,
        ...(broken.includes('today') && { timestampMs: Number.NaN }),
        ...(broken.includes('searches') && { webSearches: 0 }),
        ...(broken.includes('modifiers') && { modifiers: 0 }),
      }
      const parts = broken.includes('parts')
      // With infinitely many requests, no prompt is long.
      const asked = parts || broken.includes('short') ? Infinity : requests
      this.#nanos[index]! +=
        this.#pricer.cost(changed, this.#nowMs, asked).nanos + (parts ? this.#surcharge(changed) : 0)
    }
  }

  /** Additional cost of each class's tokens above the limit of long prompts, in nano-dollars. */
  #surcharge(response: PricedResponse): number {
    const { row, factor } = this.#pricer.usedPrice(response, this.#nowMs) ?? {}
    const long = row?.long
    if (row === undefined || long === undefined) return 0
    const above = (name: TokenClass): number => Math.max(0, response[name] - long.aboveTokens)
    return factor! * TOKENS.reduce((sum, { name }) => sum + above(name) * (long.rates[name] - row.rates[name]), 0)
  }

  /** The smallest set of ignored rules that gives the file's cost; undefined if there is none. */
  explain({ told, sums }: Compared): Reason | undefined {
    const index = this.#nanos.findIndex((nanos) => isNear(told.amounts.nanos!, nanos, told, sums))
    if (index < 0) return undefined
    const broken = COMBINATIONS[index]!
    return broken.length === 0 ? { kind: 'listed' } : { kind: 'prices', broken }
  }
}

/** A reason that can be found without prices, if any. @param all all days and models of the same comparison */
export function plainReason(one: Compared, all: readonly Compared[]): Reason | undefined {
  const { amounts, model, told, sums } = one
  if (isSplitOtherwise(model, all)) return { kind: 'days' }
  if (amounts.every(({ told: there }) => there === 0)) return { kind: 'untold' }
  if (sums.requests === 0) return { kind: 'uncounted' }
  if (isOutputHidden(one)) return { kind: 'thinking' }
  const isReduced = told.listNanos !== undefined && isNear(told.listNanos, sums.nanos, told, sums)
  return isReduced ? { kind: 'reduced' } : undefined
}

/** Thinking tokens are output. Some tools include them in the cost, but not in the output that they state. */
function isOutputHidden({ amounts, differing }: Compared): boolean {
  const output = amounts.find(({ amount }) => amount === 'output')
  const isPriced = amounts.some(({ amount, told }) => amount === 'nanos' && told > 0)
  return differing.length === 1 && differing[0] === 'output' && isPriced && output!.told < output!.counted
}

/** Whether the tokens of a model are equal over all days, but not on each day. */
function isSplitOtherwise(model: string | undefined, all: readonly Compared[]): boolean {
  const same = all.filter((each) => each.model === model)
  const tokens = same.flatMap(({ amounts }) => amounts.filter(({ amount }) => amount !== 'nanos'))
  const names = new Set(tokens.map(({ amount }) => amount))
  const isEqual = [...names].every((name) => {
    const each = tokens.filter(({ amount }) => amount === name)
    return each.reduce((sum, { told, counted }) => sum + told - counted, 0) === 0
  })
  return isEqual && tokens.some(({ told, counted }) => told !== counted)
}

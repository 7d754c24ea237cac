// Why what was told differs from the ledger, where a calculation proves it: the responses are priced again as the other tool
// does, until its cost comes out.
import type { Pricer, PricedResponse } from '../pricing/pricing.js'
import { TOKENS, type TokenClass } from '../schema.js'
import { isNear, type Compared } from './comparison.js'

/** Rules of prices that other tools may not keep. */
export const PRICE_REASONS = ['today', 'short', 'parts', 'searches', 'modifiers'] as const
export type PriceReason = (typeof PRICE_REASONS)[number]

/**
 * `untold`, `uncounted`: one side does not know the model on that day. `days`: over all days the model's amounts are the
 * same. `reduced`: the list price that was told is the ledger's. `listed`: it was told at list prices, and the log tells what
 * it cost. `thinking`: less output was told, at the same cost. Or the rules of prices that were not kept: `today`: the price of now was taken for all; `short`: that of short
 * prompts; `parts`: of each class of tokens, the part that is above the limit of long prompts was taken for dearer;
 * `searches`: none was paid for web searches; `modifiers`: none for fast mode, tiers or regions.
 */
export type Reason =
  | { readonly kind: 'untold' | 'uncounted' | 'days' | 'reduced' | 'listed' | 'thinking' }
  | { readonly kind: 'prices'; readonly broken: readonly PriceReason[] }

/** Fewer rules first; two that exclude each other are in none. */
const COMBINATIONS: readonly (readonly PriceReason[])[] = Array.from({ length: 2 ** PRICE_REASONS.length }, (_, bits) =>
  PRICE_REASONS.filter((__, index) => (bits & (1 << index)) !== 0),
)
  .filter((broken) => !(broken.includes('short') && broken.includes('parts')))
  .sort((a, b) => a.length - b.length)

/** What a day and model cost where rules are not kept, in each combination. */
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
      // Of so many requests, none has a long prompt.
      const asked = parts || broken.includes('short') ? Infinity : requests
      this.#nanos[index]! +=
        this.#pricer.cost(changed, this.#nowMs, asked).nanos + (parts ? this.#surcharge(changed) : 0)
    }
  }

  /** What the part of each class costs more that is above the limit of long prompts. */
  #surcharge(response: PricedResponse): number {
    const { row, factor } = this.#pricer.usedPrice(response, this.#nowMs) ?? {}
    const long = row?.long
    if (row === undefined || long === undefined) return 0
    const above = (name: TokenClass): number => Math.max(0, response[name] - long.aboveTokens)
    return factor! * TOKENS.reduce((sum, { name }) => sum + above(name) * (long.rates[name] - row.rates[name]), 0)
  }

  /** The fewest rules without which the cost is the one that was told. */
  explain({ told, sums }: Compared): Reason | undefined {
    const index = this.#nanos.findIndex((nanos) => isNear(told.amounts.nanos!, nanos, told, sums))
    if (index < 0) return undefined
    const broken = COMBINATIONS[index]!
    return broken.length === 0 ? { kind: 'listed' } : { kind: 'prices', broken }
  }
}

/** Reasons that show without a price. @param all of the same comparison */
export function plainReason(one: Compared, all: readonly Compared[]): Reason | undefined {
  const { amounts, model, told, sums } = one
  if (isSplitOtherwise(model, all)) return { kind: 'days' }
  if (amounts.every(({ told: there }) => there === 0)) return { kind: 'untold' }
  if (sums.requests === 0) return { kind: 'uncounted' }
  if (isOutputHidden(one)) return { kind: 'thinking' }
  const isReduced = told.listNanos !== undefined && isNear(told.listNanos, sums.nanos, told, sums)
  return isReduced ? { kind: 'reduced' } : undefined
}

/** Tokens that a model thought in are output, and some tools price them as such without telling them. */
function isOutputHidden({ amounts, differing }: Compared): boolean {
  const output = amounts.find(({ amount }) => amount === 'output')
  const isPriced = amounts.some(({ amount, told }) => amount === 'nanos' && told > 0)
  return differing.length === 1 && differing[0] === 'output' && isPriced && output!.told < output!.counted
}

/** Whether the tokens of a model are the same over all days, and not on each. */
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

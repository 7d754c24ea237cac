// The origin of a response's cost: the price table or the log.
import { MODIFIER } from '../ledger/modifiers.js'
import type { Pricer } from './pricing.js'

/** `none`: the model has no price, and the log states no cost. */
export type CostOrigin = 'prices' | 'log' | 'none'

/** @param modifiers bits of `MODIFIER` @param loggedNanos cost as logged, in nano-dollars; 0: none */
export function costOrigin(pricer: Pricer, rawModel: string, modifiers: number, loggedNanos: number): CostOrigin {
  if (loggedNanos > 0 && loggedCostCounts(pricer, rawModel, modifiers)) return 'log'
  return pricer.knows(rawModel) ? 'prices' : 'none'
}

/** Whether a logged cost takes precedence over prices: if it is the billed amount, or the model has no price. */
export function loggedCostCounts(pricer: Pricer, rawModel: string, modifiers: number): boolean {
  return (modifiers & MODIFIER.billed) !== 0 || !pricer.knows(rawModel)
}

// Where the cost of a response comes from.
import { MODIFIER } from '../ledger/modifiers.js'
import type { Pricer } from './pricing.js'

/** `none`: its model has no price, and its log tells no cost. */
export type CostOrigin = 'prices' | 'log' | 'none'

/** @param modifiers bits of `MODIFIER` @param loggedNanos cost that the log tells, nano-dollars; 0: none */
export function costOrigin(pricer: Pricer, rawModel: string, modifiers: number, loggedNanos: number): CostOrigin {
  if (loggedNanos > 0 && loggedCostCounts(pricer, rawModel, modifiers)) return 'log'
  return pricer.knows(rawModel) ? 'prices' : 'none'
}

/** Whether a cost that the log tells counts: it was billed, or the model has no price. */
export function loggedCostCounts(pricer: Pricer, rawModel: string, modifiers: number): boolean {
  return (modifiers & MODIFIER.billed) !== 0 || !pricer.knows(rawModel)
}

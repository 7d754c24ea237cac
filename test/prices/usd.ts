// The cost of a response in dollars, by a table that has a price for it.
import { expect } from 'vitest'
import type { PriceTable } from '../../src/core/pricing/price-table.js'
import { createPricer } from '../../src/core/pricing/pricing.js'
import { loadBuiltInPrices } from '../../src/prices/price-file.js'
import { buildPriceTable } from '../../src/prices/price-table.js'
import { responseOf, type MadeResponse } from '../core/pricing/made-prices.js'

export const NOW = Date.UTC(2026, 10, 1)
const BUILT_IN = buildPriceTable(loadBuiltInPrices())

export interface DatedResponse extends MadeResponse {
  readonly day?: string
}

export function usd(
  model: string,
  { day = '2026-11-01', ...made }: DatedResponse,
  table: PriceTable = BUILT_IN,
): number {
  const response = responseOf({ ...made, model, timestampMs: Date.parse(day) })
  const { nanos, priced } = createPricer(table).cost(response, NOW)
  expect(priced).toBe(true)
  return nanos / 1e9
}

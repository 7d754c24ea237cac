// Forecasts the cost of a period from its pace so far. The Spend board uses the same formula.
import { DAY_MS, type Period } from './period.js'
import type { Span } from './span-costs.js'

/**
 * Minimum elapsed time. The first seven days of a month count as a whole week, so that one busy Monday has little
 * effect.
 */
const AT_LEAST_MS = { week: DAY_MS, month: 7 * DAY_MS } as const

/**
 * In the unit of `spent`; null for a day, whose hours differ too much, and in the first 24 hours of a week or month.
 * @param span the current period
 */
export function forecast(spent: number, period: Period, { fromMs, toMs }: Span, nowMs: number): number | null {
  const passedMs = nowMs - fromMs
  if (period === 'day' || passedMs < DAY_MS) return null
  return (spent * (toMs - fromMs)) / Math.max(passedMs, AT_LEAST_MS[period])
}

// The dimensions by which usage can be grouped.
import { PERIODS, type Period } from '../totals/period.js'

export const DIMENSIONS = [...PERIODS, 'project', 'model', 'agent', 'session'] as const
export type Dimension = (typeof DIMENSIONS)[number]

export function isPeriod(dimension: Dimension): dimension is Period {
  return (PERIODS as readonly string[]).includes(dimension)
}

// A budget: a limit in dollars per day, week or month for the series whose labels it matches.
import { matchesGlob, type Glob } from '../labels/glob.js'
import type { Period } from './period.js'
import type { SeriesLabels } from './series.js'

export interface Budget {
  /** Unique among budgets; a label value. */
  readonly name: string
  readonly period: Period
  /** US dollars; above 0, finite. */
  readonly limitUsd: number
  readonly match: Match
}

/** For each label named, one of its globs must match. A label not named may have any value. */
export type Match = { readonly [L in keyof SeriesLabels]?: readonly Glob[] }

export function isInBudget({ match }: Budget, labels: SeriesLabels): boolean {
  return matchesLabels(match, labels)
}

export function matchesLabels(match: Match, labels: SeriesLabels): boolean {
  return (Object.keys(match) as (keyof SeriesLabels)[]).every((label) =>
    match[label]!.some((glob) => matchesGlob(glob, labels[label])),
  )
}

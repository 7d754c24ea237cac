// A budget: so many dollars a day, week or month for the series whose labels it matches.
import { matchesGlob, type Glob } from '../labels/glob.js'
import type { Period } from './period.js'
import type { SeriesLabels } from './series.js'

export interface Budget {
  /** Unique among budgets; a label. */
  readonly name: string
  readonly period: Period
  /** US dollars; above 0, finite. */
  readonly limitUsd: number
  readonly match: Match
}

/** One of the globs of each label named must match; a label not named may be anything. */
export type Match = { readonly [L in keyof SeriesLabels]?: readonly Glob[] }

export function isInBudget({ match }: Budget, labels: SeriesLabels): boolean {
  return matchesLabels(match, labels)
}

export function matchesLabels(match: Match, labels: SeriesLabels): boolean {
  return (Object.keys(match) as (keyof SeriesLabels)[]).every((label) =>
    match[label]!.some((glob) => matchesGlob(glob, labels[label])),
  )
}

// Budgets and their spend in the current period. They use the costs that the periods show, so that a budget is always
// the sum of the series that it matches.
import { NANOS_PER_USD } from '../core/pricing/nano-dollars.js'
import type { Budget } from '../core/totals/budget.js'
import type { Series } from '../core/totals/series.js'
import { createMembers } from './budget-members.js'
import { USAGE } from './catalogue.js'
import type { Labels, Metric, Sample } from './metric.js'
import type { PeriodCosts } from './period-costs.js'

export interface BudgetsView {
  /** New objects after a reload. */
  readonly budgets: () => readonly Budget[]
  readonly series: Series
  readonly costs: () => PeriodCosts
  /** False until the first pass is complete: a half-read history has no sum. */
  readonly complete: () => boolean
}

export function budgetMetrics(view: BudgetsView): { readonly budgetLimit: Metric; readonly budgetSpent: Metric } {
  const membersOf = createMembers(view.series)
  const labels = new WeakMap<Budget, Labels>()
  function labelsOf(budget: Budget): Labels {
    const known = labels.get(budget) ?? { budget: budget.name, period: budget.period }
    labels.set(budget, known)
    return known
  }

  function* limits(): Generator<Sample> {
    if (!view.complete()) return
    for (const budget of view.budgets()) yield { labels: labelsOf(budget), value: budget.limitUsd }
  }

  function* spent(): Generator<Sample> {
    if (!view.complete()) return
    for (const budget of view.budgets()) {
      const costs = view.costs()[budget.period]
      const nanos = membersOf(budget).reduce((sum, row) => sum + (costs[row] ?? 0), 0)
      yield { labels: labelsOf(budget), value: nanos / NANOS_PER_USD }
    }
  }

  return {
    budgetLimit: { definition: USAGE.budgetLimit, read: limits },
    budgetSpent: { definition: USAGE.budgetSpent, read: spent },
  }
}

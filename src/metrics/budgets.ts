// Budgets, and what was spent of each in its current period. They read the costs that the periods show, so that a budget
// is always the sum of the series that it matches.
import type { Registry } from 'prom-client'
import type { Budget } from '../core/totals/budget.js'
import type { Series } from '../core/totals/series.js'
import { createMembers } from './budget-members.js'
import { USAGE } from './catalogue.js'
import type { PeriodCosts } from './period-costs.js'
import { NANOS, registerRead, sample, type Sample } from './samples.js'

export interface BudgetsView {
  /** Other objects when the configuration was read again. */
  readonly budgets: () => readonly Budget[]
  readonly series: Series
  readonly costs: () => PeriodCosts
  /** False until the first pass is complete: a half-read history has no sum. */
  readonly complete: () => boolean
}

export function registerBudgets(registry: Registry, view: BudgetsView): void {
  const membersOf = createMembers(view.series)
  const labels = new WeakMap<Budget, Sample['labels']>()
  function labelsOf(budget: Budget): Sample['labels'] {
    const known = labels.get(budget) ?? { budget: budget.name, period: budget.period }
    labels.set(budget, known)
    return known
  }

  function* limits(): Generator<Sample> {
    if (!view.complete()) return
    for (const budget of view.budgets()) yield sample(labelsOf(budget), budget.limitUsd)
  }

  function* spent(): Generator<Sample> {
    if (!view.complete()) return
    for (const budget of view.budgets()) {
      const costs = view.costs()[budget.period]
      yield sample(labelsOf(budget), membersOf(budget).reduce((sum, row) => sum + (costs[row] ?? 0), 0) / NANOS)
    }
  }

  registerRead(registry, USAGE.budgetLimit, limits)
  registerRead(registry, USAGE.budgetSpent, spent)
}

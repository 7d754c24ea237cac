// Budgets, and what was spent of each in its current period. They read the costs that the periods show, so that a budget
// is always the sum of the series that it matches.
import type { Registry } from 'prom-client'
import { isInBudget, type Budget } from '../core/budget.js'
import type { Series } from '../core/series.js'
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
  const followed = new WeakMap<Budget, Followed>()

  function follow(budget: Budget): Followed {
    const { name, period } = budget
    const { labels, members, asked } = followed.get(budget) ?? { labels: { budget: name, period }, members: [], asked: 0 }
    // Labels of a series never change, so only new ones are asked.
    for (let row = asked; row < view.series.count; row += 1) {
      if (isInBudget(budget, view.series.labels(row))) members.push(row)
    }
    const upToDate = { labels, members, asked: view.series.count }
    followed.set(budget, upToDate)
    return upToDate
  }

  function* limits(): Generator<Sample> {
    if (!view.complete()) return
    for (const budget of view.budgets()) yield sample(follow(budget).labels, budget.limitUsd)
  }

  function* spent(): Generator<Sample> {
    if (!view.complete()) return
    for (const budget of view.budgets()) {
      const { labels, members } = follow(budget)
      const costs = view.costs()[budget.period]
      yield sample(labels, members.reduce((sum, row) => sum + (costs[row] ?? 0), 0) / NANOS)
    }
  }

  registerRead(registry, USAGE.budgetLimit, limits)
  registerRead(registry, USAGE.budgetSpent, spent)
}

interface Followed {
  readonly labels: { readonly budget: string; readonly period: string }
  /** Series that count. */
  readonly members: number[]
  /** How many series were asked. */
  readonly asked: number
}

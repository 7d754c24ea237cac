// The series that count for a budget, cached, because labels of a series never change: only new ones are checked.
import { isInBudget, type Budget } from '../core/totals/budget.js'
import type { Series } from '../core/totals/series.js'

export function createMembers(series: Series): (budget: Budget) => readonly number[] {
  const known = new WeakMap<Budget, { readonly members: number[]; asked: number }>()
  return (budget) => {
    const followed = known.get(budget) ?? { members: [], asked: 0 }
    known.set(budget, followed)
    for (; followed.asked < series.count; followed.asked += 1) {
      if (isInBudget(budget, series.labels(followed.asked))) followed.members.push(followed.asked)
    }
    return followed.members
  }
}

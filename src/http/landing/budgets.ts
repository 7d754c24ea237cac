// Renders budgets as bars: the share of each that is spent in its current period.
import type { BudgetSpend } from '../summary-schema.js'
import { bar, html, money, named, nothing, type Html } from './html.js'

const PERIODS = { day: 'today', week: 'this week', month: 'this month' } as const

export function renderBudgets(budgets: readonly BudgetSpend[]): Html {
  const rows = budgets.map(({ name, period, limit_usd, spent_usd, forecast_usd }) => {
    const share = spent_usd / limit_usd
    const over = share >= 1
    const percent = html`<span${over ? html` class="warn"` : ''}>${Math.floor(share * 100)} %</span>`
    return html`<tr>
      <th scope="row">${named(name)}${bar(share, over ? 'over' : '')}</th>
      <td>
        ${money(spent_usd)} <small>of ${money(limit_usd)} ${PERIODS[period]}</small>${
          forecast_usd === null ? nothing : foretold(forecast_usd, limit_usd)
        }
      </td>
      <td>${percent}</td>
    </tr> `
  })
  return html`<table class="budgets">
    <thead>
      <tr>
        <th scope="col">Budget</th>
        <th scope="col">Spent</th>
        <th scope="col">Share</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`
}

const foretold = (usd: number, limitUsd: number): Html =>
  html`<small class="forecast${usd >= limitUsd ? ' warn' : ''}">forecast ${money(usd)}</small>`

// Renders the cards at the top of the page: today, this week and this month, each with the previous period, and the
// total.
import type { Period, Spend } from '../summary-schema.js'
import { html, money, type Html } from './html.js'
import { sinceWhen } from './rankings.js'

/** @param spend null before the first pass is complete */
export function renderPeriods(spend: Spend | null): Html {
  if (spend === null)
    return html`${renderPeriod('today', 'Today')} ${renderPeriod('week', 'This week')}
    ${renderPeriod('month', 'This month')} ${renderPeriod('ever', 'In all')}`
  const { today, week, month, total } = spend
  const foretold = month.forecast_usd === null ? [] : [`forecast ${money(month.forecast_usd)}`]
  const ever = total.requests === 0 ? 'no response yet' : sinceWhen(total)
  return html`${renderPeriod('today', 'Today', today.usd, before('yesterday', today, spend))}
  ${renderPeriod('week', 'This week', week.usd, before('last week', week, spend))}
  ${renderPeriod('month', 'This month', month.usd, [...before('last month', month, spend), ...foretold])}
  ${renderPeriod('ever', 'In all', total.usd, [ever])}`
}

/** Empty if the logs begin after the previous period, so that there is nothing to compare with. */
function before(name: string, { from, previous }: Period, { total }: Spend): readonly string[] {
  return total.since === null || total.since >= from ? [] : [`${name} ${money(previous.usd)}`]
}

function renderPeriod(id: string, title: string, usd?: number, notes: readonly string[] = []): Html {
  return html`<article id="${id}" data-live>
    <h3>${title}</h3>
    <p class="sum${usd === 0 ? ' zero' : ''}">${usd === undefined ? '–' : money(usd)}</p>
    ${notes.map((note) => html`<p class="note">${note}</p> `)}
  </article>`
}

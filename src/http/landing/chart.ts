// Draws the bar chart of the days as SVG in percent of the available width, so that its text keeps its size on a phone.
// Screen readers get a summary and the table below it.
import type { Spend } from '../summary-schema.js'
import { html, longDay, money, nothing, roundMoney, shortDay, type Html } from './html.js'

type Days = Spend['days']

export function renderChart(days: Days): Html {
  const top = axisTop(Math.max(...days.map(({ usd }) => usd)))
  const width = 100 / days.length
  const bars = days.map(({ date, usd }, index) => {
    const height = (usd / top) * 100
    const [left, today] = [index * width, index === days.length - 1]
    return html`<g${today ? html` class="today"` : nothing}><title>${longDay(date)}: ${money(usd)}</title>
<rect class="day" x="${percent(left)}" y="0" width="${percent(width)}" height="100%"/>
<rect class="bar" x="${percent(left + width * 0.12)}" y="${percent(100 - height)}" width="${percent(width * 0.76)}" height="${percent(height)}" rx="2"/></g>
`
  })
  const lines = [0, 50, 100].map((at) => html`<line x1="0" x2="100%" y1="${at}%" y2="${at}%" />`)
  return html`<div class="axis" aria-hidden="true">
      <span>${roundMoney(top)}</span><span>${roundMoney(top / 2)}</span><span>$0</span>
    </div>
    <svg class="plot" role="img" aria-label="${gist(days)}">${lines} ${bars}</svg>
    <svg class="dates" aria-hidden="true">
      ${weeks(days).map(({ date, at, anchor }) => html`<text x="${percent(at)}" y="1em" text-anchor="${anchor}">${shortDay(date)}</text>`)}
    </svg>`
}

export function renderDaysTable(days: Days): Html {
  const rows = days.toReversed().map(
    ({ date, usd }) =>
      html`<tr>
        <th scope="row">${longDay(date)}</th>
        <td>${money(usd)}</td>
      </tr> `,
  )
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Day</th>
        <th scope="col">Spend</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`
}

/** A round number that is not below, at least 10 cents, so that its half is round, too. */
function axisTop(most: number): number {
  const unit = 10 ** Math.floor(Math.log10(Math.max(most, 0.1)))
  return unit * ([1, 2, 3, 4, 5, 6, 8].find((step) => step * unit >= most) ?? 10)
}

/** Today, and every seventh day before it. */
function weeks(days: Days): readonly { readonly date: string; readonly at: number; readonly anchor: string }[] {
  return days.flatMap(({ date }, index) => {
    const last = index === days.length - 1
    if ((days.length - 1 - index) % 7 !== 0) return []
    return [{ date, at: last ? 100 : ((index + 0.5) / days.length) * 100, anchor: last ? 'end' : 'middle' }]
  })
}

function gist(days: Days): string {
  const total = days.reduce((sum, { usd }) => sum + usd, 0)
  const most = days.reduce((a, b) => (b.usd > a.usd ? b : a))
  const [first, today] = [days[0]!, days.at(-1)!]
  return (
    `Spend by day from ${longDay(first.date)} to ${longDay(today.date)}: ${money(total)} together, ` +
    `most on ${longDay(most.date)} with ${money(most.usd)}, today ${money(today.usd)}.`
  )
}

const percent = (value: number): string => `${Math.round(value * 1000) / 1000}%`

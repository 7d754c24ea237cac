// Renders the bar chart of days or months as SVG in percent of the available width, so that its text keeps its size on
// a phone. Screen readers get a summary and the table below the chart.
import { html, money, nothing, roundMoney, type Html } from './html.js'
import type { Bar, Stretch } from './stretch.js'

export function renderChart(stretch: Stretch): Html {
  const { bars, unit } = stretch
  const top = axisTop(Math.max(...bars.map(({ usd }) => usd)))
  const width = 100 / bars.length
  const drawn = bars.map(({ name, usd }, index) => {
    const height = (usd / top) * 100
    const [left, current] = [index * width, index === bars.length - 1]
    return html`<g${current ? html` class="current"` : nothing}><title>${name}: ${money(usd)}</title>
<rect class="slot" x="${percent(left)}" y="0" width="${percent(width)}" height="100%"/>
<rect class="bar" x="${percent(left + width * 0.12)}" y="${percent(100 - height)}" width="${percent(width * 0.76)}" height="${percent(height)}" rx="2"/></g>
`
  })
  const lines = [0, 50, 100].map((at) => html`<line x1="0" x2="100%" y1="${at}%" y2="${at}%" />`)
  return html`<div class="axis" aria-hidden="true">
      <span>${roundMoney(top)}</span><span>${roundMoney(top / 2)}</span><span>$0</span>
    </div>
    <svg class="plot" role="img" aria-label="${gist(stretch)}">${lines} ${drawn}</svg>
    <svg class="dates ${unit}s" aria-hidden="true">
      ${ticks(stretch).map(({ tick, at, anchor }) => html`<text x="${percent(at)}" y="1em" text-anchor="${anchor}">${tick}</text>`)}
    </svg>`
}

export function renderChartTable({ bars, unit }: Stretch): Html {
  const rows = bars.toReversed().map(
    ({ name, usd }) =>
      html`<tr>
        <th scope="row">${name}</th>
        <td>${money(usd)}</td>
      </tr> `,
  )
  return html`<table>
    <thead>
      <tr>
        <th scope="col">${unit === 'day' ? 'Day' : 'Month'}</th>
        <th scope="col">Spend</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`
}

/** The top of the axis in US dollars: a round number of at least `most` and 10 cents, whose half is round, too. */
function axisTop(most: number): number {
  const unit = 10 ** Math.floor(Math.log10(Math.max(most, 0.1)))
  return unit * ([1, 2, 3, 4, 5, 6, 8].find((step) => step * unit >= most) ?? 10)
}

interface Tick {
  readonly tick: string
  /** Percent of the width. */
  readonly at: number
  readonly anchor: string
}

/** Ticks are centred below their bars; that of the last day ends with the chart, because its bar is narrow. */
function ticks({ bars, unit }: Stretch): readonly Tick[] {
  return bars.flatMap(({ tick }: Bar, index) => {
    if (tick === undefined) return []
    const atEnd = unit === 'day' && index === bars.length - 1
    return [{ tick, at: atEnd ? 100 : ((index + 0.5) / bars.length) * 100, anchor: atEnd ? 'end' : 'middle' }]
  })
}

function gist({ bars, unit, preposition, current }: Stretch): string {
  const total = bars.reduce((sum, { usd }) => sum + usd, 0)
  const most = bars.reduce((a, b) => (b.usd > a.usd ? b : a))
  const [first, last] = [bars[0]!, bars.at(-1)!]
  return (
    `Spend by ${unit} from ${first.name} to ${last.name}: ${money(total)} together, ` +
    `most ${preposition} ${most.name} with ${money(most.usd)}, ${current} ${money(last.usd)}.`
  )
}

const percent = (value: number): string => `${Math.round(value * 1000) / 1000}%`

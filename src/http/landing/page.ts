// The page at `/`, for people: what was spent, and whether the exporter is well. Whole without scripts and without a
// network; every value is escaped, and the policy beside it lets nothing run or load but what is written here.
import type { Period, Ranking, Spend, Summary } from '../summary.js'
import { renderChart, renderDaysTable } from './chart.js'
import { renderHealth, renderState } from './health.js'
import { Html, html, longDay, money, named, nothing, number } from './html.js'
import { script } from './script.js'
import { style } from './style.js'

export interface LandingOptions {
  readonly telemetryPath: string
}

/** A whole HTML document. Links are relative, so that it works below a reverse proxy's prefix. */
export function renderLanding(summary: Summary, { telemetryPath }: LandingOptions): string {
  const { version, demo, spend, time, time_zone } = summary
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>agent-usage-exporter</title>
<link rel="icon" href="${icon}">
${element('style', style)}
</head>
<body>
<div class="page">
<header>
<h1>agent-usage-exporter <small>${version}</small></h1>
<nav aria-label="Pages"><ul>
<li><a href=".${telemetryPath}">Metrics</a></li>
<li><a href="./api/summary">Summary as JSON</a></li>
<li><a href="./-/ready">Ready?</a></li>
<li><a href="./-/healthy">Healthy?</a></li>
</ul></nav>
${demo ? html`<p class="demo">This is a demo: all projects, tokens and costs here are made up.</p>` : nothing}
<p class="state" id="state" data-live>${renderState(summary)}</p>
</header>
<main>
<section class="periods" aria-labelledby="spend">
<h2 class="unseen" id="spend">Spend</h2>
${renderPeriods(spend)}
</section>
<section aria-labelledby="days">
<h2 id="days">Spend by day <small>last 30 days</small></h2>
${spend === null ? waiting : html`<div class="chart" id="chart" data-live>${renderChart(spend.days)}</div>
<details><summary>As a table</summary><div id="day-table" data-live>${renderDaysTable(spend.days)}</div></details>`}
</section>
<section class="half" aria-labelledby="projects">
<h2 id="projects">Projects</h2>
<div id="project-table" data-live>${spend === null ? waiting : renderRanking('Project', spend.projects)}</div>
</section>
<section class="half" aria-labelledby="models">
<h2 id="models">Models</h2>
<div id="model-table" data-live>${spend === null ? waiting : renderRanking('Model', spend.models)}</div>
</section>
<section aria-labelledby="health">
<h2 id="health">Exporter</h2>
<div id="exporter" data-live>${renderHealth(summary)}</div>
</section>
</main>
<footer>
<p>Cost is what the tokens would cost on the API at list prices: on a subscription an estimate, not a bill.</p>
<p><span id="updated" data-live>As of <time datetime="${time}">${clock(time, time_zone)}</time> ${time_zone}</span>
<button type="button" id="pause" hidden>Pause updates</button>
<span role="status"><span id="lost" hidden>The exporter does not answer.</span></span></p>
</footer>
</div>
${element('script', script)}
</body>
</html>
`
  return page.text
}

const waiting = html`<p class="empty">Waiting for the first pass over the logs.</p>`

/** Text of ours that HTML does not parse. */
const element = (name: 'style' | 'script', text: string): Html => new Html(`<${name}>${text}</${name}>`)

const icon =
  'data:image/svg+xml,' +
  encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" fill="#0b8a92">' +
      '<rect x="1" y="9" width="3.5" height="6" rx="1"/><rect x="6.2" y="5" width="3.5" height="10" rx="1"/>' +
      '<rect x="11.4" y="1" width="3.5" height="14" rx="1"/></svg>',
  )

function renderPeriods(spend: Spend | null): Html {
  const yesterday = spend?.days.at(-2)
  return html`${renderPeriod('today', 'Today', spend?.today, yesterday && `yesterday ${money(yesterday.usd)}`)}
${renderPeriod('week', 'This week', spend?.week)}
${renderPeriod('month', 'This month', spend?.month)}`
}

function renderPeriod(id: string, title: string, period: Period | undefined, note?: string): Html {
  const under = note ?? (period && `since ${longDay(period.from)}`) ?? ''
  return html`<article class="${id}" id="${id}" data-live><h3>${title}</h3>
<p class="sum">${period === undefined ? '–' : money(period.usd)}</p>
<p class="note">${under}</p></article>`
}

function renderRanking(noun: string, { top, others }: Ranking): Html {
  if (top.length === 0) return html`<p class="empty">Nothing was spent.</p>`
  const most = top[0]!.usd
  const rows = top.map(
    ({ name, usd, today_usd }) => html`<tr><th scope="row">${named(name)}${bar(usd / most)}</th><td>${money(today_usd)}</td><td>${money(usd)}</td></tr>
`,
  )
  const rest = html`<tfoot><tr><th scope="row">${number(others.count)} more</th><td>${money(others.today_usd)}</td><td>${money(others.usd)}</td></tr></tfoot>`
  return html`<table><thead><tr><th scope="col">${noun}</th><th scope="col">Today</th><th scope="col">30 days</th></tr></thead>
<tbody>
${rows}</tbody>${others.count === 0 ? nothing : rest}</table>`
}

function bar(share: number): Html {
  return html`<svg class="share" aria-hidden="true"><rect width="${(share * 100).toFixed(1)}%" height="3" rx="1.5"/></svg>`
}

function clock(time: string, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone, timeStyle: 'medium' }).format(new Date(time))
}

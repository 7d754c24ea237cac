// Renders the page at `/`: the spend, and the health of the exporter. It is complete without scripts and without a
// network. Every value is escaped, and the page's policy allows only its own style and script.
import type { Exporter, Spend, Summary } from '../summary-schema.js'
import { renderBudgets } from './budgets.js'
import { renderChart, renderChartTable } from './chart.js'
import { renderHealth, renderState } from './health.js'
import { Html, html, nothing } from './html.js'
import { renderPeriods } from './periods.js'
import {
  hasSeveralAgents,
  nothingRecent,
  renderAgents,
  renderModels,
  renderProjects,
  renderTokens,
  sinceWhen,
} from './rankings.js'
import { script } from './script.js'
import { renderChoice, stretchOf, type Stretch, type StretchName } from './stretch.js'
import { style } from './style.js'
import { renderTroubles, type DirectoryNames } from './troubles.js'

export interface LandingOptions {
  readonly telemetryPath: string
  /** The options that name the directories of each agent. */
  readonly directories: readonly DirectoryNames[]
  readonly stretch: StretchName
}

/** A complete HTML document. Links are relative, so that it works below a reverse proxy's prefix. */
export function renderLanding(summary: Summary, { telemetryPath, directories, stretch }: LandingOptions): string {
  const { version, demo, spend, time, time_zone, exporter } = summary
  const budgets = spend?.budgets ?? []
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>agent-usage-exporter</title>
        <link rel="icon" href="${icon}" />
        ${element('style', style)}
      </head>
      <body>
        <div class="page">
          <header>
            <h1>agent-usage-exporter <small>${version}</small></h1>
            <nav aria-label="Pages">
              <ul>
                <li><a href=".${telemetryPath}">Metrics</a></li>
                <li><a href="./api/summary">Summary as JSON</a></li>
              </ul>
            </nav>
            ${demo ? html`<p class="demo">This is a demo: all projects, tokens and costs here are made up.</p>` : nothing}
            <p class="state" id="state" data-live>${renderState(summary)}</p>
          </header>
          <main>
            <div class="wide" id="troubles" data-live>${renderTroubles(summary, directories)}</div>
            <section class="periods" aria-labelledby="spend">
              <h2 class="unseen" id="spend">Spend</h2>
              ${renderPeriods(spend)}
            </section>
            ${
              budgets.length === 0
                ? nothing
                : html`<section aria-labelledby="budgets">
                    <h2 id="budgets">Budgets</h2>
                    <div id="budget-table" data-live>${renderBudgets(budgets)}</div>
                  </section>`
            }
            ${spend === null ? waiting : spend.total.requests === 0 ? nothing : renderUsage(stretchOf(spend, stretch), spend, exporter)}
            <section aria-labelledby="health">
              <h2 id="health">Exporter</h2>
              <div id="exporter" data-live>${renderHealth(summary)}</div>
              <p class="machines">For machines: <a href="./-/ready">ready?</a> <a href="./-/healthy">healthy?</a></p>
            </section>
          </main>
          <footer>
            <p>
              Cost is what the tokens would cost on the API at list prices: on a subscription an estimate, not a bill.
            </p>
            <p>
              <span id="updated" data-live
                >As of <time datetime="${time}">${clock(time, time_zone)}</time> ${time_zone}</span
              >
              <button type="button" id="pause" hidden>Pause updates</button>
              <span role="status"><span id="lost" hidden>The exporter does not answer.</span></span>
            </p>
          </footer>
        </div>
        ${element('script', script)}
      </body>
    </html> `
  return page.text
}

const waiting = html`<section><p class="empty">Waiting for the first pass over the logs.</p></section>`

/** Our own style or script, which must not be escaped. */
const element = (name: 'style' | 'script', text: string): Html => new Html(`<${name}>${text}</${name}>`)

const icon =
  'data:image/svg+xml,' +
  encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" fill="#0b8a92">' +
      '<rect x="1" y="9" width="3.5" height="6" rx="1"/><rect x="6.2" y="5" width="3.5" height="10" rx="1"/>' +
      '<rect x="11.4" y="1" width="3.5" height="14" rx="1"/></svg>',
  )

function renderUsage(stretch: Stretch, spend: Spend, exporter: Exporter): Html {
  return html`<section aria-labelledby="spend-over-time">
      <div class="heading">
        <h2 id="spend-over-time">Spend by ${stretch.unit} <small>last ${stretch.length}</small></h2>
        ${renderChoice(stretch.name)}
      </div>
      ${renderBars(stretch, spend)}
    </section>
    ${
      !hasSeveralAgents(spend)
        ? nothing
        : html`<section aria-labelledby="agents">
            <h2 id="agents">Agents</h2>
            <div id="agent-table" data-live>${renderAgents(stretch, spend)}</div>
          </section>`
    }
    <section class="half" aria-labelledby="projects">
      <h2 id="projects">Projects</h2>
      <div id="project-table" data-live>${renderProjects(stretch, spend)}</div>
    </section>
    <section class="half" aria-labelledby="models">
      <h2 id="models">Models</h2>
      <div id="model-table" data-live>${renderModels(stretch, spend, exporter)}</div>
    </section>
    <section aria-labelledby="tokens">
      <h2 id="tokens">Tokens <small>${sinceWhen(spend.total)}</small></h2>
      <div id="token-table" data-live>${renderTokens(spend.total)}</div>
    </section>`
}

function renderBars(stretch: Stretch, { total }: Spend): Html {
  if (stretch.bars.every(({ usd }) => usd === 0))
    return html`<div id="no-chart" data-live><p class="empty">${nothingRecent(stretch, total)}</p></div>`
  return html`<div class="chart" id="chart" data-live>${renderChart(stretch)}</div>
    <details>
      <summary>As a table</summary>
      <div id="chart-table" data-live>${renderChartTable(stretch)}</div>
    </details>`
}

function clock(time: string, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone, timeStyle: 'medium' }).format(new Date(time))
}

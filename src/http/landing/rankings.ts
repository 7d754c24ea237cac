// Renders tables of the agents, projects and models with the highest spend, of a stretch of time or, if nothing was
// spent then, of all time; and the tokens by class.
import type { Exporter, Ranking, Spend, Tokens, Total } from '../summary-schema.js'
import { bar, count, fullDay, html, money, monthOf, named, nothing, number, roundNumber, type Html } from './html.js'
import type { Stretch } from './stretch.js'

/** With only one agent, a table of agents would repeat the numbers above it. */
export const hasSeveralAgents = ({ total }: Spend): boolean => total.agents.top.length > 1

export function renderAgents(stretch: Stretch, { total }: Spend): Html {
  return stretch.agents.top.length > 0
    ? renderRecent('Agent', stretch.agents, stretch)
    : renderEver('Agent', total.agents, total)
}

export function renderProjects(stretch: Stretch, { total }: Spend): Html {
  if (stretch.projects.top.length > 0) return renderRecent('Project', stretch.projects, stretch)
  return total.projects.top.length > 0
    ? renderEver('Project', total.projects, total)
    : html`<p class="empty">${nothingRecent(stretch, total)}</p>`
}

export function renderModels(stretch: Stretch, { total }: Spend, exporter: Exporter): Html {
  const rest = renderUnpriced(exporter)
  if (stretch.models.top.length > 0) return html`${renderRecent('Model', stretch.models, stretch)}${rest}`
  if (total.models.top.length > 0) return html`${renderEver('Model', total.models, total)}${rest}`
  return exporter.unpriced.length > 0 ? rest : html`<p class="empty">${nothingRecent(stretch, total)}</p>`
}

/** The text for a stretch without spend, which also mentions earlier usage. */
export function nothingRecent({ length }: Stretch, { usd, since, requests }: Total): string {
  const before = since === null ? '' : ` since ${monthOf(since)}`
  if (usd > 0) return `Nothing in the last ${length}; ${money(usd)}${before}.`
  return `${count(requests, 'response')}${before}, of models without a price or free of charge.`
}

const TOKEN_NAMES: Readonly<Record<keyof Tokens, string>> = {
  input: 'Input',
  output: 'Output',
  cache_read: 'Cache reads',
  cache_write_5m: 'Cache writes, 5 min',
  cache_write_1h: 'Cache writes, 1 h',
}

export function renderTokens({ tokens }: Total): Html {
  const amounts = Object.entries(TOKEN_NAMES).map(([type, name]) => [name, tokens[type as keyof Tokens]] as const)
  const all = amounts.reduce((sum, [, amount]) => sum + amount, 0)
  return html`<dl>
    ${[['Together', all] as const, ...amounts].map(
      ([name, amount]) =>
        html`<div>
          <dt>${name}</dt>
          <dd title="${number(amount)}">${roundNumber(amount)}</dd>
        </div> `,
    )}
  </dl>`
}

export const sinceWhen = ({ since }: Total): string => (since === null ? 'all time' : `since ${fullDay(since)}`)

function renderRecent(noun: string, { top, others }: Ranking, { length }: Stretch): Html {
  const most = top[0]!.usd
  const rows = top.map(
    ({ name, usd, today_usd }) =>
      html`<tr>
        <th scope="row">${named(name)}${bar(usd / most)}</th>
        <td>${money(today_usd)}</td>
        <td>${money(usd)}</td>
      </tr> `,
  )
  const rest = html`<tfoot>
    <tr>
      <th scope="row">${number(others.count)} more</th>
      <td>${money(others.today_usd)}</td>
      <td>${money(others.usd)}</td>
    </tr>
  </tfoot>`
  return html`<table>
    <thead>
      <tr>
        <th scope="col">${noun}</th>
        <th scope="col">Today</th>
        <th scope="col">${length}</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
    ${others.count === 0 ? nothing : rest}
  </table>`
}

function renderEver(noun: string, { top, others }: Ranking, total: Total): Html {
  const most = top[0]!.usd
  const rows = top.map(
    ({ name, usd }) =>
      html`<tr>
        <th scope="row">${named(name)}${bar(usd / most)}</th>
        <td>${money(usd)}</td>
      </tr> `,
  )
  const rest = html`<tfoot>
    <tr>
      <th scope="row">${number(others.count)} more</th>
      <td>${money(others.usd)}</td>
    </tr>
  </tfoot>`
  return html`<table class="ever">
    <thead>
      <tr>
        <th scope="col">${noun}</th>
        <th scope="col">${capital(sinceWhen(total))}</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
    ${others.count === 0 ? nothing : rest}
  </table>`
}

function renderUnpriced({ unpriced, unpriced_others }: Exporter): Html {
  if (unpriced.length === 0) return nothing
  const row = (name: Html, tokens: number): Html =>
    html`<tr>
      <th scope="row">${name}<small title="${count(tokens, 'token')}">${roundNumber(tokens)} tokens</small></th>
      <td class="warn">no price</td>
    </tr> `
  const rows = unpriced.map(({ model, tokens }) => row(named(model), tokens))
  if (unpriced_others.count > 0) rows.push(row(html`${number(unpriced_others.count)} more`, unpriced_others.tokens))
  return html`<table class="unpriced" aria-label="Models without a price">
    <tbody>
      ${rows}
    </tbody>
  </table>`
}

const capital = (text: string): string => text[0]!.toUpperCase() + text.slice(1)

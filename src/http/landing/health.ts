// Renders the health of the exporter: one line at the top of the page, and its numbers at the end.
import type { LogRoot, Summary } from '../summary-schema.js'
import { count, html, number, nothing, type Html } from './html.js'

/** The line at the top. */
export function renderState({ time, exporter }: Summary): Html {
  const { ready, responses, log_files, last_pass, errors } = exporter
  const unpriced = unpricedCount(exporter)
  if (!ready)
    return html`<span class="dot waiting"></span>Reading the logs for the first time; usage appears when that is done.`
  const troubles = [
    ...(total(errors) > 0 ? [count(total(errors), 'error')] : []),
    ...(unpriced > 0 ? [`${count(unpriced, 'model')} without a price`] : []),
  ].map((trouble) => html` · <span class="warn">${trouble}</span>`)
  return html`<span class="dot${exporter.troubles.length > 0 ? ' ill' : ''}"></span>Ready ·
    ${count(responses, 'response')} from
    ${count(log_files, 'log file')}${last_pass === null ? nothing : html` · checked ${ago(last_pass, time)}`}${troubles}`
}

export function renderHealth({ time, exporter }: Summary): Html {
  const { ready, last_pass, last_push, log_files, responses, errors, skipped_lines, unpriced, unpriced_others, roots } =
    exporter
  const places = roots.map(({ agent, path, access }) => {
    const word = ACCESS[access]
    // A default directory may be missing without harm; if it should exist, the troubles at the top say so.
    const note =
      word === undefined ? nothing : html` <span${access === 'missing' ? nothing : html` class="warn"`}>${word}</span>`
    return html`<li><span class="agent">${agent}</span> <code>${path}</code>${note}</li> `
  })
  const models = unpriced.map(({ model, tokens }) => `${model}: ${count(tokens, 'token')}`)
  if (unpriced_others.count > 0)
    models.push(`${number(unpriced_others.count)} more: ${count(unpriced_others.tokens, 'token')}`)
  const pushed =
    last_push === undefined
      ? nothing
      : fact('Last push accepted', last_push === null ? 'not yet' : ago(last_push, time), [], last_push === null)
  return html`<dl>
      ${fact('Ready', ready ? 'yes' : 'not yet')}
      ${fact('Last full pass', last_pass === null ? '–' : ago(last_pass, time))} ${pushed}
      ${fact('Log files', number(log_files))} ${fact('Responses', number(responses))}
      ${fact('Errors', ...sums(errors), total(errors) > 0)} ${fact('Lines skipped', ...sums(skipped_lines))}
      ${fact('Unpriced models', number(unpricedCount(exporter)), models, models.length > 0)}
    </dl>
    <h3>Log directories</h3>
    <ul>
      ${places}
    </ul>
    ${unpriced.length === 0 ? nothing : pricesHint}`
}

const ACCESS: Readonly<Record<LogRoot['access'], string | undefined>> = {
  read: undefined,
  empty: 'empty',
  partial: 'partly unreadable',
  unreadable: 'unreadable',
  unreachable: 'cannot be entered or listed',
  missing: 'not found',
}

/** Readable names of skip reasons; the other reasons are shown as they are. */
const SKIPPED: Readonly<Record<string, string>> = {
  invalid_json: 'not JSON',
  invalid_utf8: 'not UTF-8',
  nul_bytes: 'NUL bytes',
  synthetic: 'messages made by the agent itself',
  api_error: 'API errors',
  no_tokens: 'no tokens',
}

const pricesHint = html`<p>
  Tokens of a model without a price count, but cost nothing until <code>--prices.file=FILE</code> names its price.
</p> `

const unpricedCount = ({ unpriced, unpriced_others }: Summary['exporter']): number =>
  unpriced.length + unpriced_others.count

/** @param details shown below the value, a line each */
function fact(name: string, value: string, details: readonly string[] = [], bad = false): Html {
  return html`<div><dt>${name}</dt><dd><span${bad ? html` class="warn"` : nothing}>${value}</span>${details.map(
    (detail) => html`<small><bdi>${detail}</bdi></small>`,
  )}</dd></div>`
}

/** The sum, and a text for each part that is not 0. */
function sums(counts: Readonly<Record<string, number>>): [string, readonly string[]] {
  const parts = Object.entries(counts).filter(([, value]) => value > 0)
  return [
    number(total(counts)),
    parts.map(([name, value]) => `${SKIPPED[name] ?? name.replaceAll('_', ' ')}: ${number(value)}`),
  ]
}

const total = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, value) => sum + value, 0)

function ago(then: string, now: string): string {
  const seconds = Math.max(0, Math.round((Date.parse(now) - Date.parse(then)) / 1000))
  if (seconds < 120) return `${seconds} s ago`
  return seconds < 7200 ? `${Math.round(seconds / 60)} min ago` : `${Math.round(seconds / 3600)} h ago`
}

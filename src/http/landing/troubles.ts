// Renders the current troubles and their remedies at the top of the page.
import type { Summary } from '../summary-schema.js'
import { html, nothing, type Html } from './html.js'

/** The options that name an agent's directories. */
export interface DirectoryNames {
  readonly agent: string
  /** Display name of the agent. */
  readonly name: string
  /** Without `--`. */
  readonly flag: string
  /** The agent's own environment variable. */
  readonly variable: string | undefined
}

/** @param directories of all agents; only the agents that the exporter looks for are shown */
export function renderTroubles(
  { exporter: { troubles, roots } }: Summary,
  directories: readonly DirectoryNames[],
): Html {
  if (troubles.length === 0) return nothing
  const none = roots.length > 0 && roots.every(({ access }) => access === 'missing' || access === 'empty')
  const closed = roots.some(({ access }) => access === 'unreachable' || access === 'unreadable' || access === 'partial')
  const items = troubles.map(
    ({ path, text }) =>
      html`<li>${path === undefined ? nothing : html`<code>${path}</code> `}${capital(text, path === undefined)}</li> `,
  )
  return html`<div class="troubles">
    <h2>${none ? 'No logs found' : closed ? 'Not everything can be read' : 'Something is wrong'}</h2>
    <ul>
      ${items}
    </ul>
    ${none ? noLogs(directories.filter(({ agent }) => roots.some((root) => root.agent === agent))) : nothing}${closed ? noPermission : nothing}
  </div>`
}

const capital = (text: string, wanted: boolean): string => (wanted ? text[0]!.toUpperCase() + text.slice(1) : text)

/** With more agents than this, environment variables are not shown. */
const FEW = 2

const noLogs = (directories: readonly DirectoryNames[]): Html =>
  html`<p>
    They appear here as soon as an agent has been used. If they lie elsewhere, name the directory with
    ${directories.map(
      ({ name, flag, variable }, index) =>
        html`${index === 0 ? nothing : ', '}<code>--${flag}=DIR</code>${
          variable === undefined || directories.length > FEW ? nothing : html` or <code>${variable}</code>`
        }${directories.length === 1 ? nothing : ` for ${name}`}`,
    )};
    in a container, mount it first.
  </p> `
const noPermission = html`<p>
  Run the exporter as the owner of the logs (in a container with <code>--user</code>, under rootless podman with
  <code>--userns=keep-id</code>, too), or let a group or an ACL read them. Its log names owner and mode.
</p> `

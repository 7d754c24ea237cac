// A board: its variables, links to the other boards, the alerts that fired, and its panels, with ids in their order.
import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard'
import { DATASOURCE } from './panels.js'

/** All boards have it; by it they link to each other, so that none has to know another's id. */
const TAG = 'agent-usage'

/** A panel that does not have its id yet. */
interface Panel extends Builder<dashboard.Panel> {
  id(id: number): this
}

export interface Section {
  /** Absent on top of a board. */
  readonly title?: string
  /** Closed until the reader opens it; its queries run only then. Closed sections come last. */
  readonly collapsed?: boolean
  /** From left to right; 24 columns make a line. */
  readonly panels: readonly Panel[]
}

export interface BoardOptions {
  /** By which links and bookmarks find it, and an import replaces it. */
  readonly uid: string
  readonly title: string
  readonly description: string
  /** How often it asks for everything again. */
  readonly refresh: string
  readonly variables: readonly (dashboard.QueryVariableBuilder | dashboard.CustomVariableBuilder)[]
  readonly sections: readonly Section[]
}

export function board({ uid, title, description, refresh, variables, sections }: BoardOptions): dashboard.Dashboard {
  const built = new dashboard.DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags([TAG])
    .time({ from: 'now-6h', to: 'now' })
    .refresh(refresh)
    .timezone('browser')
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .link(otherBoards())
    .link(runbooks())
    .annotation(firingAlerts())
    .withVariable(new dashboard.DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'))
  for (const variable of variables) built.withVariable(variable)
  built.withVariable(runbooksAddress())
  built.withVariable(new dashboard.AdHocVariableBuilder('filter').label('Machines with').datasource(DATASOURCE))
  let id = 0
  for (const section of sections) {
    const row = section.title === undefined ? undefined : new dashboard.RowBuilder(section.title).id((id += 1))
    const panels = section.panels.map((panel) => panel.id((id += 1)))
    if (row === undefined) for (const panel of panels) built.withPanel(panel)
    else if (section.collapsed === true) {
      for (const panel of panels) row.withPanel(panel)
      built.withRow(row.collapsed(true))
    } else {
      built.withRow(row.collapsed(false))
      for (const panel of panels) built.withPanel(panel)
    }
  }
  return built.build()
}

/** Values of a label, of which the reader chooses some or all. */
export function choice(name: string, label: string, series: string): dashboard.QueryVariableBuilder {
  return variable(name, label, `label_values(${series},${name})`)
}

/** Of which the reader chooses one, the first unless another. */
export function alternatives(name: string, label: string, values: readonly string[]): dashboard.CustomVariableBuilder {
  const options = values.map((value, index) => ({ text: value, value, selected: index === 0 }))
  return new dashboard.CustomVariableBuilder(name)
    .label(label)
    .values(values.join(','))
    .options(options)
    .current({ text: values[0]!, value: values[0]! })
}

/** Values of `instance`. Where that is a UUID, as in pushes, and there is a label `host_name`, the reader sees this one. */
export function machineChoice(): dashboard.QueryVariableBuilder {
  const seen = 'max by (host_name, instance) (last_over_time(agent_usage_exporter_build_info[$__range]))'
  return variable('instance', 'Machine', `query_result(${seen})`).regex(
    '/host_name="(?<text>[^"]+)|\\binstance="(?<value>[^"]+)/g',
  )
}

function variable(name: string, label: string, query: string): dashboard.QueryVariableBuilder {
  return new dashboard.QueryVariableBuilder(name)
    .label(label)
    .datasource(DATASOURCE)
    .query(query)
    .refresh(dashboard.VariableRefresh.OnTimeRangeChanged)
    .sort(dashboard.VariableSort.AlphabeticalCaseInsensitiveAsc)
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current({ text: ['All'], value: ['$__all'] })
}

function otherBoards(): dashboard.DashboardLinkBuilder {
  return new dashboard.DashboardLinkBuilder('Agent usage')
    .type(dashboard.DashboardLinkType.Dashboards)
    .tags([TAG])
    .asDropdown(false)
    .includeVars(true)
    .keepTime(true)
}

/** What each alert means and what to do, where rules/links.yaml says it is. */
function runbooks(): dashboard.DashboardLinkBuilder {
  return new dashboard.DashboardLinkBuilder('Runbooks')
    .type(dashboard.DashboardLinkType.Link)
    .icon('doc')
    .tooltip('What each alert means, where to look and what to do')
    .url('${runbooks}')
    .targetBlank(true)
}

function runbooksAddress(): dashboard.QueryVariableBuilder {
  return new dashboard.QueryVariableBuilder('runbooks')
    .datasource(DATASOURCE)
    .query('label_values(all:agent_usage_links:info, runbooks)')
    .refresh(dashboard.VariableRefresh.OnDashboardLoad)
    .hide(dashboard.VariableHide.HideVariable)
}

/** Those of the chosen machines; alerts on a team's budget belong to all, and have no instance. */
function firingAlerts(): dashboard.AnnotationQueryBuilder {
  return new dashboard.AnnotationQueryBuilder()
    .name('Alerts')
    .datasource(DATASOURCE)
    .enable(true)
    .iconColor('red')
    .expr(
      // One label for the text: of a label that is not there, Grafana would show the name.
      `label_join(
  label_replace(
    label_replace(
      ALERTS{alertname=~"AgentUsage.*",alertstate="firing",instance=~"$instance|"},
      "machine", "$1", "instance", "(.*)"
    ),
    "machine", "$1", "host_name", "(.+)"
  ),
  "about", " ", "severity", "machine", "agent", "budget", "project", "model", "stage"
)`,
    )
    .titleFormat('{{alertname}}')
    .textFormat('{{about}}')
    .step('60s')
}

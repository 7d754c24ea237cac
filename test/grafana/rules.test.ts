// The rules, checked by promtool. Every alert has a severity, a delay, a number in its description, three kinds of tests,
// and a runbook.
import { readFileSync, readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { PROMTOOLS, run } from '../support/tool.js'
import { boardNames, grafanaFolder } from './boards.js'
import { ruleFiles, rulesOf, type Rule } from './expressions.js'

interface RuleTest {
  readonly name: string
  readonly alert_rule_test?: readonly {
    readonly alertname: string
    readonly exp_alerts: readonly { readonly exp_labels: { readonly severity: string } }[]
  }[]
}

const testFiles = readdirSync(`${grafanaFolder}rules/tests`)
const tests = testFiles.flatMap(
  (file) => (parse(readFileSync(`${grafanaFolder}rules/tests/${file}`, 'utf8')) as { tests: RuleTest[] }).tests,
)
const rules: Rule[] = ruleFiles.flatMap(rulesOf)
const alerts = rules.filter((rule) => rule.alert !== undefined)
/** The series that rules/links.yaml records. */
const LINKS = 'all:agent_usage_links:info'
/** The template by which an annotation reads an address from that series. */
const address = (label: string, otherwise = ''): string =>
  `{{ with query "${LINKS}" }}{{ . | first | label "${label}" }}${otherwise}{{ end }}`
const runbooks = readFileSync(`${grafanaFolder}runbooks.md`, 'utf8')

it.for(PROMTOOLS)('%s accepts the rules', (promtool, context) => {
  const said = run(
    context,
    promtool,
    ['check', 'rules', '--lint=all', '--lint-fatal', ...ruleFiles.map((file) => `rules/${file}.yaml`)],
    grafanaFolder,
  )
  expect(said).toMatchObject({ status: 0 })
})

it.for(PROMTOOLS.flatMap((promtool) => testFiles.map((file) => [promtool, file] as const)))(
  '%s test rules succeeds for %s',
  ([promtool, file], context) => {
    expect(run(context, promtool, ['test', 'rules', file], `${grafanaFolder}rules/tests`)).toMatchObject({ status: 0 })
  },
)

it.each(alerts)(
  '$alert ($labels.severity) has a severity, a delay, a number, a runbook and a board',
  ({ alert, labels, annotations, for: delay }) => {
    expect(alert).toMatch(/^AgentUsage([A-Z][a-z]+)+$/)
    expect(['info', 'warning', 'critical']).toContain(labels?.['severity'])
    expect(delay).toMatch(/^\d+[mh]$/)
    expect(Object.keys(annotations!).sort()).toEqual(['dashboard_url', 'description', 'runbook_url', 'summary'])
    // The description has a number: the value of the alert, or one that it queries.
    expect(annotations!['description']).toMatch(/\$value|query/)
    expect(annotations!['runbook_url']).toBe(
      `${address('runbooks', '{{ else }}grafana/runbooks.md')}#${alert!.toLowerCase()}`,
    )
    const [, board] = /^\/d\/agent-usage-(\w+)[?{]/.exec(
      annotations!['dashboard_url']!.replace(address('grafana'), ''),
    )!
    expect(boardNames).toContain(board)
  },
)

it.each([...new Set(alerts.map(({ alert }) => alert!))])(
  '%s has tests that it fires, and that it stays silent just below the threshold and without data',
  (alert) => {
    const names = tests.map(({ name }) => name).filter((name) => name.startsWith(`${alert} `))
    expect(names).toEqual(
      expect.arrayContaining([
        expect.stringContaining('fires'),
        `${alert} stays silent just below`,
        expect.stringContaining('without data'),
      ]),
    )
    const fired = tests.flatMap(({ alert_rule_test: all = [] }) => all).filter(({ alertname }) => alertname === alert)
    const severities = new Set(
      fired.flatMap(({ exp_alerts }) => exp_alerts.map(({ exp_labels }) => exp_labels.severity)),
    )
    expect(severities).toEqual(
      new Set(alerts.filter((rule) => rule.alert === alert).map(({ labels }) => labels!['severity'])),
    )
    expect(fired.some(({ exp_alerts }) => exp_alerts.length === 0)).toBe(true)
  },
)

it('recording rules are named level:metric:operations', () => {
  for (const { record } of rules)
    if (record !== undefined) expect(record).toMatch(/^(all|budget|instance|project):agent_usage_\w+:[a-z]\w*$/)
})

it('addresses that alerts and boards link to are set in rules/links.yaml only', () => {
  const [links] = rulesOf('links')
  expect(links).toMatchObject({ record: LINKS, labels: { grafana: expect.stringMatching(/^http/) as string } })
  // No other rule file contains an address.
  for (const file of ruleFiles.filter((name) => name !== 'links'))
    expect(readFileSync(`${grafanaFolder}rules/${file}.yaml`, 'utf8')).not.toMatch(/https?:/)
})

it('every alert has a runbook, and every runbook an alert', () => {
  const headings = [...runbooks.matchAll(/^## (\w+)$/gm)].map(([, heading]) => heading!)
  expect(headings.sort()).toEqual([...new Set(alerts.map(({ alert }) => alert!))].sort())
  for (const section of runbooks.split(/^## /m).slice(1)) {
    expect(section).toMatch(/\*\*Means\.\*\*[\s\S]+\*\*Look\.\*\*[\s\S]+\*\*Do\.\*\*/)
  }
})

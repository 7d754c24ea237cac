// Boards and rules query only what exists: every metric and label is in the catalogue, is recorded by a rule, or comes
// with every Node.js program or every scrape.
import { Registry, collectDefaultMetrics } from 'prom-client'
import { expect, it } from 'vitest'
import { EXPORTER, PUSH, USAGE, type Definition } from '../../src/metrics/catalogue.js'
import { expressions, ruleFiles, rulesOf } from './expressions.js'
import { named } from './promql.js'

/** Labels of every scrape and push, and those that grafana/README.md suggests. */
const TARGET = ['job', 'instance', 'host_name', 'user', 'team', 'sleeps']

const known = new Map<string, readonly string[]>([
  ['up', TARGET],
  ['ALERTS', [...TARGET, 'alertname', 'alertstate', 'severity']],
  ...nodeMetrics().map((name) => [name, TARGET] as const),
  ...[
    ...Object.values<Definition>(USAGE),
    ...Object.values<Definition>(EXPORTER),
    ...Object.values<Definition>(PUSH),
  ].flatMap(seriesOf),
])
const recorded = ruleFiles.flatMap(rulesOf).flatMap(({ record }) => record ?? [])
/** Labels that recording rules add to those of their source metrics; `name` is added by a panel. */
const OWN = ['window', 'week', 'limit', 'name']
const anyLabel = new Set([...[...known.values()].flat(), ...OWN])

it.each(expressions())('$place names known metrics and labels', ({ expr }) => {
  const { selectors, grouping } = named(expr)
  for (const { metric, labels } of selectors) {
    expect([...known.keys(), ...recorded]).toContain(metric)
    for (const label of labels) expect([...(known.get(metric) ?? anyLabel)], `labels of ${metric}`).toContain(label)
  }
  for (const label of grouping) expect([...anyLabel]).toContain(label)
})

it('the parser finds every metric and label, and rejects what is not PromQL', () => {
  expect(named('sum by (team) (rate(agent_usage_tokens_total{kind="input"}[5m]))')).toEqual({
    selectors: [{ metric: 'agent_usage_tokens_total', labels: ['kind'] }],
    grouping: ['team'],
  })
  expect(() => named('sum(rate(x[5m])')).toThrow('not PromQL')
})

it('every usage metric of the catalogue is shown on a board', () => {
  const shown = new Set(
    expressions()
      .filter(({ kind }) => kind === 'panel')
      .flatMap(({ expr }) => named(expr).selectors.map(({ metric }) => metric)),
  )
  for (const { name } of Object.values(USAGE)) expect([...shown]).toContain(name)
})

function seriesOf({ name, type, labels }: Definition): (readonly [string, readonly string[]])[] {
  const all = [...TARGET, ...labels]
  if (type !== 'histogram') return [[name, all]]
  return [
    [`${name}_bucket`, [...all, 'le']],
    [`${name}_sum`, all],
    [`${name}_count`, all],
  ]
}

function nodeMetrics(): string[] {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  return registry.getMetricsAsArray().map(({ name }) => name)
}

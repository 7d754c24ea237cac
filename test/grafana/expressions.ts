// Every expression that we ship: of panels, annotations, variables, recording rules, alerts and the README, ready to be run.
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { boardNames, grafanaFolder, panelsOf, readBoard } from './boards.js'

export const ruleFiles = ['spend', 'exporter'] as const

export interface Rule {
  readonly record?: string
  readonly alert?: string
  readonly expr: string
  readonly for?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
}

export interface Expression {
  /** For people, for example `spend.json: Today`. */
  readonly place: string
  readonly kind: 'panel' | 'annotation' | 'variable' | 'record' | 'alert' | 'example'
  /** A range query; otherwise an instant one. */
  readonly range: boolean
  /** PromQL, with Grafana's variables put in. */
  readonly expr: string
}

export function rulesOf(file: (typeof ruleFiles)[number]): Rule[] {
  const text = readFileSync(`${grafanaFolder}rules/${file}.yaml`, 'utf8')
  const { groups } = parse(text, { merge: true }) as { groups: { rules: Rule[] }[] }
  return groups.flatMap(({ rules }) => rules)
}

export function expressions(): Expression[] {
  const ofBoards = boardNames.flatMap((name): Expression[] => {
    const board = readBoard(name)
    const place = (title: string): string => `${name}.json: ${title}`
    return [
      ...panelsOf(board).flatMap(({ title, targets = [] }) =>
        targets.map(({ refId, expr, range = false }) => ({
          place: place(`${title} ${refId}`),
          kind: 'panel' as const,
          range,
          expr: chosen(expr),
        })),
      ),
      ...board.templating.list.flatMap(({ name: variable, query }) => {
        // The others ask for values of a label.
        const [, expr] = /^query_result\((.+)\)$/.exec(query ?? '') ?? []
        if (expr === undefined) return []
        return [{ place: place(`variable ${variable}`), kind: 'variable' as const, range: false, expr: chosen(expr) }]
      }),
      ...board.annotations.list.map(({ expr }) => ({
        place: place('alerts'),
        kind: 'annotation' as const,
        range: true,
        expr: chosen(expr),
      })),
    ]
  })
  const ofRules = ruleFiles.flatMap((file) =>
    rulesOf(file).map(({ record, alert, expr }): Expression => ({
      place: `${file}.yaml: ${record ?? alert!}`,
      kind: record === undefined ? 'alert' : 'record',
      range: false,
      expr,
    })),
  )
  return [...ofBoards, ...ofRules, ...examples()]
}

/** What the README proposes to ask. */
function examples(): Expression[] {
  const readme = readFileSync(`${grafanaFolder}../README.md`, 'utf8')
  const table = /^\| question \| PromQL \|\n(.*?)\n\n/ms.exec(readme)![1]!
  return [...table.matchAll(/^\| (.+) \| `(.+)` \|$/gm)].map(([, question, expr]) => ({
    place: `README.md: ${question!}`,
    kind: 'example',
    range: false,
    expr: expr!,
  }))
}

/** As Grafana would send it, with All chosen in each variable, over an hour. */
function chosen(expr: string): string {
  const grafana: Readonly<Record<string, string>> = { __rate_interval: '1m', __range: '3600s' }
  return expr.replaceAll(/\$([a-z_]\w*)/gi, (_, name: string) => grafana[name] ?? '.*')
}

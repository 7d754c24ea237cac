// Every expression that we ship, ready to be evaluated: panels, annotations, variables, recording rules, alerts, the README.
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { boardNames, grafanaFolder, panelsOf, readBoard, type Board } from './boards.js'

export const ruleFiles = ['links', 'spend', 'exporter'] as const

export interface Rule {
  readonly record?: string
  readonly alert?: string
  readonly expr: string
  readonly for?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
}

export interface Expression {
  /** Readable place, for example `spend.json: Today`. */
  readonly place: string
  readonly kind: 'panel' | 'annotation' | 'variable' | 'record' | 'alert' | 'example'
  /** True for a range query, false for an instant query. */
  readonly range: boolean
  /** True if it is evaluated at each midnight of the board. */
  readonly daily?: boolean
  /** PromQL with Grafana's variables replaced. */
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
      ...panelsOf(board).flatMap(({ title, interval, targets = [] }) =>
        targets.flatMap(({ refId, expr, range = false }) =>
          alternatives(board, `${title} ${refId}`, expr).map(([each, text]) => ({
            place: place(each),
            kind: 'panel' as const,
            range,
            daily: interval === '1d',
            expr: chosen(text),
          })),
        ),
      ),
      ...board.templating.list.flatMap(({ name: variable, query }) => {
        // Other variables query label values.
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

/** The questions and answers in PromQL of the README. */
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

/** Title and expression for each fixed option of a variable. */
function alternatives({ templating }: Board, title: string, expr: string): (readonly [title: string, expr: string])[] {
  const custom = templating.list.find(({ name, type }) => type === 'custom' && expr.includes(`$${name}`))
  if (custom === undefined) return [[title, expr]]
  const put = (text: string, value: string): string => text.replaceAll(`$${custom.name}`, value)
  return custom.options!.map(({ value }) => [put(title, value), put(expr, value)])
}

/** The expression as Grafana sends it, with All selected in each variable and a range of one hour. */
function chosen(expr: string): string {
  const grafana: Readonly<Record<string, string>> = { __rate_interval: '1m', __range: '3600s' }
  return expr.replaceAll(/\$([a-z_]\w*)/gi, (_, name: string) => grafana[name] ?? '.*')
}

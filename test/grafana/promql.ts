// The names in a PromQL expression: metrics, the labels of their selectors, and the labels it groups by.
import type { SyntaxNode } from '@lezer/common'
import { parser } from '@prometheus-io/lezer-promql'

export interface Selector {
  readonly metric: string
  readonly labels: readonly string[]
}

export interface Named {
  readonly selectors: readonly Selector[]
  /** Labels after by, without, on, ignoring and group_left. */
  readonly grouping: readonly string[]
}

/** @throws Error if `expr` is not PromQL; the message has the expression and the place. */
export function named(expr: string): Named {
  const tree = parser.parse(expr)
  const text = (node: SyntaxNode): string => expr.slice(node.from, node.to)
  const selectors: Selector[] = []
  const grouping: string[] = []
  tree.iterate({
    enter({ node, type, from }) {
      if (type.isError) throw new Error(`not PromQL at ${from}: ${expr}`)
      if (type.name === 'VectorSelector') {
        const matchers = node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? []
        selectors.push({
          metric: text(node.getChild('Identifier')!),
          labels: matchers.map((matcher) => text(matcher.getChild('LabelName')!)),
        })
      }
      if (type.name === 'GroupingLabels') grouping.push(...node.getChildren('LabelName').map(text))
    },
  })
  return { selectors, grouping }
}

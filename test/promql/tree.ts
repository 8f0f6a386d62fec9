import type { SyntaxNode } from '@lezer/common'
import { parser } from '@prometheus-io/lezer-promql'

/** Durations and intervals that Grafana fills in; the parser wants numbers. */
const variables: Readonly<Record<string, string>> = {
  $__rate_interval: '5m',
  $__interval: '1m',
  $__range: '1d',
}

export interface Parsed {
  root: SyntaxNode
  text(node: SyntaxNode): string
  errors: string[]
}

export function parse(expression: string): Parsed {
  const text = Object.entries(variables).reduce(
    (before, [name, value]) => before.replaceAll(name, value),
    expression,
  )
  const tree = parser.parse(text)
  const errors: string[] = []
  tree.iterate({
    enter(node) {
      if (!node.type.isError) return
      errors.push(`syntax: near "${text.slice(Math.max(0, node.from - 20), node.to + 20)}"`)
    },
  })
  return {
    root: tree.topNode.firstChild ?? tree.topNode,
    text: node => text.slice(node.from, node.to),
    errors,
  }
}

export function children(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = []
  for (let child = node.firstChild; child; child = child.nextSibling) found.push(child)
  return found
}

/** Names in a `by (…)`, `on (…)` or `group_left (…)`. */
export function names({ text }: Parsed, grouping: SyntaxNode | null | undefined): string[] {
  return grouping ? grouping.getChildren('LabelName').map(text) : []
}

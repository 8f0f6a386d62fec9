import { parser } from '@prometheus-io/lezer-promql'

/** The series that an expression reads, each with its matchers. */
export function selectors(expr: string): string[] {
  const found = new Set<string>()
  parser.parse(expr).iterate({
    enter(node) {
      if (node.name === 'VectorSelector') found.add(expr.slice(node.from, node.to).trim())
    },
  })
  return [...found]
}

import type { SyntaxNode } from '@lezer/common'
import type { Type } from './check.ts'
import { names, type Parsed } from './tree.ts'

const sets = ['And', 'Or', 'Unless'] as const
const comparisons = ['EqlC', 'Neq', 'Lss', 'Gtr', 'Lte', 'Gte', 'EqlSingle'] as const

/**
 * What `left operator right` gives. Between two vectors labels are named with `on`, and the side
 * that must be single is single by construction: all its labels are among those named.
 */
export function matching(
  parsed: Parsed,
  node: SyntaxNode,
  left: Type,
  right: Type,
  problems: string[],
): Type {
  const set = sets.find(name => node.getChild(name))
  const shown = parsed.text(node).replaceAll(/\s+/g, ' ').slice(0, 80)
  if (!set && (left.counter || right.counter)) {
    problems.push(`a counter is calculated with as it is: ${shown}`)
  }
  if (left.is === 'scalar' || right.is === 'scalar') {
    const vector = left.is === 'scalar' ? right : left
    return { ...vector, counter: false }
  }
  if (set === 'Or') return either(left, right, shown, problems)

  const clause = node.getChild('MatchingModifierClause')
  const [grouping, included] = clause?.getChildren('GroupingLabels') ?? []
  const on = names(parsed, grouping)
  if (!clause?.getChild('On')) {
    problems.push(`two vectors meet without on (…): ${shown}`)
    return left
  }
  for (const label of on) {
    for (const side of [left, right]) {
      if (!side.labels.has(label)) problems.push(`${label} is missing on one side of ${shown}`)
    }
  }
  if (set) return left
  const toLeft = Boolean(clause.getChild('GroupLeft'))
  const toRight = Boolean(clause.getChild('GroupRight'))
  const single = toLeft ? [right] : toRight ? [left] : [left, right]
  const carried = names(parsed, included)
  for (const side of single) {
    const more = [...side.labels].filter(label => !on.includes(label) && !carried.includes(label))
    if (more.length > 0) problems.push(`many to many by ${more.join(', ')}: ${shown}`)
  }
  const many = toRight ? right : left
  const compared = comparisons.some(name => node.getChild(name))
  const labels = compared && !toLeft && !toRight ? left.labels : many.labels
  return { is: 'vector', labels: new Set([...labels, ...carried]), counter: false }
}

/** Both sides of `or` must carry the same labels, or one thing shows up twice. */
function either(left: Type, right: Type, shown: string, problems: string[]): Type {
  const all = [...left.labels, ...right.labels]
  const different = all.filter(label => !left.labels.has(label) || !right.labels.has(label))
  if (different.length > 0) problems.push(`or of other labels (${different.join(', ')}): ${shown}`)
  return { ...left, counter: left.counter || right.counter }
}

import type { SyntaxNode } from '@lezer/common'
import { matching } from './matching.ts'
import { type KnownSeries, scraped } from './series.ts'
import { children, names, type Parsed, parse } from './tree.ts'

/** What an expression gives: which labels its series can carry, and whether it is a bare counter. */
export interface Type {
  is: 'scalar' | 'vector' | 'matrix' | 'string'
  labels: ReadonlySet<string>
  /** Its values are those of a counter that only grows: nothing to compare or to show. */
  counter: boolean
}

export interface Checked {
  problems: string[]
  type: Type
  /** Names of the series that it selects. */
  selects: Set<string>
}

export interface CheckOptions {
  series?: KnownSeries
  /** Rules name the metric alone: a matcher on job or instance is a problem. Dashboards need them. */
  bare?: boolean
}

const ofCounters = new Set(['Rate', 'Increase', 'Irate', 'Resets'])
const ofGauges = new Set(['Delta', 'Idelta', 'Deriv', 'PredictLinear', 'HoltWinters'])
/** Whether a counter is there, or where it stands, without comparing it. */
const ofBoth = new Set([
  'Absent',
  'AbsentOverTime',
  'CountOverTime',
  'PresentOverTime',
  'Timestamp',
])
/** Seconds that a plain look goes back; what is written as seldom is missed when it comes late. */
const lookback = 300
const scalars = new Set(['Time', 'Scalar', 'Pi'])

/** Parses an expression and says what is wrong with it; without problems it can be believed. */
export function check(expression: string, options: CheckOptions = {}): Checked {
  const known = options.series ?? scraped
  const parsed = parse(expression)
  const problems = [...parsed.errors]
  const selects = new Set<string>()
  const { text } = parsed
  const scalar: Type = { is: 'scalar', labels: new Set(), counter: false }

  function typeOf(node: SyntaxNode): Type {
    switch (node.name) {
      case 'ParenExpr':
      case 'StepInvariantExpr':
      case 'OffsetExpr':
      case 'UnaryExpr':
        return first(node)
      case 'MatrixSelector':
      case 'SubqueryExpr':
        return { ...first(node), is: 'matrix' }
      case 'VectorSelector':
        return selector(node)
      case 'FunctionCall':
        return call(node)
      case 'AggregateExpr':
        return aggregate(node)
      case 'BinaryExpr':
        return binary(node)
      case 'StringLiteral':
        return { ...scalar, is: 'string' }
      default:
        return scalar
    }
  }

  function expressions(node: SyntaxNode): SyntaxNode[] {
    return children(node).filter(
      ({ name }) =>
        /Expr$|Selector$|^FunctionCall$|Literal$/.test(name) &&
        !/^(Duration|OffsetDuration)/.test(name),
    )
  }

  function first(node: SyntaxNode): Type {
    const [inner] = expressions(node)
    return inner ? typeOf(inner) : scalar
  }

  function selector(node: SyntaxNode): Type {
    const identifier = node.getChild('Identifier')
    const name = identifier ? text(identifier) : ''
    const series = known.get(name)
    if (!series) {
      problems.push(`unknown series ${name || text(node)}`)
      return { is: 'vector', labels: new Set(), counter: false }
    }
    selects.add(name)
    if ((series.every ?? 0) > lookback / 1.2 && node.parent?.name !== 'MatrixSelector') {
      problems.push(`${name} is written every ${series.every} s: read it over a range`)
    }
    const labels = new Set(series.labels)
    for (const matcher of node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ??
      []) {
      const label = text(matcher.getChild('LabelName')!)
      if (!labels.has(label)) problems.push(`${name} has no label ${label}`)
      if (options.bare && (label === 'instance' || (label === 'job' && name !== 'up'))) {
        problems.push(`${name} is selected by ${label}: name the metric alone`)
      }
    }
    return { is: 'vector', labels, counter: series.kind === 'counter' }
  }

  function call(node: SyntaxNode): Type {
    const name = node.getChild('FunctionIdentifier')?.firstChild?.name ?? ''
    const args = expressions(node.getChild('FunctionCallBody') ?? node)
    const types = args.map(typeOf)
    const subject = types.find(({ is }) => is === 'vector' || is === 'matrix')
    if (scalars.has(name) || !subject)
      return { ...scalar, is: name === 'Vector' ? 'vector' : 'scalar' }
    const counter = subject.counter
    if (ofCounters.has(name) && !counter) problems.push(`${name} over a gauge: ${text(node)}`)
    if (ofGauges.has(name) && counter) problems.push(`${name} over a counter: ${text(node)}`)
    if (name === 'Absent' || name === 'AbsentOverTime') {
      return { is: 'vector', labels: matched(args[0]!), counter: false }
    }
    const labels = new Set(subject.labels)
    if (name === 'LabelReplace' || name === 'LabelJoin') labels.add(text(args[1]!).slice(1, -1))
    const still = counter && !ofCounters.has(name) && !ofBoth.has(name)
    return { is: 'vector', labels, counter: still }
  }

  /** absent() carries what its selector says with `=`. */
  function matched(node: SyntaxNode): Set<string> {
    const matchers = node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? []
    const equal = matchers.filter(one => one.getChild('MatchOp')?.firstChild?.name === 'EqlSingle')
    return new Set(equal.map(one => text(one.getChild('LabelName')!)))
  }

  function aggregate(node: SyntaxNode): Type {
    const operator = node.getChild('AggregateOp')?.firstChild?.name ?? ''
    const args = expressions(node.getChild('FunctionCallBody') ?? node)
    const inner = args.map(typeOf).find(({ is }) => is === 'vector') ?? scalar
    const modifier = node.getChild('AggregateModifier')
    const grouping = names(parsed, modifier?.getChild('GroupingLabels'))
    for (const label of grouping) {
      if (!inner.labels.has(label))
        problems.push(`${label} is gone before ${text(node).slice(0, 60)}`)
    }
    const keeps = ['Topk', 'Bottomk', 'Limitk'].includes(operator)
    const counts = operator === 'Count' || operator === 'Group' || operator === 'CountValues'
    const without = modifier?.getChild('Without')
    const labels = keeps
      ? inner.labels
      : without
        ? new Set([...inner.labels].filter(label => !grouping.includes(label)))
        : new Set(grouping)
    return { is: 'vector', labels, counter: inner.counter && !counts }
  }

  function binary(node: SyntaxNode): Type {
    const [left, right] = expressions(node).map(typeOf)
    if (!left || !right) return scalar
    return matching(parsed as Parsed, node, left, right, problems)
  }

  const type = parsed.errors.length > 0 ? scalar : typeOf(parsed.root)
  if (type.counter && type.is === 'vector')
    problems.push('a counter is shown as it is: use increase')
  return { problems, type, selects }
}

import type { z } from 'zod'
import { managers } from '../managers/index.ts'
import { suggestion } from './known-keys.ts'
import { type Finding, type Path, problem } from './problem.ts'

type Issue = z.core.$ZodIssue

/** The value at a path of plain data; undefined where the path ends early. */
export function valueAt(value: unknown, path: Path): unknown {
  let at: unknown = value
  for (const part of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part)) return undefined
    at = (at as Record<string | number, unknown>)[part]
  }
  return at
}

const nouns: Readonly<Record<string, string>> = {
  string: 'a text in quotation marks',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list in [brackets]',
  object: 'a table',
}

/** Words for what zod finds by itself; a message that a schema brings goes before these. */
export function defaultMessage(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `write ${nouns[issue.expected] ?? issue.expected}`
    case 'invalid_value':
      return `write ${issue.values.map(value => JSON.stringify(value)).join(' or ')}`
    case 'too_small':
      return issue.origin === 'number' || issue.origin === 'int'
        ? `write ${issue.minimum} or more`
        : 'must not be empty'
    case 'too_big':
      return issue.origin === 'number' || issue.origin === 'int'
        ? `write ${issue.maximum} or less`
        : `is longer than ${issue.maximum}`
    case 'invalid_format':
      return `does not look as expected${issue.pattern ? ` (${issue.pattern})` : ''}`
    default:
      return issue.message ?? 'is not what is expected here'
  }
}

/** One zod issue as findings: a sentence each that says what is wrong and what to write. */
export function findings(issue: Issue, raw: unknown): Finding[] {
  const path = issue.path.map(part => (typeof part === 'symbol' ? String(part) : part))
  if (issue.code === 'unrecognized_keys') {
    const manager = valueAt(raw, [...path.slice(0, 2), 'manager'])
    return issue.keys.map(key =>
      problem([...path, key], `unknown key; ${suggestion(path, key, manager)}`),
    )
  }
  return [problem(path, describe(issue, path, valueAt(raw, path)))]
}

function describe(issue: Issue, path: Path, value: unknown): string {
  const last = path.at(-1)
  if (issue.code === 'invalid_union' && last === 'manager') {
    const names = Object.keys(managers).join(', ')
    return value === undefined
      ? `is missing; write manager = "…" with one of ${names}`
      : `${show(value, path)} is no license manager; write one of ${names}`
  }
  if (issue.code === 'invalid_type') {
    if (value === undefined) return `is missing; ${issue.message}`
    if (issue.expected === 'array' && isTable(value)) {
      return `is a table; write [[${path.join('.')}]] with two brackets`
    }
    return `is ${show(value, path)}, ${kind(value)}; ${issue.message}`
  }
  if (issue.code === 'too_small' || issue.code === 'too_big') {
    return typeof value === 'number' ? `is ${value}; ${issue.message}` : issue.message
  }
  if (issue.code === 'invalid_value' || issue.code === 'invalid_format') {
    return value === undefined
      ? `is missing; ${issue.message}`
      : `is ${show(value, path)}; ${issue.message}`
  }
  // A schema's own words often say only what to write.
  return typeof value === 'string' && /^write /.test(issue.message)
    ? `is ${show(value, path)}; ${issue.message}`
    : issue.message
}

const isTable = (value: unknown) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function kind(value: unknown): string {
  if (value instanceof Date) return 'a date'
  if (Array.isArray(value)) return 'a list'
  return (
    { string: 'a text', number: 'a number', boolean: 'a boolean' }[typeof value as string] ??
    'a table'
  )
}

/** A value for a message: short, and never where a secret may have been written by mistake. */
function show(value: unknown, path: Path): string {
  const key = path.findLast(part => typeof part === 'string')
  if (typeof value === 'string' && /sha256|key|secret|token|password|header/i.test(key ?? '')) {
    return 'a text (not shown)'
  }
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? '[…]' : '{…}'
  if (typeof value !== 'string') return String(value)
  const harmless = value.replace(/\/\/[^/@]*@/, '//…@')
  return JSON.stringify(harmless.length > 60 ? `${harmless.slice(0, 57)}…` : harmless)
}

import { type AST, getStaticTOMLValue, ParseError, parseTOML } from 'toml-eslint-parser'
import type { Path } from './problem.ts'

export interface Toml {
  value: Record<string, unknown>
  /** The line where this key, or the nearest table around it, stands. */
  lineOf(path: Path): number
}

export type TomlResult = { toml: Toml } | { line: number; column: number; what: string }

/** Pure: text in, values and their lines out. */
export function readToml(text: string): TomlResult {
  try {
    // A BOM is what editors on Windows write; TOML does not know it.
    const program = parseTOML(text.replace(/^\uFEFF/, ''), { tomlVersion: '1.0' })
    const lines = new Map<string, number>()
    for (const node of program.body[0].body) mark(lines, node, [])
    // As a key it would vanish without a word: it sets the prototype of the table.
    const proto = [...lines].find(([path]) => JSON.parse(path).includes('__proto__'))
    if (proto) return { line: proto[1], column: 1, what: '"__proto__" cannot be a key; remove it' }
    const value = getStaticTOMLValue(program) as Record<string, unknown>
    return { toml: { value, lineOf: path => lineOf(lines, path) } }
  } catch (error) {
    if (error instanceof RangeError) {
      return { line: 1, column: 1, what: 'lists or tables stand too deep in each other' }
    }
    if (!(error instanceof ParseError)) throw error
    return place(error, text)
  }
}

function lineOf(lines: ReadonlyMap<string, number>, path: Path): number {
  for (let length = path.length; length > 0; length--) {
    const line = lines.get(id(path.slice(0, length)))
    if (line !== undefined) return line
  }
  return 1
}

const id = (path: Path) => JSON.stringify(path)

type Node = AST.TOMLTable | AST.TOMLKeyValue | AST.TOMLContentNode

function mark(lines: Map<string, number>, node: Node, base: Path): void {
  const set = (path: Path, line: number) => {
    if (!lines.has(id(path))) lines.set(id(path), line)
  }
  const line = node.loc.start.line
  if (node.type === 'TOMLTable') {
    for (let i = 1; i <= node.resolvedKey.length; i++) set(node.resolvedKey.slice(0, i), line)
    for (const one of node.body) mark(lines, one, node.resolvedKey)
  } else if (node.type === 'TOMLKeyValue') {
    const keys = node.key.keys.map(key => (key.type === 'TOMLBare' ? key.name : key.value))
    for (let i = 1; i <= keys.length; i++) set([...base, ...keys.slice(0, i)], line)
    mark(lines, node.value, [...base, ...keys])
  } else if (node.type === 'TOMLArray') {
    node.elements.forEach((element, index) => {
      set([...base, index], element.loc.start.line)
      mark(lines, element, [...base, index])
    })
  } else if (node.type === 'TOMLInlineTable') {
    for (const one of node.body) mark(lines, one, base)
  }
}

/** What people write wrong most often, in other words than a parser's. */
const words: Readonly<Record<string, string>> = {
  'Unterminated string constant': 'a text does not end; close it with a quotation mark',
  'Unterminated table-key': 'the name of a table does not end; close it with ] or ]]',
  'Unterminated array': 'a list does not end; close it with ]',
  'Unterminated inline table': 'a table in braces does not end; close it with } on the same line',
  'Unspecified values are invalid': 'a key has no value; texts stand in quotation marks',
  'Expected equal (=) token': 'an = is missing between key and value',
  'Defining a key multiple times is invalid': 'this key or table is there twice; keep one of them',
  'Must be a newline': 'something stands behind the value; texts stand in quotation marks',
  'The key, equals sign, and value must be on the same line':
    'key, = and value stand on one line, the name of a table in closed brackets',
  'Unexpected token': 'this is no TOML value; texts stand in quotation marks',
  'Unexpected character': 'this character cannot stand here; texts stand in quotation marks',
}

/** A value or bracket that is missing is noticed at the start of the next line: it belongs to the last. */
function place({ lineNumber, column, message }: ParseError, text: string) {
  const what = syntax(message)
  const missing = /^(?:Unspecified|Unterminated|Expected equal|The key, equals)/.test(message)
  if (!missing || column > 0 || lineNumber === 1)
    return { line: lineNumber, column: column + 1, what }
  const before = text.split(/\r?\n/)[lineNumber - 2] ?? ''
  return { line: lineNumber - 1, column: before.length + 1, what }
}

const syntax = (message: string) => words[message] ?? `${message.toLowerCase()} (TOML)`

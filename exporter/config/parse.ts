import { defaultMessage, findings, valueAt } from './issues.ts'
import { configError, type Finding, type Located, type Path, problem } from './problem.ts'
import { Rest } from './repair.ts'
import { applyRules } from './rules.ts'
import { type Config, configSchema } from './schema.ts'
import { readToml, type Toml } from './toml.ts'

export interface Parsed {
  config: Config
  /** What is legal and probably not meant. */
  warnings: Located[]
  /** The line of the file where a key stands, for checks that come later. */
  locate(finding: Finding): Located
}

export interface ParseOptions {
  /** ALLOW_PUBLIC_BIND=true stands for `[api] allow_public_bind = true`. */
  env?: Readonly<Record<string, string | undefined>>
}

/**
 * The text of a configuration file as values; pure, so tools, files and names are not looked at.
 * @throws ExporterError('config') with one sentence a problem, sorted by line
 */
export function parseConfig(text: string, file: string, options: ParseOptions = {}): Parsed {
  const read = readToml(text)
  if (!('toml' in read)) {
    const { line, column, what } = read
    throw configError(file, [
      { line, key: '', what: `column ${column}: ${what}`, level: 'problem' },
    ])
  }
  const { config, found } = check(read.toml.value, options)
  const locate = (finding: Finding) => located(read.toml, finding)
  const all = found.map(locate).sort((a, b) => a.line - b.line)
  const problems = all.filter(({ level }) => level === 'problem')
  if (problems.length > 0 || !config) throw configError(file, problems)
  return { config, warnings: all.filter(({ level }) => level !== 'problem'), locate }
}

function check(raw: Record<string, unknown>, { env = {} }: ParseOptions) {
  const found: Finding[] = [...twice(raw, ['server']), ...twice(raw, ['api', 'keys'])]
  const wrong: Path[] = []
  const rest = new Rest(raw)
  for (let round = 0; round < 100; round++) {
    const result = configSchema.safeParse(rest.value, { error: defaultMessage })
    if (result.success) {
      const config = result.data
      if (env.ALLOW_PUBLIC_BIND === 'true') config.api.allow_public_bind = true
      for (const finding of applyRules(config, wrong)) {
        const path = rest.original(finding.path)
        if (!followsFrom(path, wrong)) found.push({ ...finding, path })
      }
      return { config, found }
    }
    const { issues } = result.error
    // Unknown keys hide what is wrong beside them: take them out first and look again.
    const unknown = issues.filter(({ code }) => code === 'unrecognized_keys')
    const told = (unknown.length > 0 ? unknown : issues).flatMap(issue =>
      findings(issue, rest.value),
    )
    const placed = told.map(finding => ({ ...finding, path: rest.original(finding.path) }))
    const before = [...wrong]
    for (const finding of placed) {
      if (unknown.length === 0 && followsFrom(finding.path, before)) continue
      found.push(finding)
      if (unknown.length === 0) wrong.push(finding.path)
    }
    rest.takeOut(told.map(({ path }) => path))
  }
  return { config: undefined, found: found.length > 0 ? found : [problem([], 'cannot be read')] }
}

/** Names that two tables of one list share; looked up in what the file says, right or wrong. */
function* twice(raw: unknown, list: Path): Iterable<Finding> {
  const tables = valueAt(raw, list)
  const first = new Map<string, number>()
  for (const index of Array.isArray(tables) ? tables.keys() : []) {
    const path = [...list, index, 'name']
    const name = valueAt(raw, path)
    if (typeof name !== 'string') continue
    const earlier = first.get(name)
    if (earlier === undefined) first.set(name, index)
    else {
      const mend = `every [[${list.join('.')}]] needs a name of its own`
      yield problem(path, `"${name}" is already the name of number ${earlier + 1}; ${mend}`)
    }
  }
}

/** Where a `[[server]]` is read from: a manager's word on these is void while one of them is wrong. */
const sources = new Set<unknown>(['address', 'tool', 'read', 'get'])

/** Does this only say that something is missing which we took out ourselves? */
function followsFrom(path: Path, wrong: readonly Path[]): boolean {
  if (path[0] === 'server' && (path.length === 2 || sources.has(path[2]))) {
    return wrong.some(one => one[0] === 'server' && one[1] === path[1] && sources.has(one[2]))
  }
  return wrong.some(one => path.every((part, index) => part === one[index]))
}

function located(toml: Toml, { path, what, level, line }: Finding): Located {
  return { line: line ?? toml.lineOf(path), key: keyText(toml.value, path), what, level }
}

/** `server[cad].interval`: a table of a list by its name, else by its number from 1. */
function keyText(raw: unknown, path: Path): string {
  return path.reduce<string>((text, part, index) => {
    if (typeof part === 'string') return text === '' ? part : `${text}.${part}`
    const name = valueAt(raw, [...path.slice(0, index + 1), 'name'])
    return `${text}[${typeof name === 'string' && name !== '' ? name : part + 1}]`
  }, '')
}

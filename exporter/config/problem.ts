import { ExporterError } from '../errors.ts'

export type Path = readonly (string | number)[]

/** What a check finds in the configuration; `what` says what is wrong and what to write instead. */
export interface Finding {
  path: Path
  what: string
  /** Where no line of the file stands for the path. */
  line?: number
  /** `missing` is a tool that is not there (yet): a reading that fails, not a reason not to start. */
  level: 'problem' | 'warning' | 'missing'
}

/** The same with its place in the file, ready to print. */
export interface Located {
  line: number
  /** As people write it: `server[cad].interval`, `api.keys[prometheus].scopes`. */
  key: string
  what: string
  level: Finding['level']
}

export const problem = (path: Path, what: string): Finding => ({ path, what, level: 'problem' })
export const warning = (path: Path, what: string): Finding => ({ path, what, level: 'warning' })

/** `license-exporter.toml:12: server[cad].interval: is 60, a number; write "60s"` */
export function sentence(file: string, { line, key, what }: Located): string {
  return [`${file}:${line}`, ...(key ? [key] : []), what].join(': ')
}

/** All problems in one error: its message has one line for each. */
export function configError(file: string, problems: readonly Located[]): ExporterError {
  return new ExporterError('config', problems.map(one => sentence(file, one)).join('\n'), {
    file,
    line: problems[0]?.line ?? 1,
    problems: problems.length,
  })
}

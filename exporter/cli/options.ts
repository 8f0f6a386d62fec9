import { type ParseArgsConfig, parseArgs } from 'node:util'
import { ExporterError } from '../errors.ts'
import { nearest } from '../nearest.ts'

type Options = NonNullable<ParseArgsConfig['options']>

/**
 * `node:util` parseArgs with errors for people.
 * @param most how many arguments without a name are allowed
 * @throws ExporterError('usage')
 */
export function options<const T extends Options>(args: readonly string[], known: T, most = 0) {
  const config = { args: [...args], options: known, allowPositionals: true, strict: true } as const
  let parsed: ReturnType<typeof parseArgs<typeof config>>
  try {
    parsed = parseArgs(config)
  } catch (error) {
    throw new ExporterError('usage', say(error as Error, known), {}, { cause: error })
  }
  const extra = parsed.positionals[most]
  if (extra !== undefined)
    throw new ExporterError('usage', `${quote(extra)} is one argument too many`)
  return parsed
}

function say({ message }: Error, known: Options): string {
  const [, unknown] = /^Unknown option '(-[^']*)'/.exec(message) ?? []
  if (unknown !== undefined) {
    const names = Object.keys(known)
    const near = nearest(unknown.replace(/^-+/, ''), names)
    const mend = near
      ? `did you mean --${near}?`
      : `known: ${names.map(one => `--${one}`).join(', ')}`
    return `unknown option ${unknown}; ${mend}`
  }
  const [, option] = /^Option '(?:-\w, )?(--[\w-]+)/.exec(message) ?? []
  if (option !== undefined) {
    return /not take an argument|does not take/.test(message)
      ? `${option} takes no value`
      : `${option} needs a value`
  }
  return message.split('\n', 1)[0] ?? 'wrong command line'
}

export function usage(message: string): ExporterError {
  return new ExporterError('usage', message)
}

export const quote = (text: string) => JSON.stringify(text)

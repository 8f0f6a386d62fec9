import { type ParseArgsConfig, parseArgs } from 'node:util'
import { ExporterError } from '../errors.ts'

type Options = NonNullable<ParseArgsConfig['options']>

/** @param most how many arguments without a name are allowed */
export function keyOptions<const T extends Options>(args: string[], known: T, most = 0) {
  const config = { args, options: known, allowPositionals: true, strict: true } as const
  let parsed: ReturnType<typeof parseArgs<typeof config>>
  try {
    parsed = parseArgs(config)
  } catch (error) {
    // The first line says it; what follows explains "--" to programmers.
    const [first = ''] = (error as Error).message.split(/\n|\. To specify/)
    throw keyError(first)
  }
  const extra = parsed.positionals[most]
  if (extra !== undefined) throw keyError(`${JSON.stringify(extra)} is one argument too many`)
  return parsed
}

export function keyError(message: string): ExporterError {
  return new ExporterError('usage', message)
}

import { constants, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { ExporterError } from '../errors.ts'
import { decode } from '../managers/decode.ts'
import { type ParseOptions, parseConfig } from './parse.ts'
import { configError, type Located } from './problem.ts'
import type { Config } from './schema.ts'
import { why } from './secret-file.ts'
import { checkWorld } from './world.ts'

export interface Loaded {
  config: Config
  file: string
  /** What is legal and probably not meant, and tools that are not there now; sorted by line. */
  warnings: Located[]
}

export interface LoadOptions extends ParseOptions {
  now?: Date
}

/** More than anybody writes; a log file given by mistake shall not be parsed. */
const maxBytes = 16 * 1024 * 1024

/**
 * Reads, checks and returns a configuration; nothing is started and no license server is asked.
 * @throws ExporterError('config'): one line a problem, `file:line: key: what is wrong; the mend`
 */
export async function loadConfig(
  file: string,
  { now = new Date(), env = process.env }: LoadOptions = {},
): Promise<Loaded> {
  const { config, warnings, locate } = parseConfig(await readText(file), file, { env })
  const found = (await checkWorld(config, now)).map(locate)
  const all = [...openToAll(file), ...warnings, ...found].sort((a, b) => a.line - b.line)
  const problems = all.filter(({ level }) => level === 'problem')
  if (problems.length > 0) throw configError(file, problems)
  return { config, file, warnings: all }
}

async function readText(file: string): Promise<string> {
  try {
    if (statSync(file).size > maxBytes) {
      throw new ExporterError('config', `${file} is larger than 16 MiB: this is no configuration`, {
        file,
      })
    }
    return decode(await readFile(file))
  } catch (error) {
    if (error instanceof ExporterError) throw error
    throw new ExporterError('config', `${file} ${why(error)}`, { file }, { cause: error })
  }
}

/** Who may change the configuration chooses the programs that are run. */
function openToAll(file: string): Located[] {
  if (process.platform === 'win32' || !(statSync(file).mode & constants.S_IWOTH)) return []
  const what = 'this file can be changed by everybody; run chmod o-w on it'
  return [{ line: 1, key: '', what, level: 'warning' }]
}

import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { secondsIn } from '../config/quantity.ts'
import { writeHistoryLogs } from '../demo/history.ts'
import { ExporterError } from '../errors.ts'
import { backfill, importArguments, importLine, parseLabels } from './backfill.ts'
import { historyInput } from './history.ts'
import { options, quote, usage } from './options.ts'
import { print, printError } from './print.ts'

const step = 300
/** What the shipped Prometheus configuration scrapes. */
const instance = '127.0.0.1:8080'

/**
 * `license-exporter demo --history 14d DIR`: the past of the demo's servers, through their logs and
 * the real backfill, as blocks that a Prometheus started with `--storage.tsdb.path=DIR` shows.
 * Without promtool the OpenMetrics files stay in DIR, and the lines that import them are printed.
 * @returns 0; 1 where promtool failed
 * @throws ExporterError
 */
export async function demoHistory(args: string[], now = new Date()): Promise<number> {
  const { values, positionals } = options(
    args,
    {
      history: { type: 'string', default: '14d' },
      label: { type: 'string', multiple: true, default: [] },
    },
    1,
  )
  const [directory] = positionals
  if (directory === undefined) {
    throw usage('--history needs a length and a folder: --history 14d DIR')
  }
  const seconds = lengthOf(values.history)
  const extraLabels = parseLabels([`instance=${instance}`, ...values.label])
  const folder = resolve(directory)
  const temporary = await mkdtemp(join(tmpdir(), 'license-exporter-history-'))
  try {
    await makeFolder(folder)
    const to = Math.floor(now.getTime() / 1000)
    const written: string[] = []
    for (const { server, manager, file } of writeHistoryLogs(temporary, to - seconds, to)) {
      const input = await historyInput({ manager, timezone: 'UTC' }, [file])
      const done = await backfill({ server, output: folder, step, extraLabels }, input)
      written.push(...done.written)
    }
    return await importAll(written, folder)
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

function lengthOf(text: string): number {
  const seconds = secondsIn(text)
  if (seconds >= 6 * 3600 && seconds <= 366 * 86_400) return seconds
  throw usage(`--history ${quote(text)}: write a length from 6h to 366d, such as 14d`)
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
  } catch (error) {
    throw new ExporterError('usage', `${folder} cannot be used: ${(error as Error).message}`)
  }
}

async function importAll(files: readonly string[], folder: string): Promise<number> {
  for (const [done, file] of files.entries()) {
    const failed = await promtool(importArguments(file, folder))
    if (failed !== undefined) {
      await printError(failed)
      const left = files.slice(done).map(one => importLine(one, folder))
      await print(`Make blocks of the samples with Prometheus' promtool:\n\n${left.join('\n')}\n`)
      return failed === missing ? 0 : 1
    }
    await rm(file)
  }
  await print(
    `${folder} holds the demo's history: start Prometheus with --storage.tsdb.path=${folder}\n`,
  )
  return 0
}

const missing = 'promtool is not installed or not in PATH'

/** Why it failed; undefined if it did not. */
function promtool(args: readonly string[]): Promise<string | undefined> {
  return new Promise(done => {
    let said = ''
    const child = spawn('promtool', args, { stdio: ['ignore', 'ignore', 'pipe'] })
    child.stderr.setEncoding('utf8').on('data', text => {
      said = (said + text).slice(-2000)
    })
    child.on('error', error =>
      done((error as NodeJS.ErrnoException).code === 'ENOENT' ? missing : error.message),
    )
    child.on('close', code => done(code === 0 ? undefined : `promtool failed: ${said.trim()}`))
  })
}

import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeDebugLog } from './log-text.ts'
import type { Row } from './row.ts'

const child = fileURLToPath(new URL('./history-child.ts', import.meta.url))
const rounds = 3

interface Spent {
  /** Seconds of CPU. */
  user: number
  system: number
  megabytes: number
}

/**
 * Old logs against `grep -c` of the same bytes, and the memory of a small log against a large one:
 * 100 MB with --small, 1 GB without.
 */
export async function bench({ small }: { small: boolean }): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-history-'))
  try {
    const first = join(folder, 'first.log')
    if (!grep('.', [child])) {
      console.log('history: skipped: there is no bash or no grep')
      return []
    }
    const large = join(folder, 'large.log')
    writeDebugLog(first, 10e6)
    writeDebugLog(large, small ? 100e6 : 1e9)
    return [
      ...compare(folder, 'report', first, large),
      ...compare(folder, 'backfill', first, large),
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function* compare(
  folder: string,
  name: 'report' | 'backfill',
  first: string,
  large: string,
): Generator<Row> {
  const output = join(folder, 'files')
  const least: Record<'grep' | 'ours', number> = {
    grep: Number.POSITIVE_INFINITY,
    ours: Number.POSITIVE_INFINITY,
  }
  const peaks: number[] = []
  for (let round = 0; round < rounds; round++) {
    mkdirSync(output, { recursive: true })
    peaks[0] = run(name, first, output).megabytes
    rmSync(output, { recursive: true })
    mkdirSync(output)
    const ours = run(name, large, output)
    peaks[1] = Math.max(ours.megabytes, peaks[1] ?? 0)
    // What it writes is many times the log: it is compared with a look at both.
    const files = [large, ...readdirSync(output).map(file => join(output, file))]
    least.grep = Math.min(least.grep, grep('OUT:', files))
    least.ours = Math.min(least.ours, ours.user)
    if (round === 0) tellWritten(name, files)
    rmSync(output, { recursive: true })
  }
  yield {
    name: `${name} of ${size(large)}, user CPU of grep -c`,
    ratio: least.ours / least.grep,
    goal: 10,
    detail: `${least.ours.toFixed(2)} s, grep ${least.grep.toFixed(2)} s`,
  }
  const [at10 = 0, atLarge = 0] = peaks
  yield {
    name: `${name}: memory for ${size(large)}, of that for ${size(first)}`,
    ratio: atLarge / at10,
    goal: 1.25,
    detail: `${atLarge.toFixed(0)} MB and ${at10.toFixed(0)} MB at the peak`,
  }
}

function tellWritten(name: string, [log, ...files]: readonly string[]): void {
  if (files.length === 0 || !log) return
  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0)
  console.log(`${name}: ${size(log)} of log became ${(bytes / 1e6).toFixed(0)} MB of samples`)
}

function size(file: string): string {
  return `${(statSync(file).size / 1e6).toFixed(0)} MB`
}

function run(name: 'report' | 'backfill', log: string, output: string): Spent {
  const zone = ['--manager', 'flexlm', '--timezone', 'Europe/Berlin']
  const own = name === 'backfill' ? ['--server', 'cad', '--output', output] : []
  const { stderr, status } = spawnSync(process.execPath, [child, name, ...zone, ...own, log], {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  if (status !== 0) throw new Error(`${name} failed: ${stderr}`)
  return JSON.parse(stderr.trim().split('\n').at(-1) ?? '')
}

/** Seconds of user CPU; 0 where there is no bash or grep. */
function grep(pattern: string, files: readonly string[]): number {
  const { stderr, status } = spawnSync(
    'bash',
    ['-c', 'TIMEFORMAT=%3U; time grep -c "$@"', 'bash', pattern, ...files],
    { encoding: 'utf8' },
  )
  return status === 0 ? Number(stderr.trim()) || 0.001 : 0
}

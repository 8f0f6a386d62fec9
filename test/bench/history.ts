import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeDebugLog } from './log-text.ts'
import type { Row } from './row.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** PROGRAM report|backfill …: the command, then its CPU and memory as the last line of stderr. */
const child = `
const [program, name, ...args] = process.argv.slice(1)
const { run } = await import(program + '/exporter/cli/' + name + '.js')
process.exitCode = await run(args)
const { userCPUTime, maxRSS } = process.resourceUsage()
process.stderr.write('\\n' + JSON.stringify({ user: userCPUTime / 1e6, megabytes: maxRSS / 1024 }))
`

interface Spent {
  /** Seconds of CPU. */
  user: number
  megabytes: number
}

/**
 * Old logs against `grep -c` of the same bytes, and the memory of a small log against a large one:
 * 100 MB with --small, 1 GB without. The program is compiled as it is shipped: to take the types
 * off takes as long as to read 20 MB.
 */
export async function bench({ small }: { small: boolean }): Promise<Row[]> {
  if (grep('.', [fileURLToPath(import.meta.url)]) === 0) {
    console.log('history: skipped: there is no bash or no grep')
    return []
  }
  const folder = mkdtempSync(join(tmpdir(), 'bench-history-'))
  const log = (megabytes: number): string => {
    const file = join(folder, `${megabytes}.log`)
    if (!existsSync(file)) writeDebugLog(file, megabytes * 1e6)
    return file
  }
  const program = join(folder, 'program')
  const sizes = small ? [100] : [100, 1000]
  try {
    compile(program)
    const rows: Row[] = []
    for (const megabytes of sizes) {
      const of = { program, first: log(10), large: log(megabytes), rounds: megabytes > 100 ? 3 : 5 }
      rows.push(...compare({ ...of, command: ['report'] }))
      rows.push(...compare({ ...of, command: ['backfill', '--step', '1h'] }))
    }
    // At the default step its samples are many times the log: grep looks at both.
    rows.push(
      ...compare({ program, first: log(10), large: log(100), rounds: 3, command: ['backfill'] }),
    )
    return rows
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function compile(to: string): void {
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const project = join(root, 'provisioning/package/tsconfig.json')
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', project, '--outDir', to], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`the program cannot be compiled: ${stdout}`)
  writeFileSync(join(to, 'package.json'), '{"type":"module"}')
  // Its packages are those of this checkout.
  symlinkSync(join(root, 'node_modules'), join(to, 'node_modules'))
}

interface Compared {
  program: string
  command: readonly string[]
  first: string
  large: string
  rounds: number
}

function* compare({ program, command, first, large, rounds }: Compared): Generator<Row> {
  const name = command.join(' ')
  let ours = Number.POSITIVE_INFINITY
  let theirs = Number.POSITIVE_INFINITY
  let [atFirst, atLarge, written] = [0, 0, 0]
  for (let round = 0; round < rounds; round++) {
    atFirst = Math.max(atFirst, run(program, command, first).megabytes)
    const spent = run(program, command, large)
    atLarge = Math.max(atLarge, spent.megabytes)
    written = spent.files.reduce((sum, { bytes }) => sum + bytes, 0)
    ours = Math.min(ours, spent.user)
    theirs = Math.min(theirs, spent.grep)
  }
  const samples =
    written > 0 && command.length === 1 ? ` and ${Math.round(written / 1e6)} MB of samples` : ''
  yield {
    name: `${name} of ${size(large)}, user CPU of grep -c`,
    ratio: ours / theirs,
    goal: 10,
    detail: `${ours.toFixed(2)} s, grep of the log${samples} ${theirs.toFixed(2)} s`,
  }
  yield {
    name: `${name}: memory for ${size(large)}, of that for ${size(first)}`,
    ratio: atLarge / atFirst,
    goal: 1.25,
    detail: `${atLarge.toFixed(0)} MB and ${atFirst.toFixed(0)} MB at the peak`,
  }
}

function size(file: string): string {
  return `${(statSync(file).size / 1e6).toFixed(0)} MB`
}

function run(program: string, [name = '', ...options]: readonly string[], log: string) {
  const output = mkdtempSync(`${log}-files-`)
  const own = name === 'backfill' ? ['--server', 'cad', '--output', output] : []
  const args = [name, '--manager', 'flexlm', '--timezone', 'Europe/Berlin', ...own, ...options, log]
  try {
    const node = ['--input-type=module', '--eval', child, '--', program, ...args]
    const { stderr, status } = spawnSync(process.execPath, node, {
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    if (status !== 0) throw new Error(`${name} failed: ${stderr}`)
    const spent = JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as Spent
    const files = readdirSync(output).map(file => join(output, file))
    return {
      ...spent,
      grep: grep('OUT:', options.length > 0 ? [log] : [log, ...files]),
      files: files.map(file => ({ bytes: statSync(file).size })),
    }
  } finally {
    rmSync(output, { recursive: true })
  }
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

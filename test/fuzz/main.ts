import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { managers } from '../../exporter/managers/index.ts'
import type { LicenseManager } from '../../exporter/managers/manager.ts'
import { mutate, part, random } from './mutate.ts'
import { type Target, targets } from './targets.ts'

/**
 * node test/fuzz/main.ts --n N [--manager M] [--only parse|log|anonymise] [--seed S] [--jobs J]
 * Every parser, log reader and anonymiser of the registry: nothing but ExporterError is thrown, no
 * input takes longer than 1 s per MB, a log read from bytes is the log read by lines.
 */
const usage =
  'usage: node test/fuzz/main.ts --n N [--manager M] [--only NAME] [--seed S] [--jobs J], N, S and J whole numbers'
const { values } = parseArgs({
  options: {
    n: { type: 'string', default: '10000' },
    manager: { type: 'string' },
    only: { type: 'string' },
    seed: { type: 'string', default: '1' },
    jobs: { type: 'string', default: '1' },
  },
})

const [count, seed, jobs] = [Number(values.n), Number(values.seed), Number(values.jobs)]
if (![count, seed, jobs].every(Number.isInteger) || count < 1 || jobs < 1) {
  console.error(usage)
  process.exit(2)
}

/** Why it broke; undefined = held. */
function broken({ run }: Target, bytes: Buffer): string | undefined {
  const limit = Math.max(1000, (bytes.length / 1_000_000) * 1000)
  for (let attempt = 1; ; attempt++) {
    const begin = performance.now()
    try {
      run(bytes)
    } catch (error) {
      return (error as Error)?.stack ?? String(error)
    }
    const took = performance.now() - begin
    if (took <= limit) return undefined
    // Once more: a busy machine is no slow parser.
    if (attempt === 2) return `took ${Math.round(took)} ms for ${bytes.length} bytes`
  }
}

function fuzz(target: Target): boolean {
  const { name, seeds, every } = target
  const share = Math.ceil(count / every)
  const next = random(seed)
  const [begin, cpu] = [performance.now(), process.cpuUsage()]
  let bytesRead = 0
  for (let done = 0; done < share; done++) {
    const from = seeds[Math.floor(next() * seeds.length)] ?? Buffer.alloc(0)
    const bytes = mutate(part(from, next), next, seeds)
    bytesRead += bytes.length
    const why = broken(target, bytes)
    if (why === undefined) continue
    const path = join(mkdtempSync(join(tmpdir(), 'fuzz-')), 'input')
    writeFileSync(path, bytes)
    console.error(`${name}: input ${done} of seed ${seed} broke it: ${why}\nsaved: ${path}`)
    return false
  }
  const seconds = (performance.now() - begin) / 1000
  const { user, system } = process.cpuUsage(cpu)
  const rate = `${Math.round(share / seconds)} a second, ${Math.round(share / ((user + system) / 1e6))} a second of CPU, ${(bytesRead / 1e6 / seconds).toFixed(1)} MB/s`
  console.log(`${name}: ${share} inputs, all held (${rate})`)
  return true
}

/** Each job has its own seeds and an equal part of the inputs. */
async function inJobs(): Promise<boolean> {
  const codes = Array.from({ length: jobs }, async (_, job) => {
    const more = Object.entries({ manager: values.manager, only: values.only })
    const rest = more.flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value]))
    const own = ['--n', String(Math.ceil(count / jobs)), '--seed', String(seed + job * 1_000_003)]
    const child = spawn(
      process.execPath,
      [...process.execArgv, process.argv[1] ?? '', ...own, ...rest],
      {
        stdio: ['ignore', 'inherit', 'inherit'],
      },
    )
    return (await once(child, 'exit'))[0]
  })
  return (await Promise.all(codes)).every(code => code === 0)
}

function here(): boolean {
  const chosen = (Object.values(managers) as LicenseManager[])
    .filter(({ name }) => values.manager === undefined || values.manager === name)
    .flatMap(targets)
    .filter(({ name }) => values.only === undefined || name.includes(values.only))
  if (chosen.length === 0) {
    console.error(`nothing of that name\n${usage}`)
    return false
  }
  return chosen.map(fuzz).every(held => held)
}

process.exitCode = (jobs > 1 ? await inJobs() : here()) ? 0 : 1

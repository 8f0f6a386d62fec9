import { Worker } from 'node:worker_threads'
import { flexlm } from '../../exporter/managers/flexlm/index.ts'
import type { Snapshot } from '../../exporter/model.ts'
import type { Row } from './row.ts'

/** Parsing an invented status against the least that any parser does; run with --expose-gc. */
export async function bench(): Promise<Row[]> {
  const small = statusText(1_000_000)
  const large = statusText(16_000_000)
  return [speed(small), linearity(small, large), ...kept(large), await peak(large)]
}

const now = new Date('2026-03-02T12:00:00Z')
const server = flexlm.server.parse({ name: 'bench', manager: 'flexlm', read: '/bench' })

function parse(stdout: Uint8Array): Snapshot {
  const output = { text: 'auto', stdout, stderr: '', exitCode: undefined, at: now }
  return flexlm.parse([output], { now, timeZone: 'Europe/Berlin', server })
}

/** 60 features, about 100 bytes a checkout line, users, machines and times that repeat as they do. */
function statusText(bytes: number): Buffer {
  const begin =
    'lmutil - Copyright (c) 1989-2023 Flexera. All Rights Reserved.\nFlexible License Manager status on Mon 3/2/2026 12:00\n\nLicense server status: 27000@lic1\n\nlic1: license server UP (MASTER) v11.19.5\n\nVendor daemon status (on lic1):\n\n  cadlmd: UP v11.19.5\nFeature usage info:\n\n'
  const parts = [begin]
  const feature = Math.floor(bytes / 60)
  for (let i = 0; i < 60; i++) {
    const lines: string[] = []
    for (let length = 0, n = i; length < feature; n += 7) {
      const user = `user${String((n * 31) % 800).padStart(4, '0')}`
      const host = `node${String((n * 17) % 2000).padStart(4, '0')}.cluster.example`
      const at = `Mon 3/2 ${n % 12}:${String((n * 13) % 60).padStart(2, '0')}`
      const seats = n % 5 === 0 ? `, ${2 + (n % 9)} licenses` : ''
      const line = `    ${user} ${host} /dev/tty (v2025.1) (lic1/27000 ${n}), start ${at}${seats}\n`
      length += line.length
      lines.push(line)
    }
    parts.push(
      `Users of feat_${i}:  (Total of 400000 licenses issued;  Total of ${lines.length} licenses in use)\n\n  "feat_${i}" v2026.0630, vendor: cadlmd, expiry: 30-jun-2026\n  floating license\n\n`,
      ...lines,
      '\n',
    )
  }
  return Buffer.from(parts.join(''))
}

const floorLine =
  /^ {4}(\S+) (\S+) (\S+) \((v\S+)\) \(([^/]+)\/(\d+) (\d+)\), start (\S+ \S+ \S+?)(?:, (\d+) licenses?)?$/

/** Split, one regular expression and one object a checkout line. */
function floor(bytes: Buffer): object[] {
  const found: object[] = []
  for (const line of bytes.toString('utf8').split('\n')) {
    const match = floorLine.exec(line)
    if (!match) continue
    found.push({
      user: match[1],
      host: match[2],
      display: match[3],
      version: match[4],
      start: match[8],
      seats: Number(match[9] ?? 1),
    })
  }
  return found
}

function speed(bytes: Buffer): Row {
  const least = leastOf(6, {
    floor: () => repeat(25, () => floor(bytes)),
    parse: () => repeat(25, () => parse(bytes)),
  })
  const rate = (ms: number) => `${Math.round((25 * bytes.length) / 1000 / ms)} MB/s`
  return {
    name: 'parse against the floor',
    ratio: least.parse / least.floor,
    goal: 3,
    detail: `floor ${rate(least.floor)}, parse ${rate(least.parse)}`,
  }
}

function linearity(small: Buffer, large: Buffer): Row {
  const times = large.length / small.length
  const least = leastOf(6, {
    small: () => repeat(Math.round(times), () => parse(small)),
    large: () => parse(large),
  })
  return {
    name: 'cost of one text of 16 MB against 16 of 1 MB',
    ratio: least.large / least.small,
    goal: 2,
    detail: `${least.large.toFixed(0)} ms and ${least.small.toFixed(0)} ms`,
  }
}

function repeat(times: number, run: () => unknown): void {
  for (let i = 0; i < times; i++) run()
}

/** The least of alternating rounds: a busy machine slows all. */
function leastOf<Name extends string>(
  rounds: number,
  runs: Record<Name, () => void>,
): Record<Name, number> {
  const least = {} as Record<Name, number>
  for (let i = 0; i < rounds; i++) {
    for (const name of Object.keys(runs) as Name[]) {
      least[name] = Math.min(least[name] ?? Number.POSITIVE_INFINITY, timed(runs[name]))
    }
  }
  return least
}

function kept(bytes: Buffer): Row[] {
  const collect = globalThis.gc
  if (!collect) {
    console.log('heap kept by a snapshot: skipped: run with --expose-gc')
    return []
  }
  collect()
  const before = process.memoryUsage().heapUsed
  const snapshot = parse(bytes)
  collect()
  const retained = process.memoryUsage().heapUsed - before
  const detail = `${bytes.length} bytes, ${snapshot.checkouts.length} checkouts`
  return [
    { name: 'heap kept by a snapshot, by input', ratio: retained / bytes.length, goal: 5, detail },
  ]
}

/** The smallest heap in which a thread parses it; 10 MB of it are the thread's own. */
async function peak(bytes: Buffer): Promise<Row> {
  const name = 'least heap to parse in, by input'
  for (const ratio of [2, 3, 4, 5, 6, 7, 8]) {
    const megabytes = Math.floor((ratio * bytes.length) / 1e6)
    if (await fits(bytes, 10 + megabytes)) {
      return { name, ratio, goal: 8, detail: `${megabytes} MB for ${bytes.length} bytes` }
    }
  }
  return { name, ratio: Number.POSITIVE_INFINITY, goal: 8, detail: 'not in 8 times its size' }
}

function fits(bytes: Buffer, megabytes: number): Promise<boolean> {
  const worker = new Worker(new URL('./parse-once.ts', import.meta.url), {
    workerData: bytes,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: megabytes - 3, maxYoungGenerationSizeMb: 3 },
  })
  return new Promise(resolve => {
    worker.once('message', () => resolve(true))
    worker.once('error', () => resolve(false))
    worker.once('exit', () => resolve(false))
  })
}

/** Milliseconds of this thread's CPU: others on the machine do not count. */
function timed(run: () => unknown): number {
  const begin = process.threadCpuUsage()
  run()
  const { user, system } = process.threadCpuUsage(begin)
  return (user + system) / 1000
}

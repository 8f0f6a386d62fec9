import { flexlm } from '../../exporter/managers/flexlm/index.ts'
import type { Snapshot } from '../../exporter/model.ts'
import type { Row } from './row.ts'

/** Parsing an invented status against the least that any parser does; run with --expose-gc. */
export async function bench(): Promise<Row[]> {
  const small = statusText(1_000_000)
  const large = statusText(16_000_000)
  const rows = [speed(small), linearity(small, large), ...memory(large)]
  for (const { name, ratio, goal, detail } of rows) {
    console.log(`${name}: ${ratio.toFixed(2)} (goal ${goal}) ${detail}`)
  }
  return rows
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

/** The best of alternating runs: a busy machine slows both. */
function speed(bytes: Buffer): Row {
  const times = { floor: Number.POSITIVE_INFINITY, parse: Number.POSITIVE_INFINITY }
  for (let i = 0; i < 25; i++) {
    times.floor = Math.min(
      times.floor,
      timed(() => floor(bytes)),
    )
    times.parse = Math.min(
      times.parse,
      timed(() => parse(bytes)),
    )
  }
  const rate = (ms: number) => `${Math.round(bytes.length / 1000 / ms)} MB/s`
  return {
    name: 'parse against the floor',
    ratio: times.parse / times.floor,
    goal: 3,
    detail: `floor ${rate(times.floor)}, parse ${rate(times.parse)}`,
  }
}

function linearity(small: Buffer, large: Buffer): Row {
  let ofSmall = Number.POSITIVE_INFINITY
  let ofLarge = Number.POSITIVE_INFINITY
  for (let i = 0; i < 5; i++) {
    for (let j = 0; j < 4; j++)
      ofSmall = Math.min(
        ofSmall,
        timed(() => parse(small)),
      )
    ofLarge = Math.min(
      ofLarge,
      timed(() => parse(large)),
    )
  }
  return {
    name: 'cost per byte at 16 MB against 1 MB',
    ratio: ofLarge / large.length / (ofSmall / small.length),
    goal: 2,
    detail: `${ofSmall.toFixed(1)} ms and ${ofLarge.toFixed(1)} ms`,
  }
}

function memory(bytes: Buffer): Row[] {
  const collect = globalThis.gc
  if (!collect) {
    console.log('parse memory: skipped: run with --expose-gc')
    return []
  }
  collect()
  const before = process.memoryUsage().heapUsed
  const snapshot = parse(bytes)
  // Nothing was collected for certain between the two: an upper bound of the peak.
  const peak = process.memoryUsage().heapUsed - before
  collect()
  const retained = process.memoryUsage().heapUsed - before
  const detail = `${bytes.length} bytes, ${snapshot.checkouts.length} checkouts`
  return [
    { name: 'heap kept by a snapshot, by input', ratio: retained / bytes.length, goal: 5, detail },
    { name: 'heap right after parsing, by input', ratio: peak / bytes.length, goal: 8, detail },
  ]
}

function timed(run: () => unknown): number {
  const begin = performance.now()
  run()
  return performance.now() - begin
}

if (import.meta.main) await bench()

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { LogPosition } from '../../exporter/collect/log-position.ts'
import { createTail, type Tail } from '../../exporter/collect/tail.ts'
import type { LogReader } from '../../exporter/managers/manager.ts'
import { LogWriter, type Rotation } from './log-writer.ts'

export interface TailSoak {
  lines: number
  rotations: readonly Rotation[]
  /** Chances at each step. */
  rotate: number
  restart: number
  positions: boolean
  seed: number
}

export interface TailResult {
  lost: number
  /** Lines that copytruncate itself cut off; no reader can be sure to see them. */
  cutOff: number
  doubles: number
  /** Lines that came twice with different ids: never. */
  strangers: number
  rotations: number
  restarts: number
  seconds: number
}

const silent = { debug() {}, info() {}, warn() {}, error() {} }

/** One log under rotation and restarts at random points; who follows it is checked line by line. */
export async function soakTail(soak: TailSoak): Promise<TailResult> {
  const folder = mkdtempSync(join(tmpdir(), 'tail-soak-'))
  const path = join(folder, 'acme.log')
  const random = generator(soak.seed)
  const writer = new LogWriter(path, random)
  const ids = new Map<string, Set<string>>()
  let told = 0
  let restarts = 0
  let saved: LogPosition[] = []
  const started = performance.now()

  function open(positions: readonly LogPosition[]): { tail: Tail; dead: boolean } {
    const run = { dead: false }
    const tail = createTail({
      server: 'cad',
      paths: [path],
      reader,
      positions,
      log: silent,
      sliceBytes: 128 * 1024,
      onEntries(entries) {
        if (run.dead) return
        for (const { entry, id } of entries) {
          if (!('feature' in entry)) continue
          told++
          const known = ids.get(entry.feature)
          if (known) known.add(id)
          else ids.set(entry.feature, new Set([id]))
        }
      },
    })
    return Object.assign(run, { tail })
  }

  let run = open([])
  await run.tail.read()
  saved = run.tail.checkpoint()
  while (writer.written < soak.lines) {
    const reading = run.tail.read()
    // The writer goes on while the reading is at any of its steps.
    for (let i = Math.floor(random() * 4); i > 0; i--) {
      writer.write(soak.lines)
      if (random() < 0.5) await turn()
    }
    if (random() < soak.rotate) {
      const how = soak.rotations[Math.floor(random() * soak.rotations.length)] ?? 'rename'
      // What was not read yet is lost by a plain truncation: only what is read may go.
      if (how === 'truncate') {
        writer.finish()
        await reading
        while (await run.tail.read()) {}
        if (soak.positions) saved = run.tail.checkpoint()
      }
      writer.rotate(how)
    }
    if (random() < 0.3) saved = run.tail.checkpoint()
    if (random() < soak.restart) {
      restarts++
      run.dead = true
      await run.tail.close()
      if (!soak.positions) {
        run = open([])
        await run.tail.read()
        continue
      }
      run = open(JSON.parse(JSON.stringify(saved)))
    } else if (random() < 0.5) {
      await reading
    }
  }
  writer.finish()
  for (let i = 0; i < 3; i++) while (await run.tail.read()) {}
  await run.tail.close()
  writer.close()
  rmSync(folder, { recursive: true })
  return {
    lost: writer.written - ids.size,
    cutOff: writer.cutOff,
    doubles: told - ids.size,
    strangers: [...ids.values()].filter(({ size }) => size > 1).length,
    rotations: writer.rotations,
    restarts,
    seconds: (performance.now() - started) / 1000,
  }
}

function reader(): LogReader {
  return {
    lastAt: undefined,
    read(line) {
      const [, feature] = /^OUT (\d+) \.*$/.exec(line) ?? []
      if (feature === undefined) throw new Error(`half a line was told: ${line}`)
      return { kind: 'checkout', at: 0, vendor: 'acme', feature, seats: 1 }
    },
    state: () => null,
    restore() {},
  }
}

function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

export const soaks: Readonly<Record<string, Omit<TailSoak, 'lines' | 'seed'>>> = {
  rename: { rotations: ['rename'], rotate: 0.05, restart: 0.02, positions: true },
  copytruncate: { rotations: ['copytruncate'], rotate: 0.05, restart: 0.02, positions: true },
  'late copytruncate': {
    rotations: ['late copytruncate'],
    rotate: 0.05,
    restart: 0.02,
    positions: true,
  },
  truncate: { rotations: ['truncate'], rotate: 0.05, restart: 0, positions: true },
  'all of them': {
    rotations: ['rename', 'copytruncate', 'rename', 'copytruncate', 'truncate'],
    rotate: 0.05,
    restart: 0.02,
    positions: true,
  },
  'without restarts': {
    rotations: ['rename', 'copytruncate', 'truncate'],
    rotate: 0.05,
    restart: 0,
    positions: false,
  },
  'without positions': {
    rotations: ['rename', 'copytruncate'],
    rotate: 0.05,
    restart: 0.01,
    positions: false,
  },
}

/** `node test/soak/tail.ts --n 1000000 [--only 'all of them']` */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      n: { type: 'string', default: '20000' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string' },
    },
  })
  let failed = false
  for (const [name, soak] of Object.entries(soaks)) {
    if (values.only !== undefined && values.only !== name) continue
    const lines = Number(values.n)
    const result = await soakTail({ ...soak, lines, seed: Number(values.seed) })
    const { lost, cutOff, doubles, strangers, rotations, restarts, seconds } = result
    // Without positions what is written while nobody reads is not told, and nothing twice.
    const whole = soak.positions || soak.restart === 0
    const bad = strangers > 0 || (whole && lost > cutOff) || (!soak.positions && doubles > 0)
    failed ||= bad
    console.log(
      `${name.padEnd(18)}${lines} lines, ${rotations} rotations, ${restarts} restarts in ${seconds.toFixed(1)} s: ${lost} lost (${cutOff} cut off), ${doubles} doubles, ${strangers} of them with another id${bad ? '  FAILED' : ''}`,
    )
  }
  process.exitCode = failed ? 1 : 0
}

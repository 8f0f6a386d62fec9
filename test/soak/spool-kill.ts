/**
 * Kills an event log with SIGKILL at random points of write, send and truncate, `--n` times, with a
 * collector that fails now and then. Every event that was on disk must arrive, in order per server,
 * and what arrives twice must have the same id.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Behaviour, collector } from '../events/collector.ts'

export interface KillResult {
  kills: number
  taken: number
  lost: number
  outOfOrder: number
  doubles: number
  /** The same id with other content. */
  changed: number
  dropped: string[]
}

const writer = fileURLToPath(new URL('./spool-writer.ts', import.meta.url))

export async function killSpool(kills: number): Promise<KillResult> {
  const stateDir = mkdtempSync(join(tmpdir(), 'spool-kill-'))
  const target = await collector([200])
  const moods: Behaviour[] = [200, 200, 200, 503, 'reset', 500]
  const dropped: string[] = []
  let taken = 0
  try {
    for (let i = 0; i < kills; i++) {
      target.answers = [moods[Math.floor(Math.random() * moods.length)] ?? 200, 200]
      taken = await oneLife(stateDir, target.url, taken, 150 + Math.random() * 250, dropped)
    }
    target.answers = [200]
    await drain(stateDir, target.url, () => {
      const known = new Set(target.received.map(({ id }) => id))
      return known.size >= taken
    })
  } finally {
    await target.close()
    rmSync(stateDir, { recursive: true, force: true })
  }
  const bodies = new Map<string, string>()
  const newest = new Map<string, number>()
  const result: KillResult = {
    kills,
    taken,
    lost: 0,
    outOfOrder: 0,
    doubles: 0,
    changed: 0,
    dropped,
  }
  for (const { id, attributes } of target.received) {
    const number = Number(attributes.reason)
    const body = JSON.stringify(attributes)
    const before = bodies.get(id)
    bodies.set(id, body)
    if (before !== undefined) {
      result.doubles++
      if (before !== body) result.changed++
      continue
    }
    const server = String(attributes.server)
    if (number < (newest.get(server) ?? -1)) result.outOfOrder++
    newest.set(server, Math.max(number, newest.get(server) ?? -1))
  }
  for (let number = 0; number < taken; number++) {
    if (!bodies.has(`event-${number}`)) result.lost++
  }
  return result
}

/** Resolves with the number after the last event that was said to be on disk. */
async function oneLife(
  stateDir: string,
  url: string,
  first: number,
  ms: number,
  dropped: string[],
): Promise<number> {
  const child = spawn(process.execPath, [writer, stateDir, url, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let taken = first
  // Its life begins with its first word: starting Node takes its time.
  let timer: NodeJS.Timeout | undefined
  const ended = new Promise(done => child.once('close', done))
  for await (const line of createInterface({ input: child.stdout })) {
    timer ??= setTimeout(() => child.kill('SIGKILL'), ms)
    const [word, value] = line.split(' ')
    if (word === 'taken') taken = Number(value)
    else if (word === 'dropped') dropped.push(line)
  }
  clearTimeout(timer)
  await ended
  return taken
}

/** A last life that only sends. */
async function drain(stateDir: string, url: string, isDone: () => boolean): Promise<void> {
  const child = spawn(process.execPath, [writer, stateDir, url], { stdio: 'ignore' })
  const ended = new Promise(done => child.once('close', done))
  const end = Date.now() + 20_000
  while (!isDone() && Date.now() < end) await new Promise(done => setTimeout(done, 100))
  child.kill('SIGKILL')
  await ended
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { n: { type: 'string', default: '1000' } } })
  const result = await killSpool(Number(values.n))
  process.stdout.write(`${JSON.stringify(result)}\n`)
  const { lost, outOfOrder, changed } = result
  process.exitCode = lost + outOfOrder + changed + result.dropped.length === 0 ? 0 : 1
}

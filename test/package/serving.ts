import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'

/** A program of this project that serves, started as a user would. */
export interface Serving {
  url: string
  pid: number
  /** From the start to the first good answer of /metrics, milliseconds. */
  firstMetricsMs: number
  output(): string
  /** SIGTERM; how it ended, and after how long. */
  stop(): Promise<{ code: number | null; ms: number }>
}

interface ServeOptions {
  cwd?: string
  env?: Record<string, string>
}

/** Waits until it has told its address, has read its servers once and answers. */
export async function serve(
  command: readonly string[],
  { cwd = '/', env = {} }: ServeOptions = {},
): Promise<Serving> {
  const began = Date.now()
  const [program = '', ...args] = command
  const child = spawn(program, args, { cwd, env: { PATH: '/usr/bin:/bin:/usr/sbin', ...env } })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', text => {
      output += text
    })
  }
  const ended = new Promise<number | null>(done => child.on('close', done))
  const alive = () => child.exitCode === null && child.signalCode === null
  try {
    const url = await until(alive, async () => /runs at (http:\S+)/.exec(output)?.[1])
    await until(alive, async () => (await get(`${url}/metrics`)).ok || undefined)
    const firstMetricsMs = Date.now() - began
    await until(alive, async () => (await get(`${url}/readyz`)).ok || undefined)
    return {
      url,
      pid: child.pid!,
      firstMetricsMs,
      output: () => output,
      stop: () => stop(child, ended),
    }
  } catch (error) {
    child.kill('SIGKILL')
    throw new Error(`${(error as Error).message}; it said:\n${output}`)
  }
}

export async function until<T>(
  going: () => boolean,
  ask: () => Promise<T | undefined>,
  seconds = 60,
): Promise<T> {
  const last = Date.now() + seconds * 1000
  while (going()) {
    const answer = await ask().catch(() => undefined)
    if (answer !== undefined) return answer
    if (Date.now() > last) throw new Error(`not within ${seconds} s`)
    await sleep(100)
  }
  throw new Error('the program ended')
}

const get = (url: string) => fetch(url, { signal: AbortSignal.timeout(10_000) })

async function stop(child: ChildProcess, ended: Promise<number | null>) {
  const began = Date.now()
  child.kill('SIGTERM')
  return { code: await ended, ms: Date.now() - began }
}

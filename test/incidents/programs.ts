import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** Programs that an incident needs, and their ends. */
export interface Programs {
  start(name: string, command: string, args: string[], env?: NodeJS.ProcessEnv): ChildProcess
  closeAll(): Promise<void>
}

export function createPrograms(folder: string): Programs {
  const running = new Set<ChildProcess>()
  return {
    start(name, command, args, env = {}) {
      const child = spawn(command, args, {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, ...env },
      })
      const log = createWriteStream(join(folder, `${name}.log`), { flags: 'a' })
      child.stdout.pipe(log, { end: false })
      child.stderr.pipe(log, { end: false })
      running.add(child)
      child.on('exit', () => running.delete(child))
      child.on('error', error => log.write(`${error.message}\n`))
      return child
    },
    async closeAll() {
      const ends = [...running].map(child => new Promise(resolve => child.on('exit', resolve)))
      for (const child of running) child.kill('SIGTERM')
      await Promise.race([Promise.all(ends), sleep(8000)])
      for (const child of running) child.kill('SIGKILL')
    },
  }
}

/** @throws Error where nobody answers 200 in time */
export async function answers(url: string, seconds = 180): Promise<void> {
  const until = Date.now() + seconds * 1000
  while (Date.now() < until) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2000) }).catch(() => undefined)
    if (answer?.ok) return
    await sleep(300)
  }
  throw new Error(`${url} does not answer`)
}

/** Takes log events over OTLP, or is gone. */
export class Collector {
  readonly port: number
  #server: Server | undefined

  constructor(port: number) {
    this.port = port
  }

  async up(): Promise<void> {
    this.#server = createServer((request, response) => {
      request.resume().on('end', () => {
        response.setHeader('content-type', 'application/json')
        response.end('{}')
      })
    })
    await new Promise<void>(resolve => this.#server?.listen(this.port, '127.0.0.1', resolve))
  }

  down(): void {
    this.#server?.close()
    this.#server?.closeAllConnections()
  }
}

import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { start } from '../cli/program.ts'
import { freePort } from '../free-port.ts'
import { get } from './client.ts'

/** The real program in a process of its own, asked over real sockets. */
export interface Program {
  url: string
  port: number
  file: string
  pid: number
  /** Everything on stdout and stderr. */
  written(): string
  /** Takes this configuration up by SIGHUP and waits until it was judged. */
  change(toml: string): Promise<void>
  end(): Promise<void>
}

export interface ProgramOptions {
  folder: string
  config: (port: number) => string
  env?: Record<string, string>
  /** In place of the command line: a script and what comes before the configuration file. */
  script?: readonly string[]
}

/** Resolves when its first readings are done. */
export async function beginProgram(options: ProgramOptions): Promise<Program> {
  const { folder, config, env, script = [start, '--config'] } = options
  const port = await freePort()
  const file = join(folder, 'license-exporter.toml')
  writeFileSync(file, config(port))
  const child = spawn(process.execPath, [...script, file], {
    cwd: folder,
    env: { PATH: '/usr/bin:/bin', ...env },
  })
  let written = ''
  for (const out of [child.stdout, child.stderr]) {
    out.on('data', text => {
      written += text
    })
  }
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()))
  const url = `http://127.0.0.1:${port}`
  const judged = () => written.split('"event":"exporter.config_').length
  const ready = () => get(url, '/readyz').then(({ status }) => status)
  await expect.poll(() => ready().catch(() => written), { timeout: 30_000 }).toBe(200)
  return {
    url,
    port,
    file,
    pid: child.pid!,
    written: () => written,
    async change(toml) {
      const before = judged()
      writeFileSync(file, toml)
      child.kill('SIGHUP')
      await expect.poll(judged, { timeout: 30_000 }).toBeGreaterThan(before)
    },
    end() {
      child.kill('SIGTERM')
      return ended
    },
  }
}

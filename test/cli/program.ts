import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const start = fileURLToPath(new URL('../../exporter/start.mjs', import.meta.url))

export interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

export interface ProgramOptions {
  input?: string | Uint8Array
  cwd?: string
  env?: Record<string, string>
  node?: string
}

/** Starts the real program in an environment that names no configuration, and waits for its end. */
export function program(args: readonly string[], options: ProgramOptions = {}): Promise<Ended> {
  const { input = '', cwd = '/', env = {}, node = process.execPath } = options
  return new Promise((done, failed) => {
    const child = spawn(node, [start, ...args], { cwd, env: { PATH: '/usr/bin:/bin', ...env } })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', text => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', text => {
      stderr += text
    })
    child.on('error', failed)
    child.on('close', code => done({ code, stdout, stderr }))
    child.stdin.on('error', () => {})
    child.stdin.end(input)
  })
}

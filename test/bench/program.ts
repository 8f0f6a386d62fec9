import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from '../free-port.ts'
import { lmstat } from './text.ts'

/** Only a machine that stands still needs so long. */
const patience = 120_000
const main = fileURLToPath(new URL('../../exporter/start.mjs', import.meta.url))

export interface Program {
  child: ChildProcess
  /** From the start of the program to a /metrics that shows every configured server. */
  milliseconds: number
  metrics(): Promise<string>
}

/** The program as it is started from a checkout, with so many license servers of 20 features. */
export async function withProgram<T>(
  servers: number,
  use: (program: Program) => Promise<T> | T,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-program-'))
  let child: ChildProcess | undefined
  try {
    const port = await freePort()
    const config = join(folder, 'license-exporter.toml')
    const status = join(folder, 'status.txt')
    await writeFile(status, lmstat(20, 100))
    const tables = Array.from(
      { length: servers },
      (_, i) =>
        `[[server]]\nname = "s${i}"\nmanager = "flexlm"\nread = ${JSON.stringify(status)}\n`,
    )
    await writeFile(config, `[api]\nbind_port = ${port}\n\n${tables.join('\n')}`)
    const metrics = () =>
      fetch(`http://127.0.0.1:${port}/metrics`).then(
        answer => answer.text(),
        () => '',
      )
    const begin = performance.now()
    child = spawn(process.execPath, [main, '--config', config], { stdio: 'ignore' })
    while (performance.now() - begin < patience && child.exitCode === null) {
      const text = await metrics()
      if ((text.match(/^license_server_up/gm)?.length ?? 0) >= servers) {
        return await use({ child, milliseconds: performance.now() - begin, metrics })
      }
      await setTimeout(5)
    }
    throw new Error('the exporter showed no complete /metrics within 2 minutes')
  } finally {
    if (child && child.exitCode === null) {
      const exit = once(child, 'exit')
      child.kill()
      await exit
    }
    await rm(folder, { recursive: true, force: true })
  }
}

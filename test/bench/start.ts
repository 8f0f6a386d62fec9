import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { median, wallMs } from './measure.ts'
import type { Row } from './row.ts'
import { lmstat } from './text.ts'

const main = fileURLToPath(new URL('../../exporter/start.mjs', import.meta.url))
const servers = 20

/** From the start of the program to a /metrics that shows every configured server. */
export async function bench({ small }: { small: boolean }): Promise<Row[]> {
  if (!existsSync(main)) {
    console.log('start: skipped: there is no exporter/start.mjs')
    return []
  }
  const folder = await mkdtemp(join(tmpdir(), 'bench-start-'))
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
    const bare: number[] = []
    const ours: number[] = []
    for (let i = 0; i < (small ? 3 : 7); i++) {
      bare.push(await wallMs(() => once(spawn(process.execPath, ['-e', '0']), 'exit')))
      ours.push(await started(config, port))
    }
    return [
      {
        name: `start to the first complete /metrics, of node alone`,
        ratio: median(ours) / median(bare),
        goal: 20,
        detail: `${median(ours).toFixed(0)} ms with ${servers} servers, node alone ${median(bare).toFixed(0)} ms`,
      },
    ]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function started(config: string, port: number): Promise<number> {
  const begin = performance.now()
  const child = spawn(process.execPath, [main, '--config', config], { stdio: 'ignore' })
  const exit = once(child, 'exit')
  try {
    while (performance.now() - begin < 20_000 && child.exitCode === null) {
      const text = await fetch(`http://127.0.0.1:${port}/metrics`).then(
        answer => answer.text(),
        () => '',
      )
      if ((text.match(/^license_server_up/gm)?.length ?? 0) >= servers) {
        return performance.now() - begin
      }
      await setTimeout(5)
    }
    throw new Error('the exporter showed no complete /metrics within 20 s')
  } finally {
    child.kill()
    await exit
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : 0
}

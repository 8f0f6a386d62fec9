import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../free-port.ts'
import { root } from './prometheus.ts'

/** A real Loki (LOKI_BIN) with the shipped configuration, its folder and ports changed. */
export async function startLoki(
  folder: string,
): Promise<{ url: string; close(): Promise<void> } | undefined> {
  const program = process.env.LOKI_BIN
  if (!program) {
    console.log('skipped: LOKI_BIN names no Loki; the dashboard of events has nothing to show')
    return undefined
  }
  const [http, grpc] = [await freePort(), await freePort()]
  const file = join(folder, 'loki.yaml')
  const shipped = readFileSync(join(root, 'provisioning/loki/loki.yaml'), 'utf8')
  writeFileSync(
    file,
    shipped
      .replaceAll('/loki', join(folder, 'loki'))
      .replace('http_listen_port: 3100', `http_listen_port: ${http}\n  grpc_listen_port: ${grpc}`),
  )
  const child = spawn(program, [`-config.file=${file}`, '-config.expand-env=true'], {
    // Newer ones than the pinned image write index/ where they start.
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', chunk => {
    said = `${said}${chunk}`.slice(-4000)
  })
  const url = `http://127.0.0.1:${http}`
  for (let i = 0; i < 300; i++) {
    const answer = await fetch(`${url}/ready`).catch(() => undefined)
    if (answer?.ok) {
      return {
        url,
        async close() {
          const gone = new Promise(resolve => child.once('exit', resolve))
          if (child.exitCode === null && child.kill('SIGTERM')) await gone
        },
      }
    }
    if (child.exitCode !== null) break
    await new Promise(resolve => setTimeout(resolve, 200))
  }
  child.kill('SIGKILL')
  throw new Error(`Loki is not ready: ${said}`)
}

import { type ChildProcess, fork } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '../free-port.ts'
import { nginxProgram, startNginx } from '../http/nginx.ts'
import { type Load, load } from './load.ts'
import type { Row } from './row.ts'

/** /metrics of 5,000 series against nginx that serves the same bytes as a file; 50 clients. */
export async function bench({ small }: { small: boolean }): Promise<Row[]> {
  const size = { clients: 50, seconds: small ? 2 : 5 }
  if (!nginxProgram) {
    console.log('skipped: nginx is not installed, and /metrics is measured against it')
    return []
  }
  const child = fork(fileURLToPath(new URL('./http-server.ts', import.meta.url)))
  const { url, key } = await told(child)
  const headers = { authorization: `Bearer ${key}` }
  const body = await (await fetch(`${url}/metrics`, { headers })).text()
  const series = body.split('\n').filter(line => line !== '' && !line.startsWith('#')).length
  const { nginx, base } = await fileServer(body)
  try {
    await load(url, '/metrics', headers, { ...size, seconds: 1 })
    await load(base, '/metrics', {}, { ...size, seconds: 0.5 })
    const theirs = await load(base, '/metrics', {}, size)
    const ours = await load(url, '/metrics', headers, size)
    child.send('busy')
    const busy = await load(url, '/metrics', headers, size)
    return [
      row(`scrapes of ${series} series, 50 clients, nginx to ours`, ours, theirs),
      row('the same while 100 servers are read and the configuration reloads', busy, theirs),
    ]
  } finally {
    child.kill()
    await nginx.close()
  }
}

function row(name: string, ours: Load, theirs: Load): Row {
  // An answer that was not whole makes the figure worthless.
  const whole = ours.bad + theirs.bad === 0
  const ratio = whole ? theirs.perSecond / ours.perSecond : Number.POSITIVE_INFINITY
  const rate = `${ours.perSecond.toFixed(0)}/s against ${theirs.perSecond.toFixed(0)}/s`
  const p99 = `p99 ${ours.p99.toFixed(0)} ms (goal 50) against ${theirs.p99.toFixed(0)} ms`
  const bytes = `${(ours.bodyBytes / 1000).toFixed(0)} kB each, ${ours.bad} of ${ours.answers} bad`
  return { name, ratio, goal: 2, hard: true, detail: `${rate}, ${p99}, ${bytes}` }
}

function told(child: ChildProcess): Promise<{ url: string; key: string }> {
  return new Promise((resolve, reject) => {
    child.once('message', message => resolve(message as { url: string; key: string }))
    child.once('exit', code => reject(new Error(`the server ended with ${code}`)))
  })
}

async function fileServer(body: string) {
  const port = await freePort()
  const text = `server { listen 127.0.0.1:${port}; root ROOT; default_type text/plain; sendfile on; tcp_nopush on; keepalive_requests 1000000; }`
  const folder = mkdtempSync(join(tmpdir(), 'bench-'))
  // Its worker may run as another user.
  chmodSync(folder, 0o755)
  writeFileSync(join(folder, 'metrics'), body)
  const nginx = await startNginx(text, { ROOT: folder })
  const close = async () => {
    await nginx.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return { nginx: { ...nginx, close }, base: `http://127.0.0.1:${port}` }
}

if (import.meta.main) console.log(await bench({ small: true }))

import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { buildHost } from './build-host.mts'

declare module 'vitest' {
  interface ProvidedContext {
    world: World
  }
}

export interface World {
  /** Why nothing can be tested here. */
  skipped?: string
  exporter: string
  key: string
  prometheus: string
  hosts: Record<string, string>
}

const root = join(import.meta.dirname, '../../..')
const none: World = { exporter: '', key: '', prometheus: '', hosts: {} }

/** The demo exporter, a Prometheus that scrapes it, and the host pages. */
export default async function setup(project: TestProject) {
  const missing = ['/usr/bin/chromium', '/usr/bin/prometheus'].filter(path => !existsSync(path))
  if (missing.length > 0) {
    console.log(`skipped: browser tests need ${missing.join(' and ')}`)
    project.provide('world', { ...none, skipped: missing.join(', ') })
    return
  }
  const hosts: Record<string, string> = {}
  for (const name of ['grafana-13', 'grafana-12']) hosts[name] = await buildHost(name)
  const folder = mkdtempSync(join(tmpdir(), 'license-app-test-'))
  const demo = spawn(process.execPath, ['exporter/start.mjs', 'demo', '--port', '0'], { cwd: root })
  const { exporter, key } = await intro(demo)
  const port = await freePort()
  const file = join(folder, 'prometheus.yml')
  writeFileSync(
    file,
    `global: { scrape_interval: 1s, evaluation_interval: 1s }
scrape_configs:
  - job_name: iosetu-license-exporter
    static_configs: [{ targets: ['${new URL(exporter).host}'] }]
`
  )
  const prometheus = `http://127.0.0.1:${port}`
  const server = spawn(
    '/usr/bin/prometheus',
    [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: 'ignore' }
  )
  await until(() => hasSeries(prometheus), 60_000, 'no license_pool_info in Prometheus')
  project.provide('world', { exporter, key, prometheus, hosts })
  return async () => {
    await Promise.all([stop(demo), stop(server)])
    rmSync(folder, { recursive: true, force: true })
  }
}

function intro(demo: ChildProcess): Promise<{ exporter: string; key: string }> {
  return new Promise((done, fail) => {
    let text = ''
    demo.once('exit', code => fail(new Error(`the demo ended with ${code}: ${text.slice(-500)}`)))
    demo.stdout!.on('data', chunk => {
      text += chunk
      const exporter = /runs at (http:\/\/[^\s]+)/.exec(text)?.[1]
      const key = /Bearer ([A-Za-z0-9_-]+)/.exec(text)?.[1]
      if (exporter && key) done({ exporter, key })
    })
  })
}

async function hasSeries(prometheus: string): Promise<boolean> {
  try {
    const answer = await fetch(`${prometheus}/api/v1/query?query=count(license_pool_info)`)
    const body = (await answer.json()) as { data: { result: unknown[] } }
    return body.data.result.length > 0
  } catch {
    return false
  }
}

async function until(check: () => Promise<boolean>, ms: number, otherwise: string): Promise<void> {
  const end = Date.now() + ms
  while (!(await check())) {
    if (Date.now() > end) throw new Error(otherwise)
    await new Promise(done => setTimeout(done, 250))
  }
}

function freePort(): Promise<number> {
  return new Promise(done => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => done(port))
    })
  })
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise(done => {
    if (child.exitCode !== null) return done()
    child.once('exit', () => done())
    child.kill('SIGTERM')
  })
}

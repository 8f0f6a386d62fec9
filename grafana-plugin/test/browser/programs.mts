import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../../..')

/** Programs of the system without which no browser test can run. */
export const missingPrograms = ['/usr/bin/chromium', '/usr/bin/prometheus'].filter(
  path => !existsSync(path)
)

export interface Program {
  url: string
  close: () => Promise<void>
}

export interface Exporter extends Program {
  key: string
}

/** `license-exporter demo`: invented license servers. */
export async function startDemo() {
  const child = start(process.execPath, ['exporter/start.mjs', 'demo', '--port', '0'], {
    cwd: root,
  })
  const [, url, , key] = await said(
    child,
    /runs at (http:\/\/[^\s]+)(.|\n)*Bearer ([A-Za-z0-9_-]+)/
  )
  return { url: url!, key: key!, close: () => stop(child) } satisfies Exporter
}

/** An exporter that reads nothing, with a license in this state of its own. */
export async function startLicensed(state: string, env: Record<string, string> = {}) {
  const child = start(process.execPath, [join(import.meta.dirname, 'licensed.mts'), state], {
    cwd: root,
    env: { ...process.env, ...env },
  })
  const [, url] = await said(child, /runs at (http:\/\/[^\s]+)/)
  return { url: url!, close: () => stop(child) } satisfies Program
}

/** The exporter as it runs every day, with these tables of `[[server]]`. */
export async function startExporter(servers: string): Promise<Exporter> {
  const folder = mkdtempSync(join(tmpdir(), 'license-app-exporter-'))
  const key = randomBytes(32).toString('base64url')
  const port = await freePort()
  const file = join(folder, 'license-exporter.toml')
  const hash = createHash('sha256').update(key).digest('hex')
  writeFileSync(
    file,
    `state_dir = ${JSON.stringify(join(folder, 'state'))}
[api]
bind_port = ${port}
allow_anonymous = true
[[api.keys]]
name = "grafana"
sha256 = "${hash}"
scopes = ["read", "metrics", "users"]
[privacy]
live = "plain"
${servers}`
  )
  const child = start(process.execPath, ['exporter/start.mjs', '--config', file], {
    cwd: root,
    stdio: 'ignore',
  })
  const url = `http://127.0.0.1:${port}`
  await until(async () => (await fetch(`${url}/livez`)).ok, 60_000, `no exporter of ${file}`)
  const close = async () => {
    await stop(child)
    rmSync(folder, { recursive: true, force: true })
  }
  return { url, key, close }
}

/** A Prometheus that scrapes these exporters, and has `series` of each of them. */
export async function startPrometheus(
  exporters: readonly string[],
  series = 'license_exporter_build_info',
  every = '1s'
): Promise<Program> {
  const folder = mkdtempSync(join(tmpdir(), 'license-app-prometheus-'))
  const file = join(folder, 'prometheus.yml')
  const targets = exporters.map(url => new URL(url).host)
  writeFileSync(
    file,
    `global: { scrape_interval: ${every}, evaluation_interval: 1s }
scrape_configs:
  - job_name: iosetu-license-exporter
    static_configs: [{ targets: ${JSON.stringify(targets)} }]
`
  )
  const port = await freePort()
  const child = start(
    '/usr/bin/prometheus',
    [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: 'ignore' }
  )
  const url = `http://127.0.0.1:${port}`
  await until(
    async () => (await instances(url, series)) >= targets.length,
    60_000,
    `${series} is not in ${url}`
  )
  const close = async () => {
    await stop(child)
    rmSync(folder, { recursive: true, force: true })
  }
  return { url, close }
}

async function instances(prometheus: string, series: string): Promise<number> {
  const query = `count(count by (instance) (${series}))`
  const answer = await fetch(`${prometheus}/api/v1/query?query=${encodeURIComponent(query)}`)
  const { data } = (await answer.json()) as { data: { result: Array<{ value: [number, string] }> } }
  return Number(data.result[0]?.value[1] ?? 0)
}

/** Where a clock of a program can be set, or undefined. */
export const faketime = ['x86_64', 'aarch64']
  .map(machine => `/usr/lib/${machine}-linux-gnu/faketime/libfaketimeMT.so.1`)
  .find(path => existsSync(path))

/** A program that does not outlive a run that is broken off. */
function start(command: string, args: string[], options: SpawnOptions): ChildProcess {
  const child = spawn(command, args, options)
  const kill = () => void child.kill('SIGKILL')
  process.once('exit', kill)
  child.once('exit', () => process.off('exit', kill))
  return child
}

/** What a program printed, once it matches. */
function said(child: ChildProcess, wanted: RegExp): Promise<RegExpExecArray> {
  return new Promise((done, fail) => {
    let text = ''
    child.once('exit', code => fail(new Error(`it ended with ${code}: ${text.slice(-500)}`)))
    child.stderr?.on('data', chunk => (text += chunk))
    child.stdout!.on('data', chunk => {
      text += chunk
      const found = wanted.exec(text)
      if (found) done(found)
    })
  })
}

/** What cannot be asked yet is not so yet. */
export async function until(
  check: () => Promise<boolean>,
  ms: number,
  otherwise: string
): Promise<void> {
  const end = Date.now() + ms
  while (!(await check().catch(() => false))) {
    if (Date.now() > end) throw new Error(otherwise)
    await new Promise(done => setTimeout(done, 200))
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
    if (child.exitCode !== null || child.signalCode !== null) return done()
    child.once('exit', () => done())
    child.kill('SIGTERM')
  })
}

import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { configSchema } from '../../exporter/config/schema.ts'
import { createEventLog } from '../../exporter/events/log.ts'
import { otlpSettings } from '../../exporter/events/otlp-settings.ts'
import { createLogger } from '../../exporter/log.ts'
import { everyEvent } from '../events/every-event.ts'
import { freePort } from '../free-port.ts'
import { root } from './prometheus.ts'

/** A real collector and a real Loki with the shipped configurations. */
export interface Loki {
  /** Where an exporter sends its events. */
  endpoint: string
  /** Series of a metric query, streams of any other; undefined until = now. */
  query(expr: string): Promise<unknown[]>
  labelValues(label: string): Promise<string[]>
  close(): Promise<void>
}

/** The programs, or the sentence why they are not there. */
export function lokiPrograms(): { loki: string; collector: string } | string {
  const [loki, collector] = [process.env.LOKI_BIN, process.env.OTELCOL_BIN]
  if (!loki || !existsSync(loki)) return 'LOKI_BIN names no Loki'
  if (!collector || !existsSync(collector)) return 'OTELCOL_BIN names no OpenTelemetry Collector'
  return { loki, collector }
}

export async function startLoki(programs: { loki: string; collector: string }): Promise<Loki> {
  const folder = mkdtempSync(join(tmpdir(), 'stack-loki-'))
  const [http, grpc, otlp, health] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ]
  const shipped = (path: string) => readFileSync(join(root, 'provisioning', path), 'utf8')
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  mkdirSync(join(folder, 'data'))
  const loki = shipped('loki/loki.yaml')
    .replaceAll(/(?<=: )\/loki/g, join(folder, 'data'))
    .replace('http_listen_port: 3100', `http_listen_port: ${http}`)
    .replace('grpc_listen_address', `grpc_listen_port: ${grpc}\n  grpc_listen_address`)
  const collector = shipped('otel-collector/collector-logs.yaml').replace(
    '127.0.0.1:13133',
    `127.0.0.1:${health}`,
  )
  const url = `http://127.0.0.1:${http}`
  const endpoint = `127.0.0.1:${otlp}`
  const children = [
    spawn(programs.loki, [
      `-config.file=${write('loki.yaml', loki)}`,
      '-config.expand-env=true',
      '-log.level=error',
    ]),
    spawn(programs.collector, ['--config', write('collector.yaml', collector)], {
      env: { ...process.env, OTLP_LISTEN: endpoint, LOKI_URL: url },
    }),
  ]
  const said = children.map(gather)
  await Promise.all([
    ready(`${url}/ready`, children[0]!, () => said[0]!.text),
    ready(`http://127.0.0.1:${health}`, children[1]!, () => said[1]!.text),
  ])

  async function api<T>(path: string, parameters: Record<string, string>): Promise<T> {
    const answer = await fetch(`${url}/loki/api/v1/${path}?${new URLSearchParams(parameters)}`)
    if (!answer.ok) throw new Error(`${await answer.text()}: ${parameters.query}`)
    return ((await answer.json()) as { data: T }).data
  }

  return {
    endpoint: `http://${endpoint}`,
    async query(expr) {
      const now = Date.now() / 1000
      const times = { start: String(now - 3600), end: String(now + 60), step: '60' }
      const data = await api<{ result: unknown[] }>('query_range', { query: expr, ...times })
      return data.result
    },
    labelValues: label => api(`label/${label}/values`, {}),
    async close() {
      await Promise.all(children.map(stopped))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** One event of every kind, through the exporter's own spool and sender. */
export async function sendEveryEvent(endpoint: string): Promise<void> {
  const stateDir = mkdtempSync(join(tmpdir(), 'stack-events-'))
  const config = configSchema.parse({ otlp: { endpoint } })
  const settings = otlpSettings({}, config.otlp, 'stack:8080')
  const log = await createEventLog({
    events: config.events,
    stateDir,
    otlp: settings.logs,
    resource: settings.resource,
    instruments: { event() {}, eventsDropped() {}, otlpError() {} },
    log: createLogger({ level: 'error', format: 'json' }),
    write() {},
  })
  for (const draft of everyEvent()) log.emit(draft)
  // What is not sent by then stays in the spool and fails the questions.
  await sleep(3000)
  await log.close()
  rmSync(stateDir, { recursive: true, force: true })
}

function gather(child: ChildProcess): { text: string } {
  const said = { text: '' }
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', chunk => {
      said.text = `${said.text}${chunk}`.slice(-4000)
    })
  }
  return said
}

async function ready(url: string, child: ChildProcess, said: () => string): Promise<void> {
  for (const end = Date.now() + 180_000; Date.now() < end; await sleep(500)) {
    if (child.exitCode !== null) break
    const answer = await fetch(url).catch(() => undefined)
    if (answer?.ok) return
  }
  throw new Error(`${url} is not ready: ${said()}`)
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const gone = new Promise(resolve => child.once('exit', resolve))
  child.kill('SIGTERM')
  const late = setTimeout(() => child.kill('SIGKILL'), 15_000)
  await gone
  clearTimeout(late)
}

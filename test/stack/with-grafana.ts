import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../free-port.ts'
import { tool } from '../needs.ts'
import { checks } from './checks.ts'
import { address } from './exporters.ts'
import { grafanaProgram, startGrafana } from './grafana.ts'
import { startLoki } from './loki-alone.ts'
import { demoHistory, recordedHistory } from './past.ts'
import { root, startPrometheus } from './prometheus.ts'
import { provisioned } from './provisioned.ts'

/**
 * A real Grafana with what lies in provisioning/grafana, the built app, and the demo behind it:
 *   GRAFANA_BIN=… [GRAFANA_HOME=…] [LOKI_BIN=…] npm run test:grafana [-- COMMAND…]
 * checks what provisioning made, then runs the command with GRAFANA_URL (or waits for Ctrl-C with
 * --wait). GRAFANA_HISTORY is the past of the demo: 8d, or "none".
 */
const grafana = grafanaProgram()
const prometheusProgram = process.env.PROMETHEUS_BIN ?? tool('prometheus')
const command = process.argv.slice(2)
const seconds = Number(process.env.STACK_SECONDS ?? 30)

if (!grafana || !prometheusProgram) console.log('0 passed, 0 failed, 1 skipped')
else {
  const results = checks()
  const folder = mkdtempSync(join(tmpdir(), 'with-grafana-'))
  const ends: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })]
  try {
    await play(grafana, prometheusProgram, folder, ends, results)
  } finally {
    for (const end of ends.reverse()) await end()
  }
  results.end()
}

async function play(
  program: { program: string; home: string },
  prometheusProgram: string,
  folder: string,
  ends: (() => unknown)[],
  results: ReturnType<typeof checks>,
): Promise<void> {
  const loki = await startLoki(folder)
  if (loki) ends.push(loki.close)
  const demo = await startDemo(loki?.url)
  ends.push(demo.close)
  const storage = join(folder, 'prometheus')
  const { GRAFANA_HISTORY: length = '8d' } = process.env
  const history = length === 'none' ? undefined : length
  if (history) demoHistory(history, storage, address(demo.url))
  const prometheus = await startPrometheus(
    prometheusProgram,
    'prometheus.yml',
    [{ job: 'iosetu-license-exporter', targets: [address(demo.url)] }],
    { rules: 'shipped', ...(history && { storage }) },
  )
  ends.push(prometheus.close)
  if (history) recordedHistory(history, storage, prometheus.url)
  const grafana = await startGrafana(program, {
    provision: ['alerting', 'dashboards', 'datasources', 'plugins'],
    env: {
      PROMETHEUS_URL: prometheus.url,
      LOKI_URL: loki?.url ?? 'http://127.0.0.1:9',
      LICENSE_DASHBOARDS: join(root, 'dashboards/json'),
      LICENSE_EXPORTER_URL: demo.url,
      LICENSE_EXPORTER_KEY: demo.key,
    },
  })
  ends.push(grafana.close)
  console.log(`Grafana runs at ${grafana.url} (admin, admin)`)
  await sleep(seconds * 1000)
  await provisioned(grafana, loki !== undefined, results)
  if (command[0] === '--wait') await new Promise(resolve => process.once('SIGINT', resolve))
  else if (command.length > 0) await run(command, grafana.url, results)
}

async function run(
  [name = '', ...args]: string[],
  url: string,
  results: ReturnType<typeof checks>,
): Promise<void> {
  const child = spawn(name, args, { stdio: 'inherit', env: { ...process.env, GRAFANA_URL: url } })
  const code = await new Promise(resolve => child.once('exit', resolve))
  results.check(code === 0, `${[name, ...args].join(' ')} ends with ${code}`)
}

/** The command that people use, and the address and key that it prints. */
async function startDemo(
  loki: string | undefined,
): Promise<{ url: string; key: string; close(): Promise<void> }> {
  const start = join(root, 'exporter/start.mjs')
  const child = spawn(process.execPath, [start, 'demo', '--port', String(await freePort())], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: {
      ...process.env,
      ...(loki && {
        OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: `${loki}/otlp/v1/logs`,
        OTEL_SERVICE_NAME: 'iosetu-license-exporter',
      }),
    },
  })
  let said = ''
  child.stdout.on('data', chunk => {
    if (said.length < 20_000) said += chunk
  })
  for (let i = 0; i < 300 && !said.includes('Bearer '); i++) await sleep(100)
  const url = /runs at (\S+)/.exec(said)?.[1]
  const key = /Bearer ([\w-]+)/.exec(said)?.[1]
  if (!url || !key) throw new Error(`the demo does not start: ${said}`)
  return { url, key, close: () => ended(child) }
}

async function ended(child: ChildProcess): Promise<void> {
  const gone = new Promise(resolve => child.once('exit', resolve))
  if (child.exitCode === null && child.kill('SIGTERM')) await gone
}

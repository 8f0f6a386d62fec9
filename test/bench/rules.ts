import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parse, stringify } from 'yaml'
import { alertRules, recordingRules, ruleFiles } from '../alerts/rules.ts'
import { answers, freePort } from '../incidents/programs.ts'
import { tool } from '../needs.ts'

/**
 * How long a real Prometheus takes for all rules over so many license servers of 20 features:
 *   node test/bench/rules.ts [SERVERS] [MINUTES]
 * A figure, not a gate, in seconds of CPU. The series are scraped every 15 s for as long as it runs, so
 * what rules read of hours and weeks is as short as that.
 */
const servers = Number(process.argv[2] ?? 1000)
const minutes = Number(process.argv[3] ?? 3)
const features = 20

function exposition(at: number): string {
  const lines: string[] = []
  for (let s = 0; s < servers; s++) {
    const server = `server="license-server-${s}",manager="flexlm"`
    lines.push(`license_server_up{${server}} 1`, `license_exporter_collect_success{${server}} 1`)
    lines.push(`license_exporter_collect_timestamp_seconds{${server}} ${at}`)
    for (let f = 0; f < features; f++) {
      const labels = `${server},vendor="vendor${s}",feature="feature_${f}"`
      const used = (s + f + Math.floor(at / 60)) % 40
      const pool = `${labels},pool="${(s * features + f).toString(16).padStart(8, '0')}"`
      lines.push(
        `license_feature_info{${labels},product="feature_${f}",counting="counted"} 1`,
        `license_feature_seats_issued{${labels}} 40`,
        `license_feature_seats_used{${labels}} ${used}`,
        `license_feature_seats_checked_out{${labels}} ${used}`,
        `license_feature_seats_reserved{${labels}} 0`,
        `license_feature_seats_borrowed{${labels}} 0`,
        `license_feature_queued_requests{${labels}} 0`,
        `license_feature_users{${labels}} ${used}`,
        `license_feature_denials_total{${labels},reason="no_seats"} ${Math.floor(at / 600)}`,
        `license_pool_seats{${pool}} 40`,
        `license_pool_expiry_timestamp_seconds{${pool}} 1900000000`,
      )
    }
  }
  return `${lines.join('\n')}\n`
}

const command = process.env.PROMETHEUS_BIN ?? tool('prometheus')
if (!command) {
  console.log('skipped: Prometheus is not installed')
  process.exit(0)
}
const folder = mkdtempSync(join(tmpdir(), 'license-rules-'))
let body = exposition(Date.now() / 1000)
const seriesCount = body.split('\n').length - 1
const refresh = setInterval(() => {
  body = exposition(Date.now() / 1000)
}, 15_000)
const exporter = createServer((_, response) => {
  response.setHeader('content-type', 'text/plain; version=0.0.4')
  response.end(body)
})
await new Promise<void>(resolve => exporter.listen(0, '127.0.0.1', resolve))
const { port } = exporter.address() as AddressInfo
const listen = `127.0.0.1:${await freePort()}`

interface Group {
  name: string
  interval?: string
}
for (const [i, path] of ruleFiles.entries()) {
  const file = parse(readFileSync(path, 'utf8')) as { groups: Group[] }
  // An hour is too long to wait for; what a group costs does not hang on how often it is asked.
  const groups = file.groups.map(group => ({ ...group, interval: '1m' }))
  writeFileSync(join(folder, `${i}.rules.yml`), stringify({ groups }))
}
writeFileSync(
  join(folder, 'prometheus.yml'),
  stringify({
    global: { scrape_interval: '15s', scrape_timeout: '14s' },
    rule_files: [join(folder, '*.rules.yml')],
    scrape_configs: [
      { job_name: 'iosetu-license-exporter', static_configs: [{ targets: [`127.0.0.1:${port}`] }] },
    ],
  }),
)
/** Prometheus on the same data: first it scrapes and records, then it only answers. */
async function start(config: string) {
  const child = spawn(
    command!,
    [
      `--config.file=${join(folder, config)}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${listen}`,
      '--log.level=error',
    ],
    { stdio: 'inherit' },
  )
  await answers(`http://${listen}/-/ready`, 300)
  return {
    child,
    async stop() {
      const end = new Promise(resolve => child.on('exit', resolve))
      child.kill('SIGTERM')
      await end
    },
  }
}

/** CPU that a process has used, in seconds; what else runs on the machine does not count. */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}

async function ask(expression: string, at: number): Promise<number> {
  const query = new URLSearchParams({ query: `count(${expression})`, time: String(at) })
  const answer = await fetch(`http://${listen}/api/v1/query`, { method: 'POST', body: query })
  const { data, error } = (await answer.json()) as {
    data?: { result: { value: [number, string] }[] }
    error?: string
  }
  if (error) throw new Error(`${expression}: ${error}`)
  return Number(data?.result[0]?.value[1] ?? 0)
}

let running = await start('prometheus.yml')
try {
  await sleep(minutes * 60_000)
  const at = Math.floor(Date.now() / 1000)
  await running.stop()
  writeFileSync(join(folder, 'quiet.yml'), '{}\n')
  running = await start('quiet.yml')
  const pid = running.child.pid ?? 0
  const rules = [
    ...recordingRules.map(({ record, expr }) => ({ name: record, expr })),
    ...alertRules.map(({ alert, expr }) => ({ name: alert, expr })),
  ]
  // The first question after a start reads what all others find in memory.
  await ask('{__name__=~".+"}', at)
  const rows: { name: string; cpu: number; found: number }[] = []
  for (const { name, expr } of rules) {
    const before = cpuOf(pid)
    const found = await ask(expr, at)
    rows.push({ name, cpu: cpuOf(pid) - before, found })
  }
  rows.sort((a, b) => b.cpu - a.cpu)
  for (const { name, cpu, found } of rows.slice(0, 12)) {
    console.log(`${name.padEnd(50)} ${cpu.toFixed(2)} s, ${found} series`)
  }
  const total = rows.reduce((sum, { cpu }) => sum + cpu, 0)
  console.log(
    `${seriesCount} series, one evaluation of all rules: ${total.toFixed(2)} s of CPU (wanted: 2 s)`,
  )
} finally {
  await running.stop()
  clearInterval(refresh)
  exporter.close()
  exporter.closeAllConnections()
  rmSync(folder, { recursive: true, force: true })
}

import { execFileSync } from 'node:child_process'
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { type MetricName, metrics } from '../../exporter/catalogue.ts'
import { tool } from '../needs.ts'
import { asked, interpolate } from '../stack/expressions.ts'
import { startPrometheus } from '../stack/prometheus.ts'

/**
 * How long each question of Overview takes in a real Prometheus: a figure, not a gate.
 *   node test/bench/dashboards.ts [--servers 1000] [--features 20] [--hours 24]
 * Gauges have the last ten minutes at 60 s; what Overview shows over time, and all that recording
 * rules make, has all the hours, at 60 s where that is one series a server and at 5 min elsewhere.
 */
const { values } = parseArgs({
  options: {
    servers: { type: 'string', default: '1000' },
    features: { type: 'string', default: '20' },
    hours: { type: 'string', default: '24' },
  },
})
const servers = Number(values.servers)
const features = Number(values.features)
const hours = Number(values.hours)
const end = Math.floor(Date.now() / 60_000) * 60

const ofServer = [
  'license_server_up',
  'license_exporter_collect_success',
  'license_exporter_collect_timestamp_seconds',
  'license_server_vendor_daemon_up',
] as const
const ofFeature = [
  'license_feature_seats_issued',
  'license_feature_seats_used',
  'license_feature_seats_checked_out',
  'license_feature_seats_reserved',
  'license_feature_users',
  'license_feature_queued_requests',
  'license_feature_oldest_checkout_timestamp_seconds',
  'license_pool_seats',
  'license_pool_expiry_timestamp_seconds',
] as const
const overTime = [
  'license_feature_denials_total',
  'feature:license_feature_denials:increase1h',
] as const
const recorded = [
  'feature:license_feature_seats_taken:max',
  'feature:license_feature_seats_obtainable:max',
  'feature:license_feature_full:max',
] as const

const times = (seconds: number, step: number) =>
  Array.from({ length: Math.floor(seconds / step) }, (_, i) => end - seconds + (i + 1) * step)
const recent = times(600, 60)
const long = times(hours * 3600, 300)
const each = times(hours * 3600, 60)

let series = 0
let samples = 0

function* lines(name: string, at: readonly number[], perServer: boolean): Generator<string> {
  const counter = metrics[name as MetricName]?.kind === 'counter'
  const family = counter ? name.replace(/_total$/, '') : name
  yield `# TYPE ${family} ${counter ? 'counter' : 'gauge'}\n`
  const scraped = name.includes(':') ? '' : 'job="iosetu-license-exporter",instance="a:8080",'
  for (let s = 0; s < servers; s++) {
    for (let f = 0; f < (perServer ? 1 : features); f++) {
      series++
      samples += at.length
      const feature = perServer && !name.includes('daemon') ? '' : `,vendor="v${s % 50}"`
      const labels =
        `{${scraped}server="server-${s}",manager="flexlm"${feature}` +
        `${perServer ? '' : `,feature="feature_${f}"`}` +
        `${name.startsWith('license_pool') ? ',pool="0badcafe"' : ''}` +
        `${counter ? ',reason="no_seats"' : ''}}`
      let text = ''
      for (const [i, t] of at.entries()) text += `${name}${labels} ${value(name, s, f, i)} ${t}\n`
      yield text
    }
  }
}

function value(name: string, s: number, f: number, i: number): number {
  if (name.endsWith('_timestamp_seconds')) return end + ((s * 37 + f) % 400) * 86_400 - 20 * 86_400
  if (name.endsWith('_up') || name.endsWith('success')) return Number(s % 97 !== 0)
  if (name.endsWith('_total')) return Math.floor((i * ((s + f) % 7)) / 3)
  if (/issued|obtainable|pool_seats/.test(name)) return 40
  if (name.includes('full')) return Number((s + f) % 40 === 0)
  return (s + f + i) % 40
}

const program = process.env.PROMETHEUS_BIN ?? tool('prometheus')
if (!program || !tool('promtool')) process.exit(0)
const folder = mkdtempSync(join(tmpdir(), 'bench-dashboards-'))
try {
  const file = createWriteStream(join(folder, 'series.om'))
  const write = async (text: string) => {
    if (!file.write(text)) await new Promise<void>(resolve => file.once('drain', () => resolve()))
  }
  for (const name of ofServer)
    for (const text of lines(name, name.endsWith('up') ? each : recent, true)) await write(text)
  for (const name of [...ofFeature, ...recorded])
    for (const text of lines(name, recent, false)) await write(text)
  for (const name of overTime) for (const text of lines(name, long, false)) await write(text)
  file.end('# EOF\n')
  await finished(file)
  const storage = join(folder, 'data')
  execFileSync(
    'promtool',
    ['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', join(folder, 'series.om'), storage],
    { stdio: 'pipe' },
  )
  console.log(`${servers} servers × ${features} features: ${series} series, ${samples} samples`)

  const prometheus = await startPrometheus(program, 'prometheus.yml', [], { storage, rules: false })
  const all = Object.fromEntries(
    ['job', 'instance', 'server', 'vendor', 'feature'].map(name => [name, '.+']),
  )
  const took: { where: string; milliseconds: number; found: number }[] = []
  for (const { where, expr, range } of asked(['overview'])) {
    // A day on a panel of 720 points; refusals are shown hour by hour.
    const step = expr.includes(':increase1h') ? 3600 : 120
    const text = interpolate(expr, all, {
      interval: '11m',
      rateInterval: '5m',
      range: `${hours}h`,
      hour: '1h',
    })
    const began = performance.now()
    const found = range
      ? await prometheus.queryRange(text, hours * 3600, step)
      : await prometheus.query(text)
    took.push({ where, milliseconds: performance.now() - began, found: found.length })
  }
  await prometheus.close()
  took.sort((a, b) => b.milliseconds - a.milliseconds)
  for (const { where, milliseconds, found } of took) {
    console.log(`${milliseconds.toFixed(0).padStart(7)} ms  ${where} (${found} series)`)
  }
  const [slowest] = took
  console.log(
    `slowest of Overview: ${slowest?.milliseconds.toFixed(0)} ms, ${slowest?.where} (goal 1000 ms)`,
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}

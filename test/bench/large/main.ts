import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { alertRules, recordingRules, ruleFiles } from '../../alerts/rules.ts'
import { tool } from '../../needs.ts'
import { asked, interpolate } from '../../stack/expressions.ts'
import { type Started, startPrometheus } from './prometheus.ts'
import { exposition, writeStorage } from './storage.ts'

/**
 * What rules and Overview cost a real Prometheus that scrapes a large site and has its past:
 *   npm run bench:prometheus [-- --servers 1000 --features 20]
 * Figures, not gates. Wanted: one evaluation of all rules in 2 s, the slowest question of Overview in 1 s.
 */
const { values } = parseArgs({
  options: {
    servers: { type: 'string', default: '1000' },
    features: { type: 'string', default: '20' },
    rounds: { type: 'string', default: '3' },
  },
})
const size = { servers: Number(values.servers), features: Number(values.features) }
const rounds = Number(values.rounds)
const scrapeSeconds = 60
const program = process.env.PROMETHEUS_BIN ?? tool('prometheus')

if (!program || !tool('promtool')) {
  console.log('skipped: Prometheus is not installed')
} else {
  const folder = mkdtempSync(join(tmpdir(), 'license-large-'))
  const storage = join(folder, 'data')
  const exporter = createServer((_, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4')
    response.end(exposition(size, Math.floor(Date.now() / 1000)).text)
  })
  await new Promise<void>(resolve => exporter.listen(0, '127.0.0.1', resolve))
  const { port } = exporter.address() as AddressInfo
  let prometheus: Started | undefined
  try {
    const samples = writeStorage(folder, storage, size)
    const { series } = exposition(size, 0)
    console.log(
      `${size.servers} servers × ${size.features} features: ${series} series scraped every`,
    )
    console.log(`${scrapeSeconds} s, ${(samples / 1e6).toFixed(1)} million samples of the past`)
    prometheus = await startPrometheus(program, { folder, storage, port, ruleFiles, scrapeSeconds })
    await prometheus.evaluated()
    await prometheus.quiet()
    await costOfRules(prometheus)
    await costOfOverview(prometheus)
  } finally {
    await prometheus?.stop()
    exporter.close()
    exporter.closeAllConnections()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Each expression by itself, at its best of some rounds. */
async function costOfRules(prometheus: Started): Promise<void> {
  const rules = [
    ...recordingRules.map(({ record, expr }) => ({ name: record, expr })),
    ...alertRules.map(({ alert, expr }) => ({ name: alert, expr })),
  ]
  const rows: (Best & { name: string })[] = []
  for (const { name, expr } of rules) rows.push({ name, ...(await best(prometheus, expr)) })
  print(rows, 14)
  const cpu = rows.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0)
  console.log(`one evaluation of all ${rows.length} rules: ${cpu.toFixed(2)} s of CPU (wanted 2 s)`)
}

async function costOfOverview(prometheus: Started): Promise<void> {
  const all = Object.fromEntries(
    ['job', 'instance', 'server', 'vendor', 'feature'].map(name => [name, '.+']),
  )
  const rows: (Best & { name: string })[] = []
  for (const { where, expr, range } of asked(['overview'])) {
    // A day on a panel of 720 points; refusals are shown hour by hour.
    const step = expr.includes(':increase1h') ? 3600 : 120
    const times = { interval: '11m', rateInterval: '5m', range: '24h', hour: '1h' }
    const text = interpolate(expr, all, times)
    const over = range ? { seconds: 86_400, step } : undefined
    rows.push({ name: where, ...(await best(prometheus, text, over)) })
  }
  print(rows, 8)
  const [slowest] = rows.toSorted((a, b) => b.cpuSeconds - a.cpuSeconds)
  console.log(
    `slowest of Overview: ${slowest?.cpuSeconds.toFixed(2)} s of CPU, ${slowest?.name} (wanted 1 s)`,
  )
}

type Best = Awaited<ReturnType<Started['ask']>>

async function best(prometheus: Started, ...asked: Parameters<Started['ask']>): Promise<Best> {
  const all: Best[] = []
  for (let round = 0; round < rounds; round++) all.push(await prometheus.ask(...asked))
  const [first] = all.sort((a, b) => a.cpuSeconds - b.cpuSeconds)
  return { ...first!, seconds: Math.min(...all.map(({ seconds }) => seconds)) }
}

function print(rows: readonly (Best & { name: string })[], most: number): void {
  const sorted = rows.toSorted((a, b) => b.cpuSeconds - a.cpuSeconds)
  for (const { name, cpuSeconds, seconds, found } of sorted.slice(0, most)) {
    console.log(
      `  ${cpuSeconds.toFixed(2).padStart(6)} s of CPU, ${seconds.toFixed(2)} s  ${name} (${found} series)`,
    )
  }
}

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tool } from './needs.ts'

const prometheus = process.env.PROMETHEUS_BIN ?? tool('prometheus')
const promtool = tool('promtool')
const start = fileURLToPath(new URL('../exporter/start.mjs', import.meta.url))
const formats = {
  text: 'text/plain;version=0.0.4',
  openmetrics: 'application/openmetrics-text;version=1.0.0',
} as const

/** Prometheus chooses the format by its Accept header, which old versions cannot be told: so it is set on the way. */
function passThrough(exporter: string, accept: string): Server {
  return createServer((incoming, outgoing) => {
    const headers = { ...incoming.headers, accept, host: new URL(exporter).host }
    request(`${exporter}${incoming.url}`, { headers }, answer => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
      .on('error', () => outgoing.writeHead(502).end())
      .end()
  }).listen(0, '127.0.0.1')
}

async function eventually<T>(what: () => Promise<T | undefined>, seconds = 60): Promise<T> {
  const end = Date.now() + seconds * 1000
  while (Date.now() < end) {
    const found = await what().catch(() => undefined)
    if (found !== undefined) return found
    await sleep(250)
  }
  throw new Error(`not within ${seconds} s`)
}

describe.skipIf(!prometheus || !promtool)('a real Prometheus', { timeout: 120_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'license-exporter-prometheus-'))
  const demo = spawn(process.execPath, [start, 'demo', '--port', '0'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const servers: Server[] = []
  let exporter = ''
  let base = ''
  let server: ReturnType<typeof spawn> | undefined

  beforeAll(async () => {
    let said = ''
    demo.stdout.on('data', chunk => {
      said += chunk
    })
    exporter = await eventually(async () => /runs at (http:\/\/\S+)/.exec(said)?.[1])
    const jobs: { job: string; port: number }[] = []
    for (const [job, accept] of Object.entries(formats)) {
      const proxy = passThrough(exporter, accept)
      servers.push(proxy)
      await once(proxy, 'listening')
      jobs.push({ job, port: (proxy.address() as AddressInfo).port })
    }
    const config = [
      'global: { scrape_interval: 1s, scrape_timeout: 1s }',
      'scrape_configs:',
      ...jobs.map(
        ({ job, port }) =>
          `  - { job_name: ${job}, static_configs: [{ targets: ["127.0.0.1:${port}"] }] }`,
      ),
    ]
    writeFileSync(join(folder, 'prometheus.yml'), `${config.join('\n')}\n`)
    const probe = createServer().listen(0, '127.0.0.1')
    await once(probe, 'listening')
    const { port } = probe.address() as AddressInfo
    await new Promise(resolve => probe.close(resolve))
    base = `http://127.0.0.1:${port}`
    server = spawn(
      prometheus!,
      [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      { stdio: 'ignore' },
    )
  }, 120_000)

  afterAll(async () => {
    server?.kill('SIGKILL')
    demo.kill('SIGTERM')
    for (const one of servers) one.close()
    await once(demo, 'exit')
    rmSync(folder, { recursive: true, force: true })
  })

  async function query(
    expression: string,
  ): Promise<{ metric: Record<string, string>; value: [number, string] }[]> {
    const answer = await fetch(`${base}/api/v1/query?query=${encodeURIComponent(expression)}`)
    return ((await answer.json()) as { data: { result: never[] } }).data.result
  }

  test.each(Object.keys(formats))(
    'has its target up and every demo server in it: %s',
    async job => {
      await eventually(async () =>
        (await query(`up{job="${job}"} == 1`)).length === 1 ? true : undefined,
      )
      const seen = await eventually(async () => {
        const found = await query(`license_exporter_collect_success{job="${job}"}`)
        return found.length === 6 ? found : undefined
      })
      expect(Object.fromEntries(seen.map(one => [one.metric.server, one.value[1]]))).toEqual({
        cad: '1',
        simulation: '1',
        compositing: '1',
        effects: '1',
        routing: '1',
        legacy: '0',
      })
      expect(await query(`license_server_up{job="${job}"} == 0`)).toMatchObject([
        { metric: { server: 'routing' } },
      ])
      expect(
        await query(`license_server_problem{job="${job}",reason="tool_missing"}`),
      ).toHaveLength(1)
    },
  )

  test('finds the same series in both formats', async () => {
    const of = async (job: string) =>
      (
        await query(
          `count by (__name__) ({job="${job}",__name__=~"license_(feature|pool|server)_.+"})`,
        )
      ).map(({ metric, value }) => `${metric.__name__} ${value[1]}`)
    const [text, openmetrics] = [await of('text'), await of('openmetrics')]
    expect(text.length).toBeGreaterThan(25)
    expect(text.sort()).toEqual(openmetrics.sort())
  })

  test('and promtool find nothing to say about its text', async () => {
    const input = await (await fetch(`${exporter}/metrics`)).text()
    const { stdout, stderr } = spawnSync(promtool!, ['check', 'metrics'], {
      input,
      encoding: 'utf8',
    })
    const said = `${stdout}${stderr}`.split('\n').filter(line => line !== '')
    // The documented name of the own license; iosetu_license_expiry_timestamp_seconds stands beside it.
    expect(said.filter(line => !line.startsWith('iosetu_license_days_remaining '))).toEqual([])
  })
})

import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse, stringify } from 'yaml'
import { freePort } from '../free-port.ts'

/** A real Prometheus with the shipped configuration and rules, time made short by their intervals. */

export const root = fileURLToPath(new URL('../..', import.meta.url))

export interface Target {
  job: string
  path?: string
  targets: readonly string[]
}

export interface Options {
  /** A storage that is there already. */
  storage?: string
  /** false: nothing is recorded, no alert is evaluated. 'shipped': with the hours that they name. */
  rules?: boolean | 'shipped'
}

export interface Vector {
  metric: Record<string, string>
  value?: [number, string]
  values?: [number, string][]
}

export interface Prometheus {
  url: string
  folder: string
  query(expr: string): Promise<Vector[]>
  /** Over the last seconds. */
  queryRange(expr: string, seconds: number, step: number): Promise<Vector[]>
  labelValues(label: string, selector: string): Promise<string[]>
  rules(): Promise<{ name: string; health: string; lastError?: string }[]>
  close(): Promise<void>
}

export interface RuleFile {
  groups: {
    name: string
    interval?: string
    rules: {
      alert?: string
      record?: string
      expr: string
      for?: string
      keep_firing_for?: string
    }[]
  }[]
}

export function ruleFiles(): { name: string; content: RuleFile }[] {
  return globSync('alerts/*.rules.yml', { cwd: root })
    .sort()
    .map(path => ({
      name: path.split(/[\\/]/).at(-1) ?? path,
      content: parse(readFileSync(join(root, path), 'utf8')) as RuleFile,
    }))
}

/** Steps of subqueries and distances that are longer than the test lasts. */
export function shorter(expr: string): string {
  return expr
    .replaceAll(/\[(\w+):1h\]/g, '[$1:2s]')
    .replaceAll(/\[(\w+):\d+[hdm]\]/g, '[$1:5s]')
    .replaceAll(/offset \d+[dh]/g, 'offset 10s')
}

function scaledRules(folder: string, configuration: string): void {
  const to = join(folder, 'alerts')
  mkdirSync(to, { recursive: true })
  for (const { name, content } of ruleFiles()) {
    for (const group of content.groups) {
      if (group.interval) group.interval = '2s'
      for (const rule of group.rules) {
        rule.expr = shorter(rule.expr)
        if (rule.for) rule.for = '2s'
      }
    }
    writeFileSync(join(to, name), stringify(content))
  }
  execFileSync('promtool', ['check', 'config', configuration], { stdio: 'pipe' })
}

/** `prometheus.yml` or `prometheus-health.yml`, with other targets and seconds for minutes. */
export async function startPrometheus(
  program: string,
  file: string,
  jobs: readonly Target[],
  options: Options = {},
): Promise<Prometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'stack-'))
  const shipped = parse(readFileSync(join(root, 'provisioning/prometheus', file), 'utf8'))
  shipped.global = { scrape_interval: '2s', scrape_timeout: '2s', evaluation_interval: '2s' }
  delete shipped.alerting
  if (options.rules === false) delete shipped.rule_files
  const shippedJobs: Record<string, unknown>[] = shipped.scrape_configs
  shipped.scrape_configs = jobs.map(({ job, path, targets }, index) => {
    const like = shippedJobs.find(one => (one.metrics_path ?? '/metrics') === (path ?? '/metrics'))
    if (!like) throw new Error(`${file} has no job on ${path ?? '/metrics'}`)
    const { file_sd_configs: _, ...rest } = like
    return { ...rest, job_name: index === 0 ? like.job_name : job, static_configs: [{ targets }] }
  })
  const home = join(folder, 'provisioning', 'prometheus')
  mkdirSync(home, { recursive: true })
  const configuration = join(home, file)
  writeFileSync(configuration, stringify(shipped))
  if (options.rules === 'shipped') {
    for (const path of globSync('alerts/*.rules.yml', { cwd: root })) {
      cpSync(join(root, path), join(folder, path))
    }
  } else if (options.rules !== false) scaledRules(folder, configuration)
  return running(program, configuration, folder, options)
}

async function running(
  program: string,
  configuration: string,
  folder: string,
  options: Options,
): Promise<Prometheus> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const child = spawn(
    program,
    [
      `--config.file=${configuration}`,
      `--storage.tsdb.path=${options.storage ?? join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=warn',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  let said = ''
  child.stderr.on('data', chunk => {
    said = `${said}${chunk}`.slice(-4000)
  })
  await ready(url, child, () => said)

  async function api<T>(path: string, parameters: Record<string, string>): Promise<T> {
    const response = await fetch(`${url}/api/v1/${path}`, {
      method: 'POST',
      body: new URLSearchParams(parameters),
    })
    const answer = (await response.json()) as { status: string; data: T; error?: string }
    if (answer.status !== 'success') throw new Error(`${answer.error}: ${parameters.query}`)
    return answer.data
  }

  return {
    url,
    folder,
    async query(expr) {
      const data = await api<{ resultType: string; result: Vector[] }>('query', { query: expr })
      if (data.resultType === 'scalar') return [{ metric: {}, value: data.result as never }]
      return data.result
    },
    async queryRange(expr, seconds, step) {
      // Several questions of one panel get answers of the same moments, as in Grafana.
      const end = Math.floor(Date.now() / 1000 / step) * step
      const data = await api<{ result: Vector[] }>('query_range', {
        query: expr,
        start: String(end - seconds),
        end: String(end),
        step: String(step),
      })
      return data.result
    },
    async labelValues(label, selector) {
      const response = await fetch(
        `${url}/api/v1/label/${label}/values?match[]=${encodeURIComponent(selector)}`,
      )
      return ((await response.json()) as { data: string[] }).data
    },
    async rules() {
      const response = await fetch(`${url}/api/v1/rules`)
      const { data } = (await response.json()) as {
        data: { groups: { rules: { name: string; health: string; lastError?: string }[] }[] }
      }
      return data.groups.flatMap(({ rules }) => rules)
    },
    async close() {
      await stopped(child)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function ready(url: string, child: ChildProcess, said: () => string): Promise<void> {
  for (let i = 0; i < 200; i++) {
    if (child.exitCode !== null) break
    const answer = await fetch(`${url}/-/ready`).catch(() => undefined)
    if (answer?.ok) return
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  throw new Error(`Prometheus did not start: ${said()}`)
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const gone = new Promise(resolve => child.once('exit', resolve))
  child.kill('SIGTERM')
  await gone
}

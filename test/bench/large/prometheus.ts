import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parse, stringify } from 'yaml'
import { freePort } from '../../free-port.ts'
import { answers } from '../../incidents/programs.ts'

export interface Started {
  /** Every rule was evaluated without an error. */
  evaluated(): Promise<void>
  /** No scrape and no rule from now on; all is asked about this moment. */
  quiet(): Promise<void>
  /** What an answer takes, and how many series it has. */
  ask(expr: string, range?: { seconds: number; step: number }): Promise<Cost & { found: number }>
  stop(): Promise<void>
}

export interface Cost {
  /** Of the whole Prometheus: what else runs on the machine does not count. */
  cpuSeconds: number
  seconds: number
}

interface Rule {
  name: string
  health: 'ok' | 'err' | 'unknown'
  lastError?: string
}

/** A Prometheus on a storage that has a past; it evaluates all rules, each group every minute. */
export async function startPrometheus(
  program: string,
  options: {
    folder: string
    storage: string
    port: number
    ruleFiles: readonly string[]
    scrapeSeconds: number
  },
): Promise<Started> {
  const { folder, storage, port, ruleFiles, scrapeSeconds } = options
  for (const [i, path] of ruleFiles.entries()) {
    const file = parse(readFileSync(path, 'utf8')) as { groups: { interval?: string }[] }
    // An hour is too long to wait for; what a group costs does not hang on how often it is asked.
    const groups = file.groups.map(group => ({ ...group, interval: '1m' }))
    writeFileSync(join(folder, `${i}.rules.yml`), stringify({ groups }))
  }
  const configuration = join(folder, 'prometheus.yml')
  const job = {
    job_name: 'iosetu-license-exporter',
    static_configs: [{ targets: [`127.0.0.1:${port}`], labels: { instance: 'a:8080' } }],
  }
  const every = `${scrapeSeconds}s`
  const content = {
    global: { scrape_interval: every, scrape_timeout: every },
    rule_files: [join(folder, '*.rules.yml')],
    scrape_configs: [job],
  }
  writeFileSync(configuration, stringify(content))
  const listen = `127.0.0.1:${await freePort()}`
  const args = [
    `--config.file=${configuration}`,
    `--storage.tsdb.path=${storage}`,
    `--web.listen-address=${listen}`,
    '--log.level=error',
  ]
  const child = spawn(program, args, { stdio: 'inherit' })
  const gone = new Promise(resolve => child.on('exit', resolve))
  await answers(`http://${listen}/-/ready`, 300)

  async function api<T>(path: string, query?: URLSearchParams): Promise<T> {
    const answer = await fetch(`http://${listen}/api/v1/${path}`, {
      ...(query && { method: 'POST', body: query }),
    })
    const { data, error } = (await answer.json()) as { data: T; error?: string }
    if (error) throw new Error(`${error}: ${query?.get('query')}`)
    return data
  }

  let at = 0
  return {
    async evaluated() {
      for (;;) {
        const { groups } = await api<{ groups: { rules: Rule[] }[] }>('rules')
        const rules = groups.flatMap(group => group.rules)
        const broken = rules.find(({ health }) => health === 'err')
        if (broken) throw new Error(`rule ${broken.name}: ${broken.lastError}`)
        if (rules.every(({ health }) => health === 'ok')) return
        await sleep(2000)
      }
    },
    async quiet() {
      at = Math.floor(Date.now() / 1000)
      writeFileSync(configuration, '{}\n')
      child.kill('SIGHUP')
      for (;;) {
        const { groups } = await api<{ groups: unknown[] }>('rules')
        if (groups.length === 0) return
        await sleep(500)
      }
    },
    async ask(expr, range) {
      const end = Math.floor(at / 60) * 60
      const times = range ? { start: end - range.seconds, end, step: range.step } : { time: at }
      const words = Object.entries(times).map(([name, value]) => [name, String(value)])
      const query = new URLSearchParams([['query', expr], ...words] as [string, string][])
      const cpu = cpuOf(child.pid ?? 0)
      const began = performance.now()
      const { result } = await api<{ result: unknown[] }>(range ? 'query_range' : 'query', query)
      return {
        cpuSeconds: cpuOf(child.pid ?? 0) - cpu,
        seconds: (performance.now() - began) / 1000,
        found: result.length,
      }
    },
    async stop() {
      child.kill('SIGTERM')
      await gone
    },
  }
}

function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}

import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../free-port.ts'
import { root } from './prometheus.ts'

/**
 * A real Grafana on a port of its own, from GRAFANA_BIN (the program) and GRAFANA_HOME (the folder
 * with conf/ and public/, /usr/share/grafana where a package installed it).
 */
export interface Grafana {
  url: string
  /** All that it has printed. */
  said(): string
  close(): Promise<void>
}

export interface GrafanaOptions {
  /** Folders of provisioning/grafana, as they lie there. */
  provision?: readonly ('alerting' | 'dashboards' | 'datasources' | 'plugins')[]
  /** An ini file that is read as it is, instead of none. */
  config?: string
  /** Values for the variables that the files name, and settings as GF_…. */
  env?: Readonly<Record<string, string>>
  port?: number
}

const app = 'iosetu-license-app'

export function grafanaProgram(): { program: string; home: string } | undefined {
  const { GRAFANA_BIN: program, GRAFANA_HOME: home = '/usr/share/grafana' } = process.env
  if (!program || !existsSync(join(home, 'conf/defaults.ini'))) {
    console.log(
      'skipped: GRAFANA_BIN (and GRAFANA_HOME) name no Grafana of version 12.2.5 or newer',
    )
    return undefined
  }
  return { program, home }
}

/** @throws Error with its last words where it does not answer within two minutes */
export async function startGrafana(
  { program, home }: { program: string; home: string },
  { provision = [], config, env = {}, port }: GrafanaOptions,
): Promise<Grafana> {
  const folder = mkdtempSync(join(tmpdir(), 'grafana-'))
  for (const kind of ['alerting', 'dashboards', 'datasources', 'plugins']) {
    mkdirSync(join(folder, 'provisioning', kind), { recursive: true })
  }
  for (const kind of provision) {
    cpSync(join(root, 'provisioning/grafana', kind), join(folder, 'provisioning', kind), {
      recursive: true,
    })
  }
  const built = join(root, 'grafana-plugin/dist')
  mkdirSync(join(folder, 'plugins'))
  if (provision.includes('plugins')) {
    if (!existsSync(built)) throw new Error(`${built} is missing: npm run build in grafana-plugin`)
    cpSync(built, join(folder, 'plugins', app), { recursive: true })
  }
  const httpPort = port ?? (await freePort())
  const child = spawn(
    program,
    ['server', '--homepath', home, ...(config ? ['--config', config] : [])],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        GF_PATHS_DATA: join(folder, 'data'),
        GF_PATHS_LOGS: join(folder, 'logs'),
        GF_PATHS_PLUGINS: join(folder, 'plugins'),
        GF_PATHS_PROVISIONING: join(folder, 'provisioning'),
        GF_SERVER_HTTP_ADDR: '127.0.0.1',
        GF_SERVER_HTTP_PORT: String(httpPort),
        GF_ANALYTICS_REPORTING_ENABLED: 'false',
        GF_ANALYTICS_CHECK_FOR_UPDATES: 'false',
        GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: 'false',
        GF_NEWS_NEWS_FEED_ENABLED: 'false',
        GF_PLUGINS_PREINSTALL_DISABLED: 'true',
        GF_PLUGINS_PUBLIC_KEY_RETRIEVAL_DISABLED: 'true',
        GF_PLUGINS_ALLOW_LOADING_UNSIGNED_PLUGINS: app,
        ...env,
      },
    },
  )
  let words = ''
  const hear = (chunk: Buffer) => {
    words += chunk
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  const url = `http://localhost:${httpPort}`
  await ready(url, child, () => words)
  return {
    url,
    said: () => words,
    async close() {
      const gone = new Promise(resolve => child.once('exit', resolve))
      if (child.exitCode === null && child.kill('SIGTERM')) await gone
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function ready(url: string, child: ChildProcess, said: () => string): Promise<void> {
  for (let i = 0; i < 600; i++) {
    if (child.exitCode !== null) break
    const answer = await fetch(`${url}/api/health`).catch(() => undefined)
    if (answer?.ok) return
    await new Promise(resolve => setTimeout(resolve, 200))
  }
  child.kill('SIGKILL')
  throw new Error(`Grafana does not answer: ${said().slice(-3000)}`)
}

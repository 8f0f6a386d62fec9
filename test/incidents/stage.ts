import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'
import { issueLicense, newKeyPair } from '../../exporter/self-license/issue.ts'
import { ruleFiles } from '../alerts/rules.ts'
import { freePort } from '../free-port.ts'
import { inDays } from './answers.ts'
import { answers, Collector, createPrograms, type Programs } from './programs.ts'
import { type Receiver, startReceiver } from './receiver.ts'
import { shortRoutes, shortRules } from './scale.ts'
import { Server } from './site.ts'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const names = {
  down: 1,
  toolless: 1,
  triad: 3,
  quorum: 3,
  daemon: 1,
  refusing: 1,
  full: 1,
  reread: 1,
  covered: 1,
  uncovered: 1,
  unread: 1,
  stuck: 1,
  vanishing: 1,
  changing: 3,
} as const

type ServerName = keyof typeof names

export interface Licensed {
  instance: string
  /** A valid license that ends so many seconds from now; it may have ended already. */
  license(seconds: number): Promise<void>
  /** Another offset of its wall clock, as faketime writes it. */
  step(offset: string): void
}

export interface Stage {
  servers: Record<ServerName, Server>
  own: { soon: Licensed; grace: Licensed; over: Licensed; clock: Licensed | undefined }
  gone: { instance: string; kill(): void; restart(): Promise<void> }
  pushing: { instance: string }
  collector: Collector
  receiver: Receiver
  prometheus: string
  close(): Promise<void>
}

export interface Tools {
  prometheus: string
  alertmanager: string
  /** libfaketimeMT.so.1; without it the clock is not played. */
  faketime: string | undefined
}

/** Real exporters, Prometheus and Alertmanager, all on loopback. */
export async function setStage(folder: string, tools: Tools): Promise<Stage> {
  const programs = createPrograms(folder)
  const receiver = await startReceiver()
  const servers = Object.fromEntries(
    Object.entries(names).map(([name, machines]) => [
      name,
      new Server(folder, name, machines, name === 'unread'),
    ]),
  ) as Record<ServerName, Server>
  servers.covered.says({ lines: [{ seats: 20, expires: inDays(400) }] })
  const { changing, vanishing, ...rest } = servers
  const collector = new Collector(await freePort())
  await collector.up()

  const main = await exporter(programs, folder, 'main', Object.values(rest))
  const gone = await exporter(programs, folder, 'gone', [vanishing])
  const otlp = `[otlp]\nendpoint = "http://127.0.0.1:${collector.port}"\nlogs = true\n`
  const pushing = await exporter(programs, folder, 'pushing', [changing], otlp)

  const pair = await newKeyPair()
  const keys = join(folder, 'keys.json')
  writeFileSync(keys, JSON.stringify({ keys: [pair.publicKey] }))
  const licensed = async (name: string, preload?: string): Promise<Licensed> => {
    const port = await freePort()
    const file = join(folder, `${name}.jwt`)
    const clock = join(folder, `${name}.clock`)
    writeFileSync(clock, '+0')
    const license = async (seconds: number) => {
      const now = Math.floor(Date.now() / 1000)
      const terms = { customer: 'Example', licenseId: `${name}-${seconds}` }
      const times = { issuedAt: now - 100 * 86_400, expiresAt: now + seconds }
      writeFileSync(`${file}.new`, await issueLicense(pair.privateKey, { ...terms, ...times }))
      renameSync(`${file}.new`, file)
    }
    await license(90 * 86_400)
    mkdirSync(join(folder, `${name}-state`))
    const args = [
      at('licensed-exporter.ts'),
      keys,
      file,
      String(port),
      join(folder, `${name}-state`),
    ]
    programs.start(name, process.execPath, args, {
      ...(preload && {
        LD_PRELOAD: preload,
        FAKETIME_TIMESTAMP_FILE: clock,
        FAKETIME_NO_CACHE: '1',
        FAKETIME_DONT_FAKE_MONOTONIC: '1',
      }),
    })
    await answers(`http://127.0.0.1:${port}/livez`)
    const step = (offset: string) => writeFileSync(clock, offset)
    return { instance: `127.0.0.1:${port}`, license, step }
  }
  const [soon, grace, over] = [
    await licensed('soon'),
    await licensed('grace'),
    await licensed('over'),
  ]
  const clock = tools.faketime ? await licensed('clock', tools.faketime) : undefined
  const own = { soon, grace, over, clock }

  const alertmanager = await startAlertmanager(programs, folder, tools.alertmanager, receiver.url)
  const targets = [main, gone, pushing, ...Object.values(own)].flatMap(one => one?.instance ?? [])
  const prometheus = await startPrometheus(
    programs,
    folder,
    tools.prometheus,
    alertmanager,
    targets,
  )
  return {
    servers,
    own,
    gone,
    pushing,
    collector,
    receiver,
    prometheus,
    async close() {
      await programs.closeAll()
      collector.down()
      receiver.close()
    },
  }
}

async function exporter(
  programs: Programs,
  folder: string,
  name: string,
  servers: readonly Server[],
  more = '',
) {
  const port = await freePort()
  const file = join(folder, `${name}.toml`)
  writeFileSync(
    file,
    `${servers.map(({ toml }) => toml).join('')}\n${more}
[api]
bind_port = ${port}
allow_anonymous = true
rate_limit_requests = 100000
`,
  )
  const instance = `127.0.0.1:${port}`
  const start = () =>
    programs.start(name, process.execPath, [at('../../exporter/start.mjs'), '--config', file])
  let child = start()
  await answers(`http://${instance}/livez`)
  return {
    instance,
    kill: () => {
      child.kill('SIGKILL')
    },
    async restart() {
      child = start()
      await answers(`http://${instance}/livez`)
    },
  }
}

async function startAlertmanager(
  programs: Programs,
  folder: string,
  command: string,
  receiver: string,
): Promise<string> {
  const listen = `127.0.0.1:${await freePort()}`
  const file = join(folder, 'alertmanager.yml')
  const shipped = readFileSync(at('../../alerts/alertmanager.yml'), 'utf8')
  writeFileSync(file, shortRoutes(shipped, receiver))
  programs.start('alertmanager', command, [
    `--config.file=${file}`,
    `--storage.path=${join(folder, 'alertmanager')}`,
    `--web.listen-address=${listen}`,
    '--cluster.listen-address=',
  ])
  await answers(`http://${listen}/-/ready`)
  return listen
}

async function startPrometheus(
  programs: Programs,
  folder: string,
  command: string,
  alertmanager: string,
  targets: readonly string[],
): Promise<string> {
  for (const path of ruleFiles) {
    writeFileSync(join(folder, basename(path)), shortRules(readFileSync(path, 'utf8')))
  }
  const listen = `127.0.0.1:${await freePort()}`
  const file = join(folder, 'prometheus.yml')
  writeFileSync(
    file,
    stringify({
      global: { scrape_interval: '3s', scrape_timeout: '3s', evaluation_interval: '1s' },
      rule_files: [join(folder, '*.rules.yml')],
      alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] },
      scrape_configs: [
        { job_name: 'iosetu-license-exporter', static_configs: [{ targets: [...targets] }] },
      ],
    }),
  )
  programs.start('prometheus', command, [
    `--config.file=${file}`,
    `--storage.tsdb.path=${join(folder, 'prometheus')}`,
    `--web.listen-address=${listen}`,
    '--rules.alert.resend-delay=10s',
  ])
  await answers(`http://${listen}/-/ready`)
  return listen
}

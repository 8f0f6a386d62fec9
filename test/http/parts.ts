import { createHash } from 'node:crypto'
import { type Config, configSchema } from '../../exporter/config/schema.ts'
import { type DemoLicenseState, demoLicense } from '../../exporter/demo/license.ts'
import { createEventLog } from '../../exporter/events/log.ts'
import { createFeatureMap } from '../../exporter/feature-map.ts'
import type { HttpDeps, OwnLicenseMonitor } from '../../exporter/http/deps.ts'
import { createHttpServer, type HttpServer } from '../../exporter/http/server.ts'
import { createLogger } from '../../exporter/log.ts'
import { createExposition } from '../../exporter/metrics/exposition.ts'
import { createInstruments } from '../../exporter/metrics/instruments.ts'
import type { SampleContext } from '../../exporter/metrics/samples.ts'
import type { Snapshot } from '../../exporter/model.ts'
import type { EventLog, Exposition, Logger, OwnLicense, Poller } from '../../exporter/parts.ts'
import { health, mayServe } from '../../exporter/self-license/health.ts'
import { createLicenseMonitor, type LicenseMonitor } from '../../exporter/self-license/index.ts'
import type { ServerState, State } from '../../exporter/state.ts'

/** A running HTTP surface over a state made by hand: what tests ask questions. */
export interface Running {
  server: HttpServer
  url: string
  config: Config
  state: State
  exposition: Exposition
  events: EventLog
  /** Everything that was logged or written, one JSON a line. */
  logged: string[]
  /** Counters of HTTP requests, as `/metrics 200` and their number. */
  counted(): Promise<Map<string, number>>
  readings: string[]
  set(toml: Record<string, unknown>): Promise<void>
}

export const now = new Date('2026-03-01T12:00:00Z')

export const keys = {
  reader: 'reader-key-6f1c2f5d9a7b4e10',
  scraper: 'scraper-key-93be0c4d17aa8f52',
  people: 'people-key-d0e17c6b2f3948a5',
} as const

export const keyTables = [
  { name: 'reader', sha256: digest(keys.reader), scopes: ['read'] },
  { name: 'scraper', sha256: digest(keys.scraper), scopes: ['metrics'] },
  { name: 'people', sha256: digest(keys.people), scopes: ['read', 'metrics', 'users'] },
]

export function digest(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}

export interface Heard extends Logger {
  /** Every line that was logged and every event that was written. */
  lines: string[]
}

export function createLog(level: 'debug' | 'error' = 'debug'): Heard {
  const lines: string[] = []
  const log = createLogger({ level, format: 'json', write: line => void lines.push(line) })
  return { ...log, lines }
}

/** Events in memory, as without `state_dir`. */
export function createEvents(log = createLog()): Promise<EventLog> {
  return createEventLog({
    events: configSchema.parse({}).events,
    stateDir: undefined,
    otlp: undefined,
    resource: {},
    instruments: createInstruments(),
    log,
    write: line => void log.lines.push(line),
  })
}

export interface Options {
  api?: Record<string, unknown>
  config?: Record<string, unknown>
  state?: State
  ownLicense?: OwnLicenseMonitor
  deps?: Partial<HttpDeps>
  /** Log errors alone: for measuring. */
  quiet?: boolean
}

export function configOf(options: Options): Config {
  return configSchema.parse({ ...options.config, api: { bind_port: 0, ...options.api } })
}

export async function start(options: Options = {}): Promise<Running> {
  let config = configOf(options)
  const state = options.state ?? { servers: new Map([['cad', serverState('cad')]]) }
  const readings: string[] = []
  const log = createLog(options.quiet ? 'error' : 'debug')
  const events = await createEvents(log)
  const instruments = createInstruments()
  const samples = (): SampleContext => ({
    features: createFeatureMap(config.feature),
    checkouts: undefined,
  })
  const exposition = createExposition({
    state: () => state,
    context: samples,
    live: () => [],
    now: () => now,
  })
  const poller: Poller = {
    state,
    ready: true,
    start() {},
    async readNow(name) {
      readings.push(name)
      return state.servers.get(name)?.reading
    },
    reconfigure() {},
    async close() {},
  }
  const server = await createHttpServer({
    config: () => config,
    state: () => state,
    poller,
    exposition,
    samples,
    events,
    instruments,
    log,
    ownLicense: options.ownLicense,
    version: '1.2.3',
    mode: 'run',
    now: () => now,
    ...options.deps,
  })
  return {
    server,
    url: server.address.url,
    config,
    state,
    exposition,
    events,
    logged: log.lines,
    async counted() {
      const counts = new Map<string, number>()
      for (const { metric, labels, value } of await instruments.samples()) {
        if (metric === 'license_exporter_http_requests_total') {
          counts.set(`${labels.method} ${labels.route} ${labels.code}`, value)
        } else counts.set(metric, value)
      }
      return counts
    },
    readings,
    async set(changed) {
      config = configOf({ ...options, ...changed })
      await server.reconfigure(config)
    },
  }
}

/** A real monitor of a real signed license that is in this state now. */
export async function licenseIn(state: DemoLicenseState): Promise<LicenseMonitor> {
  return createLicenseMonitor(await demoLicense(state))
}

/** For pages at a fixed time: a license that is given, told as the real one is. */
export function ownLicense(state: OwnLicense): OwnLicenseMonitor {
  return {
    state,
    health: () => health(state),
    mayServe: () => mayServe(state),
    *samples() {},
  }
}

export function serverState(name: string, change: Partial<Snapshot> = {}): ServerState {
  const good = {
    server: name,
    manager: 'flexlm',
    at: new Date(now.getTime() - 20_000),
    seconds: 0.2,
    snapshot: { ...snapshot, ...change },
  }
  return {
    name,
    manager: 'flexlm',
    members: ['lic1'],
    intervalSeconds: 60,
    hasLogs: false,
    reading: good,
    good,
    delaySeconds: 0,
    tally: {
      errors: new Map(),
      unparsed: new Map(),
      features: new Map(),
      peaks: new Map(),
      refused: new Map(),
    },
    log: undefined,
  } as ServerState
}

const subject = { vendor: 'adskflex', feature: 'sketch' }

/** One daemon, two features, names that must not leave by themselves. */
export const snapshot: Snapshot = {
  status: { up: true, version: '11.19' },
  members: [{ name: 'lic1', up: true, master: true }],
  daemons: [{ vendor: 'adskflex', up: true, version: '11.19' }],
  features: [
    {
      vendor: 'adskflex',
      name: 'sketch',
      counting: 'counted',
      issued: 4,
      used: 3,
      reservations: [
        { kind: 'GROUP', name: 'studio', seats: 1 },
        { kind: 'USER', name: 'canary-reserved', seats: 1 },
      ],
      problems: [],
    },
    {
      vendor: 'adskflex',
      name: 'animate',
      counting: 'counted',
      issued: 10,
      used: 0,
      reservations: [],
      problems: [],
    },
  ],
  pools: [
    {
      id: '0a1b2c3d',
      ...subject,
      version: '1.0',
      seats: 4,
      permanent: false,
      expiresAt: now.getTime() / 1000 + 5 * 86_400,
      source: 'served',
    },
  ],
  checkouts: [
    {
      ...subject,
      user: 'canary-anna',
      host: 'canary-host-1',
      display: 'canary-display',
      seats: 2,
      startedAt: now.getTime() / 1000 - 3600,
      state: 'active',
    },
    { ...subject, user: 'canary-ben', host: 'canary-host-2', seats: 1, state: 'borrowed' },
    { ...subject, user: 'canary-eve', host: 'canary-host-3', seats: 1, state: 'queued' },
  ],
  unparsed: [],
}

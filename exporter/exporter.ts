import { mkdir } from 'node:fs/promises'
import { hostname } from 'node:os'
import { createAnnouncements } from './announcements.ts'
import { type Sample, sample } from './catalogue.ts'
import type { LogPosition } from './collect/log-position.ts'
import { createPoller } from './collect/poll.ts'
import type { Config } from './config/schema.ts'
import { createEventLog } from './events/log.ts'
import type { MetricsPush } from './events/metrics-push.ts'
import { otlpSettings } from './events/otlp-settings.ts'
import { createFeatureMap } from './feature-map.ts'
import { createHttpServer } from './http/server.ts'
import { createLogger } from './log.ts'
import { createExposition } from './metrics/exposition.ts'
import { createInstruments } from './metrics/instruments.ts'
import { createProcessSamples } from './metrics/process.ts'
import { type SampleContext, samples } from './metrics/samples.ts'
import { createNames, type Names } from './privacy.ts'
import { loadPrivacyKey } from './privacy-key.ts'
import type { LicenseMonitor, LicenseMonitorOptions } from './self-license/index.ts'
import { version } from './version.ts'

export interface StartOptions {
  config: Config
  mode: 'run' | 'demo'
  /**
   * What the own license is checked with instead of the keys of the build and the IOSETU_ variables:
   * the demo's, or those of a program that embeds the exporter.
   */
  license?: Pick<LicenseMonitorOptions, 'trustedKeys' | 'key' | 'file'>
  env?: Environment
}

type Environment = Readonly<Record<string, string | undefined>>

export interface RunningExporter {
  /** Where it is served, `http://127.0.0.1:8080`. */
  readonly url: string
  /**
   * Takes a checked configuration; what it does not change goes on as it was.
   * @throws ExporterError where an address, certificate, key or folder cannot be had: then nothing
   * has changed
   */
  reconfigure(config: Config): Promise<void>
  /**
   * A changed configuration was refused: the last good one stays, and log, metrics and an event say
   * so. `reason` is a code, `problem` what is wrong with it, a line for each.
   */
  refused(reason: string, problem: string): void
  close(): Promise<void>
}

const tickMs = 5000

/**
 * Puts the parts together and starts them.
 * @throws ExporterError for a state_dir, key or address that cannot be used
 */
export async function startExporter(options: StartOptions): Promise<RunningExporter> {
  const { mode, env = process.env } = options
  let { config } = options
  const startedAt = new Date()
  const now = () => new Date()
  const logging = { ...config.log }
  const log = createLogger(logging)
  const instruments = createInstruments()
  const processSamples = createProcessSamples({ version, mode })
  if (config.state_dir) await mkdir(config.state_dir, { recursive: true, mode: 0o700 })

  let names = await namesOf(config)
  let context = contextOf(config, names)
  let reload = { successful: 1, at: startedAt.getTime() / 1000 }
  let otlp = settingsOf(config)
  const events = await createEventLog({
    events: config.events,
    stateDir: config.state_dir,
    otlp: otlp.logs,
    resource: otlp.resource,
    instruments,
    log,
  })
  const announcements = createAnnouncements(events, () => names, log, now)
  const poller = createPoller({
    config,
    log,
    onReading(change) {
      exposition.invalidate(change.server.name)
      announcements.reading(change)
    },
    onLogEntry(server, entries) {
      exposition.invalidate(server.name)
      announcements.logEntries(server, entries)
    },
    pendingEntries: announcements.pending,
    positions: config.state_dir
      ? {
          load: () => events.restored.positions as Record<string, LogPosition[]>,
          save: () => events.checkpoint(),
        }
      : undefined,
    now,
  })
  announcements.follow(poller)

  async function live(at: Date): Promise<Sample[]> {
    return [
      ...processSamples(),
      ...(await instruments.samples()),
      ...events.samples(at),
      ...(ownLicense?.samples(at) ?? []),
      sample('license_exporter_config_last_reload_successful', {}, reload.successful),
      sample('license_exporter_config_last_reload_success_timestamp_seconds', {}, reload.at),
    ]
  }

  const exposition = createExposition({
    state: () => poller.state,
    context: () => context,
    live,
    now,
  })
  const ownLicense = await ownLicenseOf()
  let push = await pushOf(otlp)

  const http = await createHttpServer({
    config: () => config,
    state: () => poller.state,
    poller,
    exposition,
    samples: () => context,
    events,
    instruments,
    log,
    ownLicense,
    version,
    mode,
    now,
  }).catch(async error => {
    await Promise.all([ownLicense?.close(), push?.close()])
    await events.close()
    throw error
  })
  ownLicense?.on(announcements.own)
  if (ownLicense?.state.state === 'valid') announcements.ownIsGood()
  poller.start()
  const ticking = setInterval(announcements.tick, tickMs)
  // The demo tells it in its own words.
  if (mode === 'run') {
    log.info('serving', { url: http.address.url, license_servers: config.server.length, version })
  }

  function settingsOf({ otlp: section, api }: Config) {
    const settings = otlpSettings(env, section, `${hostname()}:${api.bind_port}`)
    for (const warning of settings.warnings) log.warn(warning)
    return settings
  }

  // What few need is loaded when it is asked for: it costs memory and time of every start.
  async function pushOf({ metrics, resource }: typeof otlp): Promise<MetricsPush | undefined> {
    if (!metrics) return undefined
    const { createProducer } = await import('./metrics/producer.ts')
    const { createMetricsPush } = await import('./events/metrics-push.ts')
    return createMetricsPush({
      settings: metrics,
      resource,
      producer: createProducer({
        samples: async () => [...samples(poller.state, context, now()), ...(await live(now()))],
        version,
        startedAt,
      }),
      instruments,
      log,
    })
  }

  async function ownLicenseOf(): Promise<LicenseMonitor | undefined> {
    if (!watchesLicense(config, options.license, env)) return undefined
    const { createLicenseMonitor } = await import('./self-license/index.ts')
    return createLicenseMonitor({ ...options.license, stateDir: config.state_dir, log })
  }

  return {
    url: http.address.url,
    async reconfigure(next) {
      // All that can fail comes first, each step undone by its own; nothing after the door fails.
      const nextNames = await namesOf(next)
      const nextOtlp = settingsOf(next)
      const nextPush = await pushOf(nextOtlp)
      try {
        await http.reconfigure(next)
      } catch (error) {
        await nextPush?.close()
        throw error
      }
      if (next.state_dir !== config.state_dir) {
        log.warn('Another state_dir is taken at the next start', { state_dir: config.state_dir })
      }
      Object.assign(logging, next.log)
      config = next
      names = nextNames
      context = contextOf(next, names)
      otlp = nextOtlp
      events.reconfigure({ events: next.events, otlp: otlp.logs, resource: otlp.resource })
      poller.reconfigure(next)
      exposition.invalidateAll()
      const before = push
      push = nextPush
      await before?.close()
      reload = { successful: 1, at: Date.now() / 1000 }
      const attributes = { reason: 'changed' }
      events.emit({ event: 'exporter.config_reloaded', msg: 'Configuration reloaded', attributes })
    },
    refused(reason, problem) {
      reload.successful = 0
      const problems = problem.split('\n').filter(line => line.trim() !== '')
      log.error('Configuration refused; the last good one stays', { reason, problems })
      const attributes = { reason }
      events.emit({ event: 'exporter.config_refused', msg: 'Configuration refused', attributes })
    },
    async close() {
      clearInterval(ticking)
      await Promise.all([poller.close(), http.close(), push?.close(), ownLicense?.close()])
      await events.close()
      await instruments.shutdown()
    },
  }
}

/** Once on it stays on: a reload does not come here. */
function watchesLicense(config: Config, given: StartOptions['license'], env: Environment): boolean {
  const named = Boolean(env.IOSETU_LICENSE_FILE || env.IOSETU_LICENSE_KEY)
  return given !== undefined || named || config.self_license.required
}

async function namesOf(config: Config): Promise<Names> {
  return createNames({ ...config.privacy, key: await loadPrivacyKey(config) })
}

function contextOf({ feature, checkouts }: Config, names: Names): SampleContext {
  return {
    features: createFeatureMap(feature),
    checkouts: checkouts.series ? { names, max: checkouts.max } : undefined,
  }
}

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { EventDraft } from '../../exporter/catalogue.ts'
import { configSchema } from '../../exporter/config/schema.ts'
import { createEventLog, type EventLogOptions } from '../../exporter/events/log.ts'
import { otlpSettings } from '../../exporter/events/otlp-settings.ts'
import { createLogger } from '../../exporter/log.ts'

export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'license-exporter-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** Counts what the exporter's instruments would count. */
export class Counts {
  readonly events: string[] = []
  readonly dropped: Record<string, number> = {}
  readonly errors: Record<string, number> = {}
  event(name: string): void {
    this.events.push(name)
  }
  eventsDropped(reason: string, count: number): void {
    this.dropped[reason] = (this.dropped[reason] ?? 0) + count
  }
  otlpError(signal: string, reason: string): void {
    const key = `${signal}/${reason}`
    this.errors[key] = (this.errors[key] ?? 0) + 1
  }
}

export async function eventLog(
  given: {
    url?: string | undefined
    stateDir?: string | undefined
    env?: Record<string, string>
    events?: object
    otlp?: object
  } & Pick<Partial<EventLogOptions>, 'clock'>,
) {
  const counts = new Counts()
  const stdout: string[] = []
  const logged: string[] = []
  const config = configSchema.parse({
    events: given.events ?? {},
    otlp: { ...(given.url && { endpoint: given.url }), ...given.otlp },
  })
  const settings = otlpSettings(
    { OTEL_EXPORTER_OTLP_TIMEOUT: '600', ...given.env },
    config.otlp,
    'exporter:8080',
  )
  const log = await createEventLog({
    events: config.events,
    stateDir: given.stateDir,
    otlp: settings.logs,
    resource: settings.resource,
    instruments: counts,
    log: createLogger({ level: 'debug', format: 'json', write: line => void logged.push(line) }),
    write: line => void stdout.push(line),
    ...(given.clock && { clock: given.clock }),
  })
  onTestFinished(() => log.close())
  return { log, counts, stdout, logged }
}

export function serverDown(server: string, reason = 'connect'): EventDraft {
  return {
    event: 'license_server.down',
    msg: 'License server is down',
    attributes: { server, manager: 'flexlm', reason },
  }
}

export async function until(what: () => boolean, ms = 15_000): Promise<void> {
  const end = Date.now() + ms
  while (!what()) {
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${what}`)
    await new Promise(done => setTimeout(done, 10))
  }
}

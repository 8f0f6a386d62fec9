import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Sample, sample } from '../catalogue.ts'
import type { EventLog, Logger } from '../parts.ts'
import type { Config } from './schema.ts'

export interface ReloadOptions {
  path: string
  /** Reads and checks the whole file; throws ExporterError('config') with what is wrong. */
  load: (path: string) => Promise<{ config: Config; warnings: readonly unknown[] }>
  /** Takes a configuration that was found good. Throws where it cannot (a port in use, say). */
  apply: (config: Config) => Promise<void> | void
  /** What runs now; it comes back where `apply` failed halfway. */
  current: () => Config
  events: EventLog
  log: Logger
  now?: () => Date
  /** How often the file is read and compared. */
  everyMs?: number
}

export interface ConfigWatch {
  /** What SIGHUP does; true = taken. One at a time, in order. */
  reload(): Promise<boolean>
  samples(): Iterable<Sample>
  close(): void
}

/**
 * Takes a changed configuration on SIGHUP and when the file's bytes change. They are read and
 * compared: file events miss what Kubernetes does when it swaps a mounted directory. A file that
 * is not good as a whole changes nothing: the last good one stays.
 */
export function watchConfig(options: ReloadOptions): ConfigWatch {
  const { path, load, apply, current, events, log } = options
  const now = options.now ?? (() => new Date())
  let successful = true
  let takenAt = now()
  // At once: what is written from now on is a change.
  let seen = readNow(path)
  let queue: Promise<unknown> = Promise.resolve()

  async function reload(): Promise<boolean> {
    const before = current()
    let config: Config
    try {
      const loaded = await load(path)
      config = loaded.config
      for (const warning of loaded.warnings) log.warn('Configuration', { warning })
    } catch (error) {
      return refused(error)
    }
    try {
      await apply(config)
    } catch (error) {
      await back(before)
      return refused(error)
    }
    successful = true
    takenAt = now()
    log.info('Configuration reloaded', { file: path })
    const msg = 'The configuration was reloaded'
    events.emit({ event: 'exporter.config_reloaded', msg, attributes: { reason: 'changed' } })
    return true
  }

  async function back(before: Config): Promise<void> {
    try {
      await apply(before)
    } catch (error) {
      log.error('The last good configuration could not be put back', { reason: sentence(error) })
    }
  }

  function refused(error: unknown): false {
    successful = false
    const reason = sentence(error)
    log.error('The changed configuration was refused; the last good one stays', {
      file: path,
      reason,
    })
    const msg = 'The changed configuration was refused; the last good one stays'
    events.emit({ event: 'exporter.config_refused', msg, attributes: { reason } })
    return false
  }

  function enqueue<Result>(work: () => Promise<Result>): Promise<Result> {
    const next = queue.then(work)
    queue = next.catch(() => undefined)
    return next
  }

  const read = () =>
    readFile(path, 'latin1').catch((error: NodeJS.ErrnoException) => `${error.code}`)

  async function look(): Promise<void> {
    let text = await read()
    if (text === seen) return
    // Somebody may be writing it right now.
    for (let i = 0; i < 10 && text !== seen; i++) {
      seen = text
      await sleep(settleMs)
      text = await read()
    }
    await reload()
  }

  const onHangup = () => void enqueue(reloadAndRemember)
  async function reloadAndRemember(): Promise<boolean> {
    seen = await read()
    return reload()
  }

  const timer = setInterval(() => void enqueue(look), options.everyMs ?? 15_000)
  timer.unref()
  process.on('SIGHUP', onHangup)

  return {
    reload: () => enqueue(reloadAndRemember),
    *samples() {
      yield sample('license_exporter_config_last_reload_successful', {}, Number(successful))
      const seconds = takenAt.getTime() / 1000
      yield sample('license_exporter_config_last_reload_success_timestamp_seconds', {}, seconds)
    },
    close() {
      clearInterval(timer)
      process.off('SIGHUP', onHangup)
    },
  }
}

const settleMs = 100

function readNow(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch (error) {
    return `${(error as NodeJS.ErrnoException).code}`
  }
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

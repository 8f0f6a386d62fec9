import type { Instruments, Logger } from '../parts.ts'
import { createLogExport, type LogExport } from './otlp-logs.ts'
import type { Outcome } from './otlp-outcome.ts'
import type { SignalSettings } from './otlp-settings.ts'
import type { Batch, EventQueue } from './queue.ts'
import type { SpoolRecord } from './record.ts'

/** Time, so that an hour without a collector can pass in a second. */
export interface SenderClock {
  now(): Date
  /** Resolves after so long, or when the signal says so. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

export const systemClock: SenderClock = {
  now: () => new Date(),
  sleep: (ms, signal) =>
    new Promise(resolve => {
      if (signal.aborted) return resolve()
      const over = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', over)
        resolve()
      }
      const timer = setTimeout(over, ms)
      timer.unref()
      signal.addEventListener('abort', over)
    }),
}

export interface LogSender {
  /** Something waits. */
  wake(): void
  /** Another collector, or none. */
  use(settings: SignalSettings | undefined, resource: Readonly<Record<string, string>>): void
  /** Sends what it can until then (Unix ms). */
  close(deadline: number): Promise<void>
  abort(): void
}

export interface LogSenderOptions {
  queue: EventQueue
  instruments: Pick<Instruments, 'otlpError'>
  log: Logger
  clock: SenderClock
}

const batchSize = 512
const firstDelayMs = 1000
const mostDelayMs = 300_000

/**
 * Sends the queue in order, one batch at a time. A collector that is away or busy is asked again,
 * later and later up to 5 minutes, or when its Retry-After says; nothing leaves the queue before it
 * is delivered. Records that the collector refuses for themselves are found by halving and let go.
 */
export function createLogSender({ queue, instruments, log, clock }: LogSenderOptions): LogSender {
  let target: LogExport | undefined
  let wanted: SignalSettings | undefined
  let failures = 0
  let closing = false
  let rest = new AbortController()
  let running: Promise<void> | undefined

  function wake(): void {
    if (running || closing || !target) return
    running = run().finally(() => {
      running = undefined
      if (queue.size > 0) wake()
    })
  }

  async function run(): Promise<void> {
    while (target && !closing && queue.size > 0) {
      const delay = await step()
      if (delay === 0 || closing) continue
      await clock.sleep(delay, rest.signal)
    }
  }

  /** One batch; milliseconds to wait before the next. */
  async function step(): Promise<number> {
    const to = target
    if (!to) return 0
    try {
      const batch = await queue.peek(batchSize)
      if (batch.records.length === 0) return 0
      const outcome = await deliver(to, batch.records)
      if (outcome.ok) return await delivered(batch)
      return to === target ? failed(outcome) : 0
    } catch (error) {
      log.error('Events could not be sent', { error: String(error) })
      return mostDelayMs / 10
    }
  }

  async function delivered(batch: Batch): Promise<number> {
    if (failures > 0) log.info('The collector takes events again')
    failures = 0
    await queue.done(batch)
    return 0
  }

  function failed({ reason, message, retryAfter }: Outcome & { ok: false }): number {
    instruments.otlpError('logs', reason)
    if (failures === 0) {
      log.warn('Events could not be sent: they wait', { reason, error: message, url: where() })
    }
    const backoff = Math.min(firstDelayMs * 2 ** failures, mostDelayMs)
    failures = Math.min(failures + 1, 20)
    return retryAfter ?? Math.round(backoff * (0.8 + 0.2 * Math.random()))
  }

  /** Halves until the records that the collector does not want stand alone. */
  async function deliver(to: LogExport, records: readonly SpoolRecord[]): Promise<Outcome> {
    const outcome = await to.send(records)
    if (outcome.ok && outcome.rejected > 0) refused(outcome.rejected, outcome.message)
    if (outcome.ok || !outcome.permanent) return outcome
    if (records.length === 1) {
      refused(1, outcome.message)
      return { ok: true, rejected: 1, message: outcome.message }
    }
    const middle = Math.ceil(records.length / 2)
    const first = await deliver(to, records.slice(0, middle))
    return first.ok ? deliver(to, records.slice(middle)) : first
  }

  /** The specification forbids to send these again. */
  function refused(events: number, message: string): void {
    instruments.otlpError('logs', 'partial')
    log.warn('The collector refused events for good', { events, error: message, url: where() })
  }

  function where(): string {
    if (!wanted) return ''
    const { origin, pathname } = new URL(wanted.url)
    return origin + pathname
  }

  return {
    wake,
    use(settings, resource) {
      const before = target
      wanted = settings
      target = undefined
      try {
        target = settings && createLogExport(settings, resource)
      } catch (error) {
        log.error('Events cannot be sent', { error: (error as Error).message })
      }
      before?.destroy()
      failures = 0
      rest.abort()
      rest = new AbortController()
      wake()
    },
    async close(deadline) {
      closing = true
      rest.abort()
      await running
      while (failures === 0 && target && queue.size > 0) {
        if (Date.now() >= deadline || (await step()) > 0) return
      }
    },
    abort() {
      closing = true
      rest.abort()
      target?.destroy()
      target = undefined
    },
  }
}

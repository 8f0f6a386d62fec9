import type { EventDraft, LicenseEvent, Sample } from './catalogue.ts'
import type { Config } from './config/schema.ts'
import type { Reading, ServerState, State } from './state.ts'

/** The parts of the running exporter and what they ask of each other. Types only. */

/** Reads every configured server in the background (collect/poll.ts). */
export interface Poller {
  readonly state: State
  /** Every configured server has been read once, or its first reading failed. */
  readonly ready: boolean
  start(): void
  /** A fresh reading of one configured server; joins the one under way. undefined = no such server. */
  readNow(server: string): Promise<Reading | undefined>
  /** Unchanged servers keep their history, counters and schedule. */
  reconfigure(config: Config): void
  /** Ends what runs (process groups too); resolves when nothing is left. */
  close(): Promise<void>
}

export interface ReadingChange {
  server: ServerState
  before: Reading | undefined
  after: Reading
}

/** The text of /metrics (metrics/exposition.ts). */
export interface Exposition {
  /** The reading or the counters of this server changed; it may be gone altogether. */
  invalidate(server: string): void
  /** The configuration changed what all servers show (feature map, privacy). */
  invalidateAll(): void
  scrape(headers: {
    accept?: string | undefined
    acceptEncoding?: string | undefined
  }): Promise<Scrape>
}

export interface Scrape {
  contentType: string
  /** `gzip` or undefined. */
  contentEncoding: string | undefined
  body: readonly Uint8Array[]
}

/** Events: stdout, memory for API and stream, spool and OTLP (events/). */
export interface EventLog {
  /** Gives it id and time, writes it everywhere. Never throws. */
  emit(draft: EventDraft): LicenseEvent
  /** Newest last; at most `[events] keep`. */
  recent(): readonly LicenseEvent[]
  subscribe(listener: (event: LicenseEvent) => void): () => void
  /** Gauges of the spool. */
  samples(now: Date): Iterable<Sample>
  /** Ends within 5 s whatever the collector does. */
  close(): Promise<void>
}

/** Counters of what happens inside the exporter itself (metrics/instruments.ts). */
export interface Instruments {
  event(name: string): void
  eventsDropped(reason: string, count: number): void
  otlpError(signal: string, reason: string): void
  httpRequest(route: string, method: string, code: number): void
  authFailure(): void
  rateLimited(): void
}

export interface Logger {
  debug(msg: string, fields?: Record<string, unknown>): void
  info(msg: string, fields?: Record<string, unknown>): void
  warn(msg: string, fields?: Record<string, unknown>): void
  error(msg: string, fields?: Record<string, unknown>): void
}

/** The own license as health, guard, samples and pages see it (self-license/monitor.ts). */
export interface OwnLicense {
  state: 'valid' | 'grace' | 'over' | 'unlicensed'
  /** expired, missing, invalid, clock; absent while valid. */
  problem?: string
  /** A code of verify.ts, or a sentence's key, that says what to do. */
  reason?: string
  customer?: string
  licenseId?: string
  edition?: string
  expiresAt?: Date
  graceExpiresAt?: Date
}

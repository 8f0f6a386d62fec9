import type { Sample } from '../catalogue.ts'
import type { Config } from '../config/schema.ts'
import type {
  EventLog,
  Exposition,
  Instruments,
  Logger,
  OwnLicense,
  Poller,
  Scrape,
} from '../parts.ts'
import type { ServerState, State } from '../state.ts'

/** What the HTTP surface asks of the rest of the exporter. */
export interface HttpDeps {
  config: () => Config
  state: () => State
  poller: Poller
  exposition: Exposition
  /** Samples of one license server, for /probe. */
  serverSamples(server: ServerState, now: Date): Iterable<Sample>
  /** The text of a few samples, for /probe and /health. */
  encode(samples: Iterable<Sample>, headers: ScrapeHeaders): Scrape | Promise<Scrape>
  events: EventLog
  instruments: Instruments
  log: Logger
  /** Absent while the own license is not watched. */
  ownLicense?: OwnLicenseMonitor | undefined
  version: string
  mode: 'run' | 'demo'
  now?: () => Date
}

export interface ScrapeHeaders {
  accept?: string | undefined
  acceptEncoding?: string | undefined
}

export interface OwnLicenseMonitor {
  readonly state: OwnLicense
  /** The documented body and its status. */
  health(): { status: number; body: object }
  /** May the product that asks /guard serve new requests? */
  mayServe(): boolean
  samples(now: Date): Iterable<Sample>
}

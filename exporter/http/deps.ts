import type { Sample } from '../catalogue.ts'
import type { Config } from '../config/schema.ts'
import type { SampleContext } from '../metrics/samples.ts'
import type { EventLog, Exposition, Instruments, Logger, OwnLicense, Poller } from '../parts.ts'
import type { State } from '../state.ts'

/** What the HTTP surface asks of the rest of the exporter. */
export interface HttpDeps {
  config: () => Config
  state: () => State
  poller: Poller
  exposition: Exposition
  /** What samples are made with: the same as for the exposition. */
  samples: () => SampleContext
  events: EventLog
  instruments: Instruments
  log: Logger
  /** Absent while the own license is not watched. */
  ownLicense?: OwnLicenseMonitor | undefined
  version: string
  mode: 'run' | 'demo'
  now?: () => Date
  /** Between two looks at keys and certificates on disk; default 15 s. */
  filesEveryMs?: number
}

export interface OwnLicenseMonitor {
  readonly state: OwnLicense
  /** The documented body and its status. */
  health(): { status: number; body: object }
  /** May the product that asks /guard serve new requests? */
  mayServe(): boolean
  samples(now: Date): Iterable<Sample>
}

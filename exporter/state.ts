import type { CollectErrorCode, ExporterError } from './errors.ts'
import type { DenialReason, Snapshot } from './model.ts'

/** What the exporter knows now; telling files read it, collect/ writes it. */
export interface State {
  servers: ReadonlyMap<string, ServerState>
}

/** One poll of one configured server; a failed poll is a value too. */
export type Reading = {
  server: string
  manager: string
  /** When the answer came; of a file that another job writes, its modification time. */
  at: Date
  /** How long it took. */
  seconds: number
  /** Failures of what is read beside (license files); the reading went on. */
  besideErrors?: ExporterError[]
} & ({ snapshot: Snapshot } | { error: ExporterError })

export interface ServerState {
  readonly name: string
  readonly manager: string
  /** Machines of `address`: the members until an answer lists them. */
  readonly members: readonly string[]
  readonly intervalSeconds: number
  /** `max_age` of a server that is read from a file: it replaces the 3 intervals. */
  readonly maxAgeSeconds?: number | undefined
  readonly hasLogs: boolean
  /** The last reading, good or failed; undefined until the first one ended. */
  reading: Reading | undefined
  /** The last reading with a snapshot; its gauges are shown until it is 3 intervals old. */
  good: GoodReading | undefined
  /** How late the last reading began. */
  delaySeconds: number | undefined
  tally: Tally
  log: LogState | undefined
}

export type GoodReading = Extract<Reading, { snapshot: Snapshot }>

/** Counters across polls and log lines; they start at 0 and live as long as the process. */
export interface Tally {
  errors: Map<CollectErrorCode, number>
  unparsed: Map<string, number>
  /** By `featureKey`. */
  features: Map<string, FeatureTally>
  /** Peaks by product group (sesinetd). */
  peaks: Map<string, number>
  /** The vendor's own total of refusals by vendor, where a log tells it (sesinetd). */
  refused: Map<string, number>
}

export interface FeatureTally {
  vendor: string
  feature: string
  denials: Map<DenialReason, number>
  checkouts: number
  checkins: number
  checkoutSeats: number
  /** What happened to series that nobody saw at 0 yet (collect/tally.ts); not to be shown. */
  held?: HeldCounts
}

export interface HeldCounts {
  /** Counts of the whole feature; undefined once they are released. */
  feature: { seen: boolean; checkouts: number; checkins: number; checkoutSeats: number } | undefined
  denials: Map<DenialReason, { seen: boolean; count: number }>
}

export interface LogState {
  lines: number
  lagBytes: number
  /** When the last line was read, Unix seconds. */
  lastLineAt: number | undefined
}

/** Daemon names are compared without case. */
export function featureKey(vendor: string, feature: string): string {
  return `${vendor.toLowerCase()}\n${feature}`
}

/** After so many intervals a reading is too old for its gauges. */
export const staleIntervals = 3

/**
 * The reading whose gauges are shown: the last good one, also while later ones fail, until it is
 * 3 intervals old (`max_age`, where that is set). Then nothing is known of features, pools and
 * checkouts.
 */
export function freshReading(state: ServerState, now: Date): GoodReading | undefined {
  const { good } = state
  return good && now.getTime() < staleAt(good, state) ? good : undefined
}

/** When a reading becomes too old, Unix milliseconds. */
export function staleAt(
  reading: Reading,
  { intervalSeconds, maxAgeSeconds }: Pick<ServerState, 'intervalSeconds' | 'maxAgeSeconds'>,
): number {
  return reading.at.getTime() + (maxAgeSeconds ?? staleIntervals * intervalSeconds) * 1000
}

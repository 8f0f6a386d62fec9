/**
 * What a license server said, in the field's words. Types only.
 * Absent = the vendor does not say; never 0. Times are Unix seconds.
 */

export interface Snapshot {
  status: ServerStatus
  members: Member[]
  daemons: Daemon[]
  features: Feature[]
  pools: Pool[]
  checkouts: Checkout[]
  unparsed: UnparsedLine[]
}

/** The server itself: it serves, or it said (or the refused connection says) that it does not. */
export type ServerStatus =
  | {
      up: true
      version?: string
      /** The text is a feature list or a license file: whether the server serves is not told. */
      assumed?: true
    }
  | { up: false; reason: DownReason; message: string; version?: string }

export type DownReason = 'down' | 'connect' | 'quorum'

/** One machine of a license server: one, or three in a triad, or a failover pair. */
export interface Member {
  name: string
  up: boolean
  master?: boolean
  version?: string
  port?: number
  error?: string
}

/** The process that grants one vendor's features: FlexLM vendor daemon, RLM ISV server. */
export interface Daemon {
  vendor: string
  up: boolean
  version?: string
  error?: string
  port?: number
  /** Restarts that the server itself counts (RLM). */
  restarts?: number
  /** The vendor's own total of refusals that it does not tell by feature. */
  denials?: number
  /** The vendor's own total of checkouts that it does not tell by feature (RLM). */
  checkouts?: number
}

export type Counting = 'counted' | 'uncounted'
export type FeatureProblem = 'no_such_feature' | 'unsupported' | 'expired' | 'disabled'

/** (vendor, name) is the identity; version is never part of it, repeated headings are summed. */
export interface Feature {
  vendor: string
  name: string
  counting: Counting
  /** Seats the server may check out; absent if uncounted or not told. */
  issued?: number
  /** What the server says is in use; absent where it does not say. */
  used?: number
  /** Configured reservations where only their number is told (RLM). */
  reserved?: number
  reservations: Reservation[]
  /** Requests that wait, where only their number is told; those of queued lines are beside it. */
  queued?: number
  /** Name for people, where the vendor gives one. */
  display?: string
  problems: FeatureProblem[]
  /** The vendor's own running totals (RLM). */
  checkouts?: number
  /** Seats valid now in the license files beside the server, and their last expiry. */
  installed?: number
  installedExpiresAt?: number
}

export interface Reservation {
  /** GROUP, HOST, USER, HOST_GROUP, USER_GROUP, PROJECT, DISPLAY, INTERNET … as the vendor writes it. */
  kind: string
  name: string
  seats: number
}

/** One line of capacity. */
export interface Pool {
  /** 8 hex digits, managers/pool-id.ts. */
  id: string
  vendor: string
  feature: string
  version: string
  seats?: number
  used?: number
  permanent: boolean
  /** End of its last day in the server's zone; absent if permanent or not told. */
  expiresAt?: number
  /** Where this line was read: what is served wins over what a file says. */
  source: 'served' | 'file'
}

export type CheckoutState = 'active' | 'borrowed' | 'queued'

export interface Checkout {
  vendor: string
  feature: string
  version?: string
  user?: string
  host?: string
  display?: string
  seats: number
  startedAt?: number
  state: CheckoutState
  lingerSeconds?: number
}

/** Lines that were not understood, counted by section; the text is for `parse` on the terminal alone. */
export interface UnparsedLine {
  section: string
  line: string
}

/** What refuses a checkout, for every vendor. */
export type DenialReason =
  | 'no_seats'
  | 'limit'
  | 'excluded'
  | 'version'
  | 'expired'
  | 'no_such_feature'
  | 'other'

/** One understood line of a vendor's log. `at` is Unix seconds. */
export type LogEntry =
  | (LogSubject & { kind: 'checkout' | 'checkin'; seats: number })
  | (LogSubject & { kind: 'denial'; reason: DenialReason; code?: string; seats?: number })
  | (LogSubject & { kind: 'queued' | 'dequeued'; seats?: number })
  /** The daemon started: what was out is in again. */
  | { kind: 'start' | 'stop'; at: number; vendor: string }
  /** sesinetd's usage line: seats in use now and the peak since the last such line, by product group. */
  | (GroupPeak & { kind: 'peak'; at: number; vendor: string; others?: readonly GroupPeak[] })
  /** The vendor's own total of refused requests, not told by feature. */
  | { kind: 'refused_total'; at: number; vendor: string; total: number }

/** One line tells all product groups: the first stands in the entry, `others` holds the rest. */
export interface GroupPeak {
  group: string
  used: number
  peak: number
}

export interface LogSubject {
  at: number
  vendor: string
  feature: string
  user?: string
  host?: string
  /** Of the feature's name, and of user and host together. */
  featureHint?: Hint
  holderHint?: Hint
}

/**
 * The same object each time a reader finds the same name: whoever keeps something by that name may
 * note here where, and must look whether it is still there.
 */
export interface Hint {
  place: number
}

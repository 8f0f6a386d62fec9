import type { Checkout, Daemon, FeatureProblem, Reservation, UnparsedLine } from '../../model.ts'
import type { Machine } from './address.ts'

/** What the lines of one text said, before vendors are settled and headings are summed. */
export interface Draft {
  /** Something of a license server was understood. */
  recognised: boolean
  blocks: Block[]
  daemons: Daemon[]
  headings: Heading[]
  pools: PoolLine[]
  /** Rows of a feature list. */
  rows: ListRow[]
  checkouts: Checkout[]
  unparsed: UnparsedLine[]
}

/** "License server status: …" and what follows it; two servers in one output are two blocks. */
export interface Block {
  listed: Machine[]
  members: MemberLine[]
  /** The server's own word that it is not there. */
  error?: string
}

export interface MemberLine {
  host: string
  up: boolean
  master: boolean
  version?: string
  error?: string
}

/** "Users of X: …" with what stands below it. */
export interface Heading {
  name: string
  /** The daemon it stands under. */
  daemon: string | undefined
  /** That daemon, or its pool line's. */
  vendor: string | undefined
  uncounted: boolean
  issued?: number
  used?: number
  problem?: FeatureProblem
  /** Requests that wait and have no line. */
  queued?: number
  reservations: Reservation[]
  /** Its lines in `Draft.checkouts`. */
  first: number
  end: number
  /** Seats of its checkout lines. */
  seats: number
}

/** `"f" v2017.12, vendor: mgcld, expiry: 01-jan-0000` below a heading. */
export interface PoolLine {
  vendor: string
  feature: string
  version: string
  expiry: string | undefined
  heading: Heading
}

export interface ListRow {
  feature: string
  version: string
  /** undefined = uncounted. */
  seats: number | undefined
  vendor: string
  expiry: string
  /** It stood with its use: a feature list in the same text says the same again. */
  increment?: true
}

export const sections = [
  'server',
  'daemon',
  'feature',
  'checkout',
  'feature_list',
  'license_file',
  'other',
] as const

export type Section = (typeof sections)[number]

export function emptyDraft(): Draft {
  return {
    recognised: false,
    blocks: [],
    daemons: [],
    headings: [],
    pools: [],
    rows: [],
    checkouts: [],
    unparsed: [],
  }
}

const mostDistinct = 1000
const longestShown = 300

/** Counts lines that were not understood; equal ones share one object, and text is kept of 1,000. */
export function unparsedLines(into: UnparsedLine[]): (section: Section, line: string) => void {
  const known = new Map<string, UnparsedLine>()
  return (section, line) => {
    const text = known.size < mostDistinct ? line.slice(0, longestShown) : '…'
    const key = `${section}\n${text}`
    let one = known.get(key)
    if (!one) {
      one = { section, line: text }
      known.set(key, one)
    }
    into.push(one)
  }
}

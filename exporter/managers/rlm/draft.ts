import type { Checkout, Daemon, Member, UnparsedLine } from '../../model.ts'
import { excerpt } from '../lines.ts'
import type { Expiry } from '../time.ts'

/** Closed set of sections of an RLM text. */
export const sections = ['server', 'isv', 'pool', 'usage', 'page', 'license_file', 'other'] as const

export type Section = (typeof sections)[number]

/** One pool as a text tells it; its ISV may be known only when the whole text is read. */
export interface DraftPool {
  vendor: string | undefined
  name: string
  version: string
  /** RLM pool number; '' where the text numbers no pools. */
  line: string
  counting: 'counted' | 'uncounted' | 'token'
  seats?: number
  used?: number
  reserved?: number
  checkouts?: number
  expiry?: Expiry
  /** As written, where it is not readable. */
  badExpiry?: string
}

export type DraftCheckout = Omit<Checkout, 'vendor'> & { vendor: string | undefined }

/** One counted line of a license file. */
export interface InstalledLine {
  vendor: string
  name: string
  version: string
  seats: number
  expiry: Expiry
  /** Begun and not expired: what the server grants after a reread. */
  valid: boolean
  expired: boolean
  /** Unix seconds; undefined where the line does not say. */
  issued: number | undefined
  /** Products that it replaces, in lower case; undefined = none. */
  replaces: string[] | undefined
  /** The whole line: the same one in two files is one license. */
  text: string
}

/** What the outputs of one reading said, before it is put together. */
export interface Draft {
  version: string | undefined
  members: Member[]
  daemons: Map<string, Daemon>
  /** Why nothing answers, in the tool's words. */
  refusals: string[]
  pools: DraftPool[]
  checkouts: DraftCheckout[]
  installed: InstalledLine[]
  unparsed: UnparsedLine[]
}

export function emptyDraft(): Draft {
  return {
    version: undefined,
    members: [],
    daemons: new Map(),
    refusals: [],
    pools: [],
    checkouts: [],
    installed: [],
    unparsed: [],
  }
}

export function unparsed(draft: Draft, section: Section, line: string): void {
  draft.unparsed.push({ section, line: excerpt(line) })
}

/**
 * The ISV server of this name; names are compared without case. One ISV that two machines of a
 * failover pair run is up while one of them runs it.
 */
export function daemon(draft: Draft, name: string, up: boolean): Daemon {
  const key = name.toLowerCase()
  const known = draft.daemons.get(key)
  if (!known) {
    const made: Daemon = { vendor: name, up }
    draft.daemons.set(key, made)
    return made
  }
  known.up ||= up
  return known
}

/** `2147483646`, `2147483647`, `uncounted` and `unlimited` are no number of seats. */
export function seatCount(text: string): number | 'uncounted' | undefined {
  const word = text.trim()
  if (/^(?:uncounted|unlimited)$/i.test(word)) return 'uncounted'
  if (!/^\d{1,15}$/.test(word)) return undefined
  const count = Number(word)
  return count === 2_147_483_646 || count === 2_147_483_647 ? 'uncounted' : count
}

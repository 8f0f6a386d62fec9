import type {
  Checkout,
  Feature,
  FeatureProblem,
  Member,
  Pool,
  ServerStatus,
  Snapshot,
  UnparsedLine,
} from '../../model.ts'
import { excerpt } from '../lines.ts'
import { poolId } from '../pool-id.ts'
import { expiry } from '../time.ts'

/** Every license is SideFX's. */
export const vendor = 'sidefx'

/** Closed set of sections of a sesinetd text. */
export const sections = ['server', 'license', 'user', 'error', 'other'] as const
export type Section = (typeof sections)[number]

/** One installed license as a text tells it. */
export interface License {
  id: string
  product: string
  display?: string
  version: string
  total?: number
  available?: number
  /** As written. */
  expires?: string
  problems: FeatureProblem[]
  users: LicenseUser[]
}

export type LicenseUser = Pick<Checkout, 'user' | 'host' | 'seats' | 'startedAt'>

export interface Draft {
  version: string | undefined
  members: Member[]
  /** Why nothing answers, in the tool's words. */
  refusals: string[]
  /** By id: a license that a text tells twice is told anew. */
  licenses: Map<string, License>
  unparsed: UnparsedLine[]
  /** The text is an answer of a license server, also if it tells no license. */
  answered: boolean
}

export function emptyDraft(): Draft {
  return {
    version: undefined,
    members: [],
    refusals: [],
    licenses: new Map(),
    unparsed: [],
    answered: false,
  }
}

export function unparsed(draft: Draft, section: Section, line: string): void {
  draft.unparsed.push({ section, line: excerpt(line) })
}

export function addLicense(draft: Draft, license: License): void {
  const key = license.id === '' ? `#${draft.licenses.size}` : license.id
  draft.licenses.set(key, license)
}

export function snapshotOf(draft: Draft, status: ServerStatus, timeZone: string): Snapshot {
  const features = new Map<string, Feature>()
  const pools: Pool[] = []
  const checkouts: Checkout[] = []
  for (const license of draft.licenses.values()) {
    const pool = poolOf(license, draft, timeZone)
    pools.push(pool)
    addToFeature(features, license, pool)
    for (const user of license.users) {
      const { product: feature, version } = license
      checkouts.push({ vendor, feature, version, ...user, state: 'active' })
    }
  }
  return {
    status,
    members: draft.members,
    daemons: [],
    features: [...features.values()],
    pools,
    checkouts,
    unparsed: draft.unparsed,
  }
}

/** The license id is part of the identity: two licenses of one product and version are two pools. */
function poolOf(license: License, draft: Draft, timeZone: string): Pool {
  const { id, product, version, total, available, expires } = license
  const read = expires === undefined ? undefined : expiry(expires, timeZone)
  if (expires !== undefined && !read) unparsed(draft, 'license', `${product}: expires ${expires}`)
  const pool: Pool = {
    id: poolId(vendor, product, version, read?.text ?? expires?.toLowerCase() ?? '', id),
    vendor,
    feature: product,
    version,
    permanent: read?.permanent === true,
    source: 'served',
  }
  if (total !== undefined) pool.seats = total
  if (total !== undefined && available !== undefined) pool.used = Math.max(0, total - available)
  if (read && !read.permanent) pool.expiresAt = read.at
  return pool
}

function addToFeature(features: Map<string, Feature>, license: License, pool: Pool): void {
  const { product: name, display, problems } = license
  const one = features.get(name) ?? {
    vendor,
    name,
    counting: 'counted',
    reservations: [],
    problems: [],
  }
  features.set(name, one)
  if (display) one.display ??= display
  if (pool.seats !== undefined) one.issued = (one.issued ?? 0) + pool.seats
  if (pool.used !== undefined) one.used = (one.used ?? 0) + pool.used
  for (const problem of problems) {
    if (!one.problems.includes(problem)) one.problems.push(problem)
  }
}

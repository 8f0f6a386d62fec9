import type { Checkout, Feature, Pool, ServerStatus, Snapshot } from '../../model.ts'
import { featureOf } from '../feature-of.ts'
import { poolId } from '../pool-id.ts'
import type { Draft, DraftPool } from './draft.ts'
import { effective } from './license-file.ts'

/** Puts a draft together: ISVs that headings do not tell, pools of equal identity, sums by feature. */
export function snapshotOf(draft: Draft, status: ServerStatus): Snapshot {
  const unheaded = vendorWithoutPools(draft)
  const features = new Map<string, Feature>()
  const pools = new Map<string, Pool>()
  for (const pool of draft.pools) {
    const vendor = pool.vendor ?? unheaded
    addToFeature(featureOf(features, vendor, pool.name), pool)
    addPool(pools, vendor, pool)
  }
  const vendors = vendorsByFeature(draft, unheaded)
  for (const one of draft.checkouts) one.vendor ??= vendors.get(one.feature) ?? unheaded
  const checkouts = draft.checkouts as Checkout[]
  useOfUncounted(features, checkouts)
  addInstalled(draft, features, pools)
  return {
    status,
    members: draft.members,
    daemons: [...draft.daemons.values()],
    features: [...features.values()],
    pools: [...pools.values()],
    checkouts,
    unparsed: draft.unparsed,
  }
}

/**
 * A pool section that lost its heading is that of the one ISV server without pools of its own:
 * `rlmstat -a` prints one such section for each.
 */
function vendorWithoutPools(draft: Draft): string {
  const withPools = new Set(draft.pools.map(({ vendor }) => vendor?.toLowerCase()))
  const names = [...draft.daemons.values()].map(({ vendor }) => vendor)
  const without = names.filter(name => !withPools.has(name.toLowerCase()))
  const [only] = names.length === 1 ? names : without
  return only && (names.length === 1 || without.length === 1) ? only : 'unknown'
}

/** Products that one ISV alone has; of the others a checkout without heading tells no ISV. */
function vendorsByFeature(draft: Draft, unheaded: string): Map<string, string> {
  const vendors = new Map<string, string>()
  for (const { name, vendor = unheaded } of draft.pools) {
    const known = vendors.get(name)
    vendors.set(name, known === undefined || known === vendor ? vendor : unheaded)
  }
  return vendors
}

function addToFeature(to: Feature, pool: DraftPool): void {
  if (pool.counting === 'uncounted') to.counting = 'uncounted'
  if (pool.seats !== undefined) to.issued = (to.issued ?? 0) + pool.seats
  if (pool.used !== undefined) to.used = (to.used ?? 0) + pool.used
  if (pool.reserved !== undefined) to.reserved = (to.reserved ?? 0) + pool.reserved
  if (pool.checkouts !== undefined) to.checkouts = (to.checkouts ?? 0) + pool.checkouts
  if (to.counting === 'uncounted') delete to.issued
}

function addPool(pools: Map<string, Pool>, vendor: string, pool: DraftPool): void {
  const expiry = pool.expiry?.text ?? pool.badExpiry ?? ''
  const id = poolId(vendor, pool.name, pool.version, expiry, pool.line)
  const known = pools.get(id)
  if (known) {
    if (pool.seats !== undefined) known.seats = (known.seats ?? 0) + pool.seats
    if (pool.used !== undefined) known.used = (known.used ?? 0) + pool.used
    return
  }
  const made: Pool = {
    id,
    vendor,
    feature: pool.name,
    version: pool.version,
    permanent: pool.expiry?.permanent === true,
    source: 'served',
  }
  if (pool.seats !== undefined) made.seats = pool.seats
  if (pool.used !== undefined) made.used = pool.used
  if (pool.expiry && !pool.expiry.permanent) made.expiresAt = pool.expiry.at
  pools.set(id, made)
}

/** An uncounted product of which no number is told is used as much as its lines say. */
function useOfUncounted(features: Map<string, Feature>, checkouts: readonly Checkout[]): void {
  if (![...features.values()].some(({ counting }) => counting === 'uncounted')) return
  const seats = new Map<string, number>()
  for (const { vendor, feature: name, state, seats: some } of checkouts) {
    const key = `${vendor.toLowerCase()}\n${name}`
    if (state !== 'queued') seats.set(key, (seats.get(key) ?? 0) + some)
  }
  for (const [key, one] of features) {
    if (one.counting === 'uncounted') one.used ??= seats.get(key) ?? 0
  }
}

/** What is served wins: a line of a license file that the server serves adds no second pool. */
function addInstalled(
  draft: Draft,
  features: Map<string, Feature>,
  pools: Map<string, Pool>,
): void {
  const served = new Set([...pools.values()].map(servedKey))
  const endless = new Set<Feature>()
  for (const { vendor, name, version, seats, expiry, valid } of effective(draft.installed)) {
    const one = featureOf(features, vendor, name)
    if (valid) {
      one.installed = (one.installed ?? 0) + seats
      if (expiry.permanent) endless.add(one)
      else one.installedExpiresAt = Math.max(one.installedExpiresAt ?? 0, expiry.at)
    }
    const id = poolId(vendor, name, version, expiry.text)
    const made: Pool = {
      id,
      vendor,
      feature: name,
      version,
      seats,
      permanent: expiry.permanent,
      source: 'file',
    }
    if (!expiry.permanent) made.expiresAt = expiry.at
    if (served.has(servedKey(made))) continue
    const known = pools.get(id)
    if (known) known.seats = (known.seats ?? 0) + seats
    else pools.set(id, made)
  }
  // The last expiry of what is installed is never, where one line never expires.
  for (const one of endless) delete one.installedExpiresAt
}

function servedKey({ vendor, feature: name, version, permanent, expiresAt }: Pool): string {
  const plain = version.replace(/^v/i, '')
  return [vendor.toLowerCase(), name, plain, permanent ? 'permanent' : expiresAt].join('\n')
}

import type { Checkout, Feature, Pool, Snapshot } from '../model.ts'
import { featureKey } from '../state.ts'

/** Sums of one snapshot by feature, made once for all its features. */
export interface Use {
  checkedOut: Map<string, number>
  pools: Map<string, Pool[]>
}

export function useOf({ checkouts, pools }: Pick<Snapshot, 'checkouts' | 'pools'>): Use {
  const checkedOut = new Map<string, number>()
  for (const checkout of checkouts) {
    if (!holdsSeats(checkout)) continue
    const key = featureKey(checkout.vendor, checkout.feature)
    checkedOut.set(key, (checkedOut.get(key) ?? 0) + checkout.seats)
  }
  const byFeature = new Map<string, Pool[]>()
  for (const pool of pools) {
    const key = featureKey(pool.vendor, pool.feature)
    const known = byFeature.get(key)
    if (known) known.push(pool)
    else byFeature.set(key, [pool])
  }
  return { checkedOut, pools: byFeature }
}

export interface Exhaustion {
  full: boolean
  issued: number
  used: number
}

/**
 * Whether nobody gets another seat: issued − reserved ≥ 2 and all of them out, or, where use is told
 * by pool, every unexpired pool full and 2 seats or more among them. undefined = the server does
 * not say.
 */
export function exhaustion(
  feature: Feature,
  use: Use,
  usedByPool: boolean,
  now: Date,
): Exhaustion | undefined {
  const key = featureKey(feature.vendor, feature.name)
  return (
    (usedByPool ? byPool(use.pools.get(key) ?? [], now) : undefined) ??
    byFeature(feature, use.checkedOut.get(key))
  )
}

function byPool(pools: readonly Pool[], now: Date): Exhaustion | undefined {
  const seconds = now.getTime() / 1000
  let issued = 0
  let used = 0
  let full = true
  let told = false
  for (const pool of pools) {
    if (pool.seats === undefined || pool.used === undefined) continue
    told = true
    if (pool.expiresAt !== undefined && pool.expiresAt <= seconds) continue
    issued += pool.seats
    used += pool.used
    if (pool.used < pool.seats) full = false
  }
  return told ? { full: full && issued >= 2, issued, used } : undefined
}

function byFeature(feature: Feature, checkedOut: number | undefined): Exhaustion | undefined {
  const { issued } = feature
  const used = checkedOut ?? feature.used
  if (issued === undefined || used === undefined) return undefined
  // Without lines "used" is the heading's, which holds idle reservations already.
  const reserved = checkedOut === undefined ? 0 : reservedSeats(feature)
  const free = issued - reserved
  return { full: free >= 2 && used >= free, issued, used: feature.used ?? used }
}

function reservedSeats({ reserved, reservations }: Feature): number {
  return reserved ?? reservations.reduce((sum, { seats }) => sum + seats, 0)
}

function holdsSeats({ state }: Checkout): boolean {
  return state !== 'queued'
}

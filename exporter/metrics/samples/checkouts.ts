import { type Sample, sample } from '../../catalogue.ts'
import type { Snapshot } from '../../model.ts'
import type { Names } from '../../privacy.ts'
import { featureKey, type ServerState } from '../../state.ts'
import type { Spelling } from './merge.ts'

/** The checkouts that share one label set, as the privacy policy shows them. */
interface CheckoutGroup {
  vendor: string
  feature: string
  user: string
  host: string
  seats: number
  startedAt: number | undefined
  /** Checkout lines in it. */
  lines: number
}

/** Oldest first: who holds a seat for days is what these series are for. */
export type CheckoutGroups = readonly CheckoutGroup[]

export function checkoutGroups(snapshot: Snapshot, names: Names, spell: Spelling): CheckoutGroups {
  const groups = new Map<string, CheckoutGroup>()
  for (const checkout of snapshot.checkouts) {
    if (checkout.state === 'queued') continue
    const { feature, seats, startedAt } = checkout
    const vendor = spell(checkout.vendor)
    const user = names.user(checkout.user) ?? ''
    const host = names.host(checkout.host) ?? ''
    const key = `${featureKey(vendor, feature)}\n${user}\n${host}`
    const group = groups.get(key)
    if (!group) {
      groups.set(key, { vendor, feature, user, host, seats, startedAt, lines: 1 })
      continue
    }
    group.seats += seats
    group.lines++
    if (startedAt !== undefined && startedAt < (group.startedAt ?? Number.POSITIVE_INFINITY)) {
      group.startedAt = startedAt
    }
  }
  const never = Number.MAX_SAFE_INTEGER
  return [...groups.values()].sort((a, b) => (a.startedAt ?? never) - (b.startedAt ?? never))
}

export function* checkoutSamples(
  server: ServerState,
  groups: CheckoutGroups,
  budget: number,
): Generator<Sample> {
  const labels = { server: server.name, manager: server.manager }
  for (const { vendor, feature, user, host, seats, startedAt } of groups.slice(0, budget)) {
    const one = { ...labels, vendor, feature, user, host }
    if (startedAt !== undefined) {
      yield sample('license_checkout_start_timestamp_seconds', one, startedAt)
    }
    yield sample('license_checkout_seats', one, seats)
  }
  const cut = groups.slice(budget).reduce((sum, { lines }) => sum + lines, 0)
  yield sample('license_exporter_checkouts_truncated', labels, cut)
}

/** Shares one budget: whoever wants less than an even share gets it whole, the rest is split. */
export function shareOut(budget: number, wanted: readonly number[]): number[] {
  const shares = new Array<number>(wanted.length).fill(0)
  const order = [...wanted.keys()].sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0))
  let left = budget
  for (const [served, index] of order.entries()) {
    const even = Math.floor(left / (order.length - served))
    const share = Math.min(wanted[index] ?? 0, even)
    shares[index] = share
    left -= share
  }
  return shares
}

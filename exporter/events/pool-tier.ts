import type { EventName } from '../catalogue.ts'
import type { Pool } from '../model.ts'

/** How near the end a line of capacity is; the later tiers are the more urgent ones. */
export const tiers = ['far', '60d', '30d', '7d', 'expired'] as const
export type Tier = (typeof tiers)[number]

export const tierEvents = {
  '60d': 'license_pool.expiring_60d',
  '30d': 'license_pool.expiring_30d',
  '7d': 'license_pool.expiring_7d',
  expired: 'license_pool.expired',
} as const satisfies Record<Exclude<Tier, 'far'>, EventName>

const day = 86_400

export function tierOf({ permanent, expiresAt }: Pool, unix: number): Tier {
  if (permanent || expiresAt === undefined) return 'far'
  const left = expiresAt - unix
  if (left <= 0) return 'expired'
  if (left < 7 * day) return '7d'
  if (left < 30 * day) return '30d'
  return left < 60 * day ? '60d' : 'far'
}

export function moreUrgent(tier: Tier, known: unknown): boolean {
  return tiers.indexOf(tier) > tiers.indexOf(known as Tier)
}

import { localTime } from '../local-time.ts'
import type { Pool } from '../model.ts'
import { downDaemons } from './feature-changes.ts'
import { moreUrgent, type Tier, tierEvents, tierOf, type tiers } from './pool-tier.ts'
import type { Step } from './step.ts'

const messages = {
  '60d': 'Seats expire in less than 60 days',
  '30d': 'Seats expire in less than 30 days',
  '7d': 'Seats expire in less than 7 days',
  expired: 'Seats expired',
} as const satisfies Record<Exclude<Tier, 'far'>, string>

/** A clock that is set back by less than this does not take a tier back. */
const slackSeconds = 3600

/** Expiry of the lines of capacity; the first reading of a vendor is told in one event. */
export function poolChanges(step: Step): void {
  const { reading } = step
  if ('error' in reading || !reading.snapshot.status.up) return
  const unix = step.now.getTime() / 1000
  const down = downDaemons(reading.snapshot)
  const baseline = new Map<string, Tier[]>()
  const subjects: string[] = []
  for (const pool of reading.snapshot.pools) {
    const vendor = pool.vendor.toLowerCase()
    if (down.has(vendor)) continue
    const subject = `pool\n${pool.id}`
    const tier = tierOf(pool, unix)
    if (step.known(`pools\n${vendor}`) === undefined) {
      const found = baseline.get(vendor)
      if (found) found.push(tier)
      else baseline.set(vendor, [tier])
      if (tier !== 'far') subjects.push(subject)
      step.set(subject, tier)
    } else one(step, pool, subject, tier, unix)
  }
  if (baseline.size > 0) sayBaseline(step, baseline, subjects)
}

function one(step: Step, pool: Pool, subject: string, tier: Tier, unix: number): void {
  const known = step.known(subject) ?? 'far'
  if (tier !== 'far' && moreUrgent(tier, known)) {
    step.say(subject, tier, {
      event: tierEvents[tier],
      msg: messages[tier],
      attributes: {
        ...step.labels,
        vendor: pool.vendor,
        feature: pool.feature,
        pool: pool.id,
        ...(pool.expiresAt !== undefined && {
          expires_at: localTime(new Date(pool.expiresAt * 1000)),
        }),
        ...(pool.seats !== undefined && { seats: pool.seats }),
      },
    })
  } else if (moreUrgent(known as Tier, tierOf(pool, unix + slackSeconds))) {
    // The clock was wrong: the tier is announced when it is really reached.
    step.set(subject, tier)
  }
}

function sayBaseline(step: Step, found: Map<string, Tier[]>, subjects: readonly string[]): void {
  const all = [...found.values()].flat()
  const count = (tier: (typeof tiers)[number]) => all.filter(one => one === tier).length
  const vendors = [...found.keys()].map(vendor => `pools\n${vendor}`)
  const [first = '', ...others] = vendors
  step.say(first, 'baseline', {
    event: 'license_pool.baseline',
    msg: 'First reading of the pools',
    attributes: {
      ...step.labels,
      pools: all.length,
      expired: count('expired'),
      expiring_60d: count('60d'),
      expiring_30d: count('30d'),
      expiring_7d: count('7d'),
    },
  })
  for (const vendor of others) step.set(vendor, 'baseline')
  step.carry([...others, ...subjects])
}

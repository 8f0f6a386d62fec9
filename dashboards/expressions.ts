import { grown, least, now, sum } from './query.ts'
import { hours, record } from './recorded.ts'

/** Answers that more than one dashboard gives. */

export const feature = 'server, manager, vendor, feature'
export const pool = `${feature}, pool`

/** Clients that probe for a feature nobody bought are no demand. */
const demand = { where: { reason: '!="no_such_feature"' } } as const

export const taken = record('feature:license_feature_seats_taken:max')
export const obtainable = record('feature:license_feature_seats_obtainable:max')
export const full = record('feature:license_feature_full:max')

/** Share of the seats that can be had at all. */
export const share = `${taken} / on (${feature}) (${obtainable} > 0)`

/** Refused requests by feature over a range. */
export const refused = (range: string) =>
  sum(
    ['server', 'manager', 'vendor', 'feature'],
    grown('license_feature_denials_total', range, demand),
  )

export const refusedByReason = (range: string) =>
  sum(['feature', 'reason'], grown('license_feature_denials_total', range, demand))

export const poolExpiry = least('license_pool_expiry_timestamp_seconds')
/** Seconds until a line of capacity ends; negative after it. */
export const poolLeft = `${poolExpiry} - time()`
export const poolSeats = now('license_pool_seats')

/** Lines of capacity whose end lies between two moments from now, in days. */
export function expiring(from: number, to: number): string {
  return `(${poolLeft} >= ${from * 86_400}) < ${to * 86_400}`
}

const ofFeature = ['server', 'manager', 'vendor', 'feature'] as const
/** Seats of the lines that have not ended, permanent ones included. */
export const seatsNow = sum(ofFeature, `${poolSeats} unless on (${pool}) (${poolLeft} < 0)`)
/** Seats that stay when nothing is renewed for so many days: 0, not nothing, where all of them end. */
export const seatsLeft = (days: number) =>
  `${sum(ofFeature, `${poolSeats} unless on (${pool}) (${poolLeft} < ${days * 86_400})`)} or on (${feature}) ${sum(ofFeature, poolSeats)} * 0`

export const held = `time() - ${least('license_feature_oldest_checkout_timestamp_seconds')}`

export const peak = hours('max_over_time', 'feature:license_feature_seats_used:max1h')
/** What is issued now: what the next renewal is measured against. */
export const issued = now('license_feature_seats_issued')
export const within = (share: number) =>
  hours('quantile_over_time', 'feature:license_feature_seats_used:max1h', `${share}, `)
export const refusedInRange = hours('sum_over_time', 'feature:license_feature_denials:increase1h')

/** What would have served 95 % of the hours, and the headroom that was chosen. */
export const suggested = `ceil(${within(0.95)} * (1 + $headroom / 100))`
/** Seats above that. */
export const idle = `clamp_min(${issued} - on (${feature}) ${suggested}, 0)`
const cost = now('license_feature_seat_cost_per_year')
export const costOf = (seats: string) => `${cost} * on (${feature}) group_left () (${seats})`

import { day, hour } from './constants.ts'

const thresholds = [
  { event: 'license.expiring_30d', within: 30 * day },
  { event: 'license.expiring_7d', within: 7 * day },
  { event: 'license.expiring_24h', within: day },
  { event: 'license.expiring_1h', within: hour },
] as const

/** How many thresholds are passed with `left` ms to go: 0 … 4. */
export function urgency(left: number): number {
  return thresholds.filter(({ within }) => left < within).length
}

export function thresholdEvent(level: number): (typeof thresholds)[number]['event'] | undefined {
  return thresholds[level - 1]?.event
}

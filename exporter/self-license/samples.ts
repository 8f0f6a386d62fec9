import { type Sample, sample } from '../catalogue.ts'
import type { OwnLicense } from '../parts.ts'

/** What the monitor counts as long as the process lives. */
export interface Counts {
  checks: ReadonlyMap<string, number>
  reloads: Readonly<Record<'taken' | 'refused', number>>
  jumps: Readonly<Record<'backward' | 'forward', number>>
  /** Unix ms. */
  lastCheck: number
  driftSeconds: number
}

const states = ['valid', 'grace', 'over', 'unlicensed'] as const

/** Every series of the own license. Pure. */
export function* samples(license: OwnLicense, counts: Counts, now: Date): Iterable<Sample> {
  const { state, problem, expiresAt, graceExpiresAt } = license
  if (expiresAt) {
    const left = (expiresAt.getTime() - now.getTime()) / 86_400_000
    yield sample('iosetu_license_days_remaining', {}, left)
    yield sample('iosetu_license_expiry_timestamp_seconds', {}, expiresAt.getTime() / 1000)
  }
  yield sample('iosetu_license_valid', {}, state === 'valid' ? 1 : 0)
  yield sample('iosetu_license_grace_mode', {}, state === 'grace' || state === 'over' ? 1 : 0)
  if (graceExpiresAt) {
    yield sample(
      'iosetu_license_grace_expiry_timestamp_seconds',
      {},
      Math.round(graceExpiresAt.getTime() / 1000),
    )
  }
  for (const one of states)
    yield sample('iosetu_license_state', { state: one }, one === state ? 1 : 0)
  if (problem) yield sample('iosetu_license_problem', { reason: problem }, 1)
  if (state !== 'unlicensed') {
    const { customer = '', licenseId = '', edition = '' } = license
    yield sample('iosetu_license_info', { customer, license_id: licenseId, edition }, 1)
  }
  yield sample('iosetu_license_last_check_timestamp_seconds', {}, counts.lastCheck / 1000)
  for (const [result, count] of counts.checks) {
    yield sample('iosetu_license_checks_total', { result }, count)
  }
  yield sample('iosetu_license_clock_drift_seconds', {}, counts.driftSeconds)
  for (const direction of ['backward', 'forward'] as const) {
    yield sample('iosetu_license_clock_jumps_total', { direction }, counts.jumps[direction])
  }
  for (const result of ['taken', 'refused'] as const) {
    yield sample('iosetu_license_reloads_total', { result }, counts.reloads[result])
  }
}

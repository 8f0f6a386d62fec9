import { localTime } from '../local-time.ts'
import type { OwnLicense } from '../parts.ts'
import type { HealthBody } from './api.ts'
import { explain } from './refusals.ts'

/** The three documented bodies, field for field; what is more stands beside. Pure. */
const bodies = {
  valid: { status: 'healthy', valid: true, grace_mode: false },
  grace: { status: 'degraded', valid: false, grace_mode: true },
  over: { status: 'unhealthy', valid: false, grace_mode: true },
  unlicensed: { status: 'unhealthy', valid: false, grace_mode: false },
} as const

export function health(license: OwnLicense): { status: 200 | 503; body: HealthBody } {
  const { status, valid, grace_mode } = bodies[license.state]
  const message = explain(license)
  const { problem, reason, expiresAt, graceExpiresAt } = license
  return {
    status: mayServe(license) ? 200 : 503,
    body: {
      status,
      license: {
        valid,
        grace_mode,
        ...(problem !== undefined && { problem }),
        ...(reason !== undefined && { reason }),
        ...(message !== undefined && { message }),
        ...(expiresAt && { expires_at: localTime(expiresAt) }),
        ...(graceExpiresAt && { grace_expires_at: localTime(graceExpiresAt) }),
      },
    },
  }
}

export function mayServe({ state }: OwnLicense): boolean {
  return state === 'valid' || state === 'grace'
}

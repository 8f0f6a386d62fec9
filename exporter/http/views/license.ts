import type { OwnLicense } from '../../parts.ts'
import type { LicenseView } from './schemas.ts'

export function licenseView(license: OwnLicense): LicenseView {
  const { state, problem, reason, customer, licenseId, edition, expiresAt, graceExpiresAt } =
    license
  return {
    state,
    ...(problem !== undefined && { problem }),
    ...(reason !== undefined && { reason }),
    ...(customer !== undefined && { customer }),
    ...(licenseId !== undefined && { license_id: licenseId }),
    ...(edition !== undefined && { edition }),
    ...(expiresAt && { expires_at: expiresAt.toISOString() }),
    ...(graceExpiresAt && { grace_expires_at: graceExpiresAt.toISOString() }),
  }
}

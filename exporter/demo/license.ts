import { issueLicense, newKeyPair } from '../self-license/issue.ts'
import type { TrustedKeys } from '../self-license/types.ts'

export const demoLicenseStates = ['valid', 'expiring', 'grace', 'over', 'unlicensed'] as const
export type DemoLicenseState = (typeof demoLicenseStates)[number]

const hour = 3600
const day = 24 * hour

/** When the license of each state runs out, counted from now. */
const expiry: Readonly<Record<Exclude<DemoLicenseState, 'unlicensed'>, number>> = {
  valid: 300 * day,
  expiring: 4 * day + 6 * hour,
  grace: -6 * hour,
  over: -30 * hour,
}

/**
 * A license for the demo, signed with a key pair that lives in memory alone: for
 * `createLicenseMonitor`, which then looks at no IOSETU_ variable.
 */
export async function demoLicense(
  state: DemoLicenseState,
  now = new Date(),
): Promise<{ trustedKeys: TrustedKeys; key: string }> {
  const { privateKey, publicKey } = await newKeyPair()
  const trustedKeys = { keys: [publicKey] }
  if (state === 'unlicensed') return { trustedKeys, key: '' }
  const at = Math.floor(now.getTime() / 1000)
  const key = await issueLicense(privateKey, {
    customer: 'Example Studio',
    edition: 'studio',
    licenseId: 'demo-0001',
    subject: 'demo',
    issuedAt: at - 60 * day,
    expiresAt: at + expiry[state],
  })
  return { trustedKeys, key }
}

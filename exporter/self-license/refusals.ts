import type { OwnLicense } from '../parts.ts'
import type { RefusalCode } from './types.ts'

/** Why a license does not hold, beyond the codes of verify.ts. */
export type Reason = RefusalCode | 'expired' | 'clock' | 'no_trusted_keys'

/** What happened and what to do, for people. No sentence shows anything of the license's text. */
const sentences: Readonly<Record<Reason, string>> = {
  missing:
    'No license was found: set IOSETU_LICENSE_FILE to a readable file with the license, or IOSETU_LICENSE_KEY to the license itself.',
  unreadable:
    'The license file cannot be read: it must be a regular file that this process may read, no folder, pipe or device.',
  empty: 'The license is empty: write the whole license into it.',
  oversized:
    'The license is too large (more than 8 KiB, or a file of more than 16 KiB): this is not a license.',
  not_utf8: 'The license is not text (UTF-8): copy it again as it was sent.',
  malformed:
    'The license is not one signed token of three parts (header.payload.signature): copy it again, whole, and nothing else.',
  non_canonical: 'The license was altered on its way (base64url is not canonical): copy it again.',
  header: 'The license has a header that is not allowed: ask your vendor for a new one.',
  alg: 'The license is not signed with EdDSA (Ed25519): ask your vendor for a new one.',
  unknown_key:
    'The license is signed with a key that this build does not know: update the program, or ask your vendor for a license for this version.',
  signature: 'The signature of the license is wrong: it was altered or cut; copy it again.',
  typ: 'The token is not a license (typ): ask your vendor for a license.',
  claims:
    'What the license says cannot be used (customer, iat and exp are needed, in whole seconds, exp after iat and nbf): ask your vendor for a new one.',
  iss: 'The license is from another issuer: ask your vendor for a license for this product.',
  aud: 'The license is for another product: ask your vendor for a license for this one.',
  not_yet_valid: 'The license is not valid yet: it is taken by itself when its time comes.',
  expired: 'The license expired: put the new one in its place; it is taken within 15 s.',
  clock:
    'The system clock was set back: correct it (NTP); an hour after it is right the license counts again.',
  no_trusted_keys:
    'This build trusts no key, so no license is ever good: put the public key of `license-exporter key new` into exporter/self-license/trusted-keys.ts and build again, or pass trustedKeys to createLicenseMonitor.',
}

export function sentence(reason: Reason): string {
  return sentences[reason]
}

/** The sentence for a state; undefined while the license is good. */
export function explain({ reason }: OwnLicense): string | undefined {
  return reason !== undefined && Object.hasOwn(sentences, reason)
    ? sentences[reason as Reason]
    : undefined
}

import type { JSONWebKeySet } from 'jose'

/** Why a license is refused; stable: label `result` of checks and `reason` of events. */
export const refusalCodes = [
  'empty',
  'oversized',
  'not_utf8',
  'malformed',
  'non_canonical',
  'header',
  'alg',
  'unknown_key',
  'signature',
  'typ',
  'claims',
  'iss',
  'aud',
  'unreadable',
  'missing',
  'not_yet_valid',
] as const

export type RefusalCode = (typeof refusalCodes)[number]

/** What a license says, once its signature is good. Times are Unix seconds. */
export interface Claims {
  customer: string
  edition?: string | undefined
  /** `jti` of the token. */
  licenseId?: string | undefined
  issuer?: string | undefined
  subject?: string | undefined
  audience?: string[] | undefined
  issuedAt: number
  notBefore?: number | undefined
  expiresAt: number
}

/** A license whose signature is good; whether its time is good the guard says. */
export interface SignedLicense {
  claims: Claims
  kid: string | undefined
  /** First 12 hex digits of the token's sha256: what logs may show. */
  fingerprint: string
}

export type Verification = ({ ok: true } & SignedLicense) | { ok: false; code: RefusalCode }

/** Public keys that licenses are signed with: a constant of the program, never configuration. */
export type TrustedKeys = JSONWebKeySet

/** What was read instead of a good license. */
export interface Bad {
  code: RefusalCode
  content: string
  /** Reads in a row of this very content. */
  same: number
  /** Since the first bad read, across restarts. */
  reads: number
  lived: number
  /** It lasted long enough to count. */
  settled: boolean
}

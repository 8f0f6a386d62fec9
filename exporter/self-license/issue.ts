import { CompactSign, calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose'
import { claimsSchema } from './claims.ts'

/** The vendor's side: keys and signed licenses, for `license-exporter key`, the demo and tests. */

export interface KeyPair {
  /** To be kept secret. */
  privateKey: JWK
  /** For trusted-keys.ts. */
  publicKey: JWK
}

export async function newKeyPair(): Promise<KeyPair> {
  const pair = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })
  const { kty = 'OKP', crv = 'Ed25519', x = '', d = '' } = await exportJWK(pair.privateKey)
  const kid = (await calculateJwkThumbprint({ kty, crv, x })).slice(0, 16)
  // No `alg`: it would not match licenses that name the other of EdDSA and Ed25519.
  return { privateKey: { kty, crv, x, d, kid }, publicKey: { kty, crv, x, kid } }
}

export interface LicenseTerms {
  customer: string
  edition?: string | undefined
  licenseId?: string | undefined
  subject?: string | undefined
  issuer?: string | undefined
  product?: string | undefined
  /** Unix seconds. */
  issuedAt: number
  notBefore?: number | undefined
  expiresAt: number
}

/** @throws ZodError for terms that verification would refuse */
export async function issueLicense(privateKey: JWK, terms: LicenseTerms): Promise<string> {
  const payload = {
    iss: terms.issuer,
    sub: terms.subject,
    aud: terms.product,
    customer: terms.customer,
    edition: terms.edition,
    jti: terms.licenseId,
    iat: terms.issuedAt,
    nbf: terms.notBefore,
    exp: terms.expiresAt,
  }
  claimsSchema.parse(payload)
  return new CompactSign(new TextEncoder().encode(JSON.stringify(payload)))
    .setProtectedHeader({
      alg: 'EdDSA',
      typ: 'JWT',
      ...(privateKey.kid !== undefined && { kid: privateKey.kid }),
    })
    .sign({ ...privateKey, alg: 'EdDSA' })
}

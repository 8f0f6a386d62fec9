import { Buffer } from 'node:buffer'
import { generateKeyPairSync, sign } from 'node:crypto'
import { trust } from '../../exporter/self-license/trust.ts'
import type { Verification } from '../../exporter/self-license/types.ts'
import { type Expected, verify } from '../../exporter/self-license/verify.ts'

/** Tokens of any shape, signed for real: what issueLicense would refuse to make. */

export const base64url = (value: unknown) =>
  Buffer.from(
    typeof value === 'string' || value instanceof Uint8Array ? value : JSON.stringify(value),
  ).toString('base64url')

const pair = generateKeyPairSync('ed25519')
export const publicKey = {
  kty: 'OKP',
  crv: 'Ed25519',
  kid: 'k1',
  x: pair.publicKey.export({ format: 'jwk' }).x ?? '',
}
export const trusted = await trust({ keys: [publicKey] })

export const header = { alg: 'EdDSA', typ: 'JWT', kid: 'k1' }
export const at = Math.floor(Date.UTC(2027, 0, 4) / 1000)
export const claims = {
  customer: 'Example',
  edition: 'studio',
  jti: 'lic-1',
  iat: at,
  exp: at + 90 * 86_400,
}

/** Text and bytes are signed as they are. */
export function token(payload: unknown = claims, head: unknown = header): string {
  const input = `${base64url(head)}.${base64url(payload)}`
  return `${input}.${sign(null, Buffer.from(input), pair.privateKey).toString('base64url')}`
}

export function check(content: string | Uint8Array, expected?: Expected): Promise<Verification> {
  return verify(Buffer.from(content), trusted, expected)
}

export async function code(content: string | Uint8Array, expected?: Expected): Promise<string> {
  const result = await check(content, expected)
  return result.ok ? 'ok' : result.code
}

import { Buffer } from 'node:buffer'
import { type CryptoKey, importJWK, type JWK } from 'jose'
import { ExporterError } from '../errors.ts'
import type { TrustedKeys } from './types.ts'

export interface Trust {
  readonly size: number
  /** The key of this id; without an id only where there is exactly one key. */
  key(kid: string | undefined): CryptoKey | undefined
}

/** Points of order 1, 2, 4 and 8, canonical and not, without the sign bit: they verify forgeries. */
const lowOrder = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
])

/** @throws ExporterError('config') for keys that must not be trusted: the program is built wrong */
export async function trust(keys: TrustedKeys): Promise<Trust> {
  if (!Array.isArray(keys?.keys)) throw wrong('it has no list `keys`', 0)
  const byId = new Map<string, CryptoKey>()
  for (const [at, jwk] of keys.keys.entries()) {
    const kid = jwk.kid ?? ''
    if (byId.has(kid)) throw wrong(`key id "${kid}" stands there twice`, at)
    if (kid === '' && keys.keys.length > 1) throw wrong('it needs a `kid`: there are several', at)
    byId.set(kid, await publicKey(jwk, at))
  }
  const [only] = byId.size === 1 ? byId.values() : []
  return {
    size: byId.size,
    key: kid => (kid === undefined ? only : byId.get(kid)),
  }
}

async function publicKey(jwk: JWK, at: number): Promise<CryptoKey> {
  if (jwk.kty !== 'OKP' || jwk.crv !== 'Ed25519') throw wrong('it is no Ed25519 key', at)
  if ('d' in jwk) throw wrong('it is a private key: put the public one there', at)
  const bytes = Buffer.from(jwk.x ?? '', 'base64url')
  if (bytes.length !== 32 || bytes.toString('base64url') !== jwk.x) {
    throw wrong('`x` is not 32 bytes in base64url', at)
  }
  const unsigned = Buffer.from(bytes)
  unsigned[31] = (unsigned[31] ?? 0) & 0x7f
  if (lowOrder.has(unsigned.toString('hex'))) {
    throw wrong('its point has a low order: anybody could sign for it', at)
  }
  // Without `alg`: a key that names EdDSA would not match a token that names Ed25519.
  const key = await importJWK({ kty: 'OKP', crv: 'Ed25519', x: jwk.x }, 'EdDSA')
  return key as CryptoKey
}

function wrong(why: string, at: number): ExporterError {
  return new ExporterError('config', `trusted key ${at + 1} is refused: ${why}`, { key: at + 1 })
}

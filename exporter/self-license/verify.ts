import { Buffer } from 'node:buffer'
import { compactVerify, errors } from 'jose'
import { claimsSchema } from './claims.ts'
import { extractToken, fingerprint } from './token.ts'
import type { Trust } from './trust.ts'
import type { RefusalCode, Verification } from './types.ts'

/** What a build demands beside a good signature; undefined = not checked. */
export interface Expected {
  issuer?: string | undefined
  audience?: string | undefined
}

const types = ['jwt', 'application/jwt', 'iosetu-license+jwt']
const algorithms = ['EdDSA', 'Ed25519']
const forbidden = ['crit', 'b64', 'jwk', 'jku', 'x5u', 'x5c', 'x5t', 'x5t#S256']

/** A refusal that jose must not swallow. */
class Refusal extends Error {
  readonly code: RefusalCode
  constructor(code: RefusalCode) {
    super(code)
    this.code = code
  }
}

/** Is this license signed by us? Never throws and never judges time: clock.ts does. */
export async function verify(
  bytes: Uint8Array,
  trust: Trust,
  expected: Expected = {},
): Promise<Verification> {
  const extracted = extractToken(bytes)
  if (!extracted.ok) return extracted
  try {
    return await verifyToken(extracted.token, trust, expected)
  } catch (error) {
    return { ok: false, code: refusalCode(error) }
  }
}

async function verifyToken(token: string, trust: Trust, expected: Expected): Promise<Verification> {
  const header = checkedHeader(token.slice(0, token.indexOf('.')))
  const key = trust.key(header.kid)
  if (!key) throw new Refusal('unknown_key')
  const { payload } = await compactVerify(token, key, { algorithms })
  const parsed = claimsSchema.safeParse(json(payload))
  if (!parsed.success) throw new Refusal('claims')
  const claims = parsed.data
  if (expected.issuer !== undefined && claims.issuer !== expected.issuer) throw new Refusal('iss')
  if (expected.audience !== undefined && !claims.audience?.includes(expected.audience)) {
    throw new Refusal('aud')
  }
  return { ok: true, claims, kid: header.kid, fingerprint: fingerprint(token) }
}

function checkedHeader(part: string): { kid: string | undefined } {
  let header: unknown
  try {
    header = json(Buffer.from(part, 'base64url'))
  } catch {
    throw new Refusal('header')
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) {
    throw new Refusal('header')
  }
  const { alg, typ, kid } = header as Readonly<Record<string, unknown>>
  if (typeof alg !== 'string' || !algorithms.includes(alg)) throw new Refusal('alg')
  if (forbidden.some(name => name in header)) throw new Refusal('header')
  if (typ !== undefined && !(typeof typ === 'string' && types.includes(typ.toLowerCase()))) {
    throw new Refusal('typ')
  }
  if (kid !== undefined && typeof kid !== 'string') throw new Refusal('header')
  return { kid }
}

/** A BOM inside is not skipped, so that JSON.parse refuses it. */
function json(bytes: Uint8Array): unknown {
  return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
}

function refusalCode(error: unknown): RefusalCode {
  if (error instanceof Refusal) return error.code
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'signature'
  if (error instanceof errors.JOSEAlgNotAllowed) return 'alg'
  if (error instanceof errors.JOSEError) return 'header'
  // JSON that is no JSON, or nested so deep that it overflows the stack.
  return 'claims'
}

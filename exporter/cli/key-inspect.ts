import { Buffer } from 'node:buffer'
import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { ExporterError } from '../errors.ts'
import { type LicenseBytes, readLicense } from '../self-license/read-license.ts'
import { sentence } from '../self-license/refusals.ts'
import { extractToken, fingerprint } from '../self-license/token.ts'
import { trust } from '../self-license/trust.ts'
import { expected, trustedKeys } from '../self-license/trusted-keys.ts'
import type { Claims, RefusalCode, TrustedKeys } from '../self-license/types.ts'
import { verify } from '../self-license/verify.ts'
import { keyError, keyOptions } from './key-options.ts'

/**
 * `key inspect FILE`: what a license says and why it is refused. Exit 0 = it would be taken now. The
 * token itself is not shown.
 */
export async function inspect(args: string[]): Promise<number> {
  const { values, positionals } = keyOptions(args, { trusted: { type: 'string' } }, 1)
  const [file] = positionals
  if (file === undefined) throw keyError('key inspect needs a FILE, or - for what is piped into it')
  const keys = values.trusted ? await publicKeys(values.trusted) : trustedKeys
  const read = await bytes(file)
  if (!read.ok && read.code === 'missing') {
    throw new ExporterError('unreadable', `${file} does not exist`)
  }
  if (!read.ok) return refuse(read.code)
  const result = await verify(read.bytes, await trust(keys), expected)
  show([['fingerprint', fingerprintOf(read.bytes)]])
  if (result.ok) {
    show([['signature', `good, key ${result.kid ?? 'without id'}`], ...facts(result.claims)])
    return judge(result.claims, Date.now() / 1000)
  }
  const unverified = unverifiedClaims(read.bytes)
  if (unverified) show([['unverified', JSON.stringify(unverified)]])
  if (keys.keys.length === 0) process.stdout.write(`${sentence('no_trusted_keys')}\n`)
  return refuse(result.code)
}

function refuse(code: RefusalCode): number {
  process.stdout.write(`refused: ${code}\n${sentence(code)}\n`)
  return 1
}

function judge({ notBefore = 0, expiresAt }: Claims, now: number): number {
  if (now < notBefore) return refuse('not_yet_valid')
  if (now < expiresAt) {
    process.stdout.write(`good for ${((expiresAt - now) / 86_400).toFixed(1)} days\n`)
    return 0
  }
  const grace = now < expiresAt + 86_400
  process.stdout.write(
    `refused: expired${grace ? ', in the 24 h of grace' : ''}\n${sentence('expired')}\n`,
  )
  return 1
}

function facts(claims: Claims): [string, string][] {
  const time = (at: number | undefined) => at && new Date(at * 1000).toISOString()
  const all: [string, string | number | undefined][] = [
    ['customer', claims.customer],
    ['edition', claims.edition],
    ['license id', claims.licenseId],
    ['subject', claims.subject],
    ['issuer', claims.issuer],
    ['product', claims.audience?.join(', ')],
    ['issued', time(claims.issuedAt)],
    ['valid from', time(claims.notBefore)],
    ['expires', time(claims.expiresAt)],
  ]
  return all.flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]))
}

function show(rows: readonly [string, string][]): void {
  for (const [name, value] of rows) process.stdout.write(`${name.padEnd(12)} ${clean(value)}\n`)
}

/** A license must not steer the terminal. */
function clean(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, '\ufffd')
}

function fingerprintOf(content: Uint8Array): string {
  const extracted = extractToken(content)
  return fingerprint(extracted.ok ? extracted.token : content)
}

function unverifiedClaims(content: Uint8Array): unknown {
  const extracted = extractToken(content)
  if (!extracted.ok) return undefined
  try {
    return JSON.parse(Buffer.from(extracted.token.split('.')[1] ?? '', 'base64url').toString())
  } catch {
    return undefined
  }
}

async function bytes(file: string): Promise<LicenseBytes> {
  return file === '-' ? { ok: true, bytes: await buffer(process.stdin) } : readLicense({ file })
}

async function publicKeys(file: string): Promise<TrustedKeys> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const why = code ? `cannot be read (${code})` : 'is no JSON'
    throw new ExporterError('usage', `${file} ${why}; it must hold the public keys of key new`)
  }
}

import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { JWK } from 'jose'
import { z } from 'zod'
import { ExporterError } from '../errors.ts'
import { issueLicense } from '../self-license/issue.ts'
import { writeSecret } from './key-new.ts'
import { keyError, keyOptions } from './key-options.ts'

/** `key issue`: signs a license; it goes into a file (0600) or to standard output. */
export async function issue(args: string[]): Promise<number> {
  const { values } = keyOptions(args, {
    key: { type: 'string', short: 'k' },
    out: { type: 'string', short: 'o' },
    customer: { type: 'string' },
    edition: { type: 'string' },
    id: { type: 'string' },
    subject: { type: 'string' },
    issuer: { type: 'string' },
    product: { type: 'string' },
    valid: { type: 'string', default: '365d' },
    'not-before': { type: 'string' },
  })
  if (!values.key) throw keyError('key issue needs --key FILE, written by key new')
  if (!values.customer) throw keyError('key issue needs --customer NAME')
  const notBefore = instant(values['not-before'])
  const issuedAt = Math.floor(Date.now() / 1000)
  const terms = {
    customer: values.customer,
    edition: values.edition,
    licenseId: values.id ?? randomUUID(),
    subject: values.subject,
    issuer: values.issuer,
    product: values.product,
    issuedAt,
    notBefore,
    expiresAt: Math.max(issuedAt, notBefore ?? 0) + seconds(values.valid),
  }
  const token = await sign(await privateKey(values.key), terms)
  const until = new Date(terms.expiresAt * 1000).toISOString()
  if (values.out) {
    await writeSecret(values.out, `${token}\n`)
    process.stdout.write(`License ${terms.licenseId} for ${terms.customer}, until ${until}\n`)
  } else {
    process.stdout.write(`${token}\n`)
  }
  return 0
}

async function sign(key: JWK, terms: Parameters<typeof issueLicense>[1]): Promise<string> {
  try {
    return await issueLicense(key, terms)
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error
    const [{ path, message } = { path: [], message: 'refused' }] = error.issues
    const what = path.length > 0 ? `${path.join('.')}: ` : ''
    throw keyError(`this license would be refused: ${what}${message}`)
  }
}

async function privateKey(file: string): Promise<JWK> {
  let jwk: Partial<JWK>
  try {
    jwk = JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // The parser's message would quote the file.
    throw new ExporterError('usage', `${file} ${code ? `cannot be read (${code})` : 'is no JSON'}`)
  }
  const { kty, crv, x, d, kid } = jwk ?? {}
  if (kty !== 'OKP' || crv !== 'Ed25519' || typeof x !== 'string' || typeof d !== 'string') {
    throw keyError(`${file} is no private Ed25519 key; key new writes one`)
  }
  return { kty, crv, x, d, ...(kid !== undefined && { kid }) }
}

const lengths: Readonly<Record<string, number>> = { h: 3600, d: 86_400, w: 604_800, y: 31_536_000 }

function seconds(text: string): number {
  const [, amount, unit = ''] = /^(\d{1,6})([hdwy])$/.exec(text) ?? []
  const value = Number(amount) * (lengths[unit] ?? Number.NaN)
  if (value > 0) return value
  throw keyError(
    `--valid ${JSON.stringify(text)} is no duration; write for example 365d, 1y or 12h`,
  )
}

function instant(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const value = Math.floor(new Date(text).getTime() / 1000)
  if (!Number.isNaN(value)) return value
  throw keyError(
    `--not-before ${JSON.stringify(text)} is no time; write it as 2026-12-01T00:00:00Z`,
  )
}

import { Buffer } from 'node:buffer'
import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { sentence } from '../../exporter/self-license/refusals.ts'
import { trust } from '../../exporter/self-license/trust.ts'
import { trustedKeys } from '../../exporter/self-license/trusted-keys.ts'
import { refusalCodes } from '../../exporter/self-license/types.ts'
import { at, base64url, check, claims, code, header, publicKey, token } from './licenses.ts'

const good = token()
const [head = '', payload = '', signature = ''] = good.split('.')

describe('a license is taken', () => {
  test.each([
    ['as it was signed', good],
    ['with a line end', `${good}\n`],
    ['with CRLF, blanks and a BOM around it', `\ufeff \t${good} \r\n`],
    ['with alg Ed25519', token(claims, { ...header, alg: 'Ed25519' })],
    ['without typ', token(claims, { alg: 'EdDSA', kid: 'k1' })],
    ['with typ application/jwt', token(claims, { ...header, typ: 'application/jwt' })],
    ['with typ iosetu-license+jwt', token(claims, { ...header, typ: 'iosetu-license+jwt' })],
    ['without kid where there is one key', token(claims, { alg: 'EdDSA', typ: 'JWT' })],
    ['until the year 9999', token({ ...claims, exp: 253_402_300_799 })],
    ['with claims that nobody knows', token({ ...claims, seats: 12 })],
  ])('%s', async (_, content) => {
    expect(await check(content)).toMatchObject({ ok: true, claims: { customer: 'Example' } })
  })

  test('of two claims of one name the last wins', async () => {
    const text = JSON.stringify(claims).replace('"iat"', '"exp":1893456000,"iat"')
    expect(await check(token(text))).toMatchObject({ claims: { expiresAt: claims.exp } })
  })

  test('its fingerprint is no part of it', async () => {
    const result = await check(good)
    expect(result.ok && result.fingerprint).toMatch(/^[0-9a-f]{12}$/)
    expect(good).not.toContain(result.ok && result.fingerprint)
  })
})

const hmac = (() => {
  const input = `${base64url({ alg: 'HS256', typ: 'JWT', kid: 'k1' })}.${payload}`
  const secret = Buffer.from(publicKey.x, 'base64url')
  // Cut to the length of a signature, so that the form alone does not refuse it.
  const sum = createHmac('sha512', secret).update(input).digest().subarray(0, 64)
  return `${input}.${base64url(sum)}`
})()
const jwe = ['e30', 'e30', 'e30', 'e30', 'e30'].join('.')
const unused = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

describe('a license is refused', () => {
  const milliseconds = { ...claims, exp: claims.exp * 1000 }
  test.each([
    ['empty', '', 'empty'],
    ['blanks alone', ' \r\n', 'empty'],
    ['a BOM alone', '\ufeff', 'empty'],
    ['more than 8 KiB', token({ ...claims, edition: 'x'.repeat(8000) }), 'oversized'],
    ['more than 16 KiB', ' '.repeat(17_000), 'oversized'],
    ['bytes that are no UTF-8', Buffer.from([0x65, 0xff, 0xfe]), 'not_utf8'],
    ['two tokens', `${good}\n${good}`, 'malformed'],
    ['a blank inside', `${head}. ${payload}.${signature}`, 'malformed'],
    ['a line end inside', `${head}.${payload}\n.${signature}`, 'malformed'],
    ['a BOM inside', `${head}.\ufeff${payload}.${signature}`, 'malformed'],
    ['padding', `${good}==`, 'malformed'],
    ['a JWE', jwe, 'malformed'],
    ['cut in half', good.slice(0, good.length / 2), 'malformed'],
    ['alg none without signature', `${base64url({ alg: 'none' })}.${payload}.`, 'malformed'],
    ['alg none with one', token(claims, { ...header, alg: 'none' }), 'alg'],
    ['alg in small letters', token(claims, { ...header, alg: 'eddsa' }), 'alg'],
    ['the public key as HMAC secret', hmac, 'alg'],
    ['no alg', token(claims, { typ: 'JWT', kid: 'k1' }), 'alg'],
    ['crit', token(claims, { ...header, crit: ['exp'] }), 'header'],
    ['crit b64', token(claims, { ...header, crit: ['b64'], b64: true }), 'header'],
    ['b64 without crit', token(claims, { ...header, b64: false }), 'header'],
    ['a key in the header', token(claims, { ...header, jwk: publicKey }), 'header'],
    ['an address of keys', token(claims, { ...header, jku: 'https://x.example' }), 'header'],
    ['a certificate', token(claims, { ...header, x5c: [] }), 'header'],
    ['a header that is a list', token(claims, '[1]'), 'header'],
    ['a header that is no JSON', token(claims, '{'), 'header'],
    ['a kid that is a number', token(claims, { ...header, kid: 1 }), 'header'],
    ['an unknown kid', token(claims, { ...header, kid: 'k2' }), 'unknown_key'],
    ['another typ', token(claims, { ...header, typ: 'at+jwt' }), 'typ'],
    [
      'one changed claim',
      `${head}.${base64url({ ...claims, edition: 'all' })}.${signature}`,
      'signature',
    ],
    ['a payload that is no JSON', token('{"customer":'), 'claims'],
    ['a payload with a BOM', token(`\ufeff${JSON.stringify(claims)}`), 'claims'],
    ['JSON nested 1,500 deep', token(`${'['.repeat(1500)}${']'.repeat(1500)}`), 'claims'],
    ['no customer', token({ ...claims, customer: undefined }), 'claims'],
    ['no exp', token({ ...claims, exp: undefined }), 'claims'],
    ['no iat', token({ ...claims, iat: undefined }), 'claims'],
    ['exp as text', token({ ...claims, exp: String(claims.exp) }), 'claims'],
    ['exp in milliseconds', token(milliseconds), 'claims'],
    ['exp with a fraction', token({ ...claims, exp: claims.exp + 0.5 }), 'claims'],
    ['exp without end', token(JSON.stringify(claims).replace(`${claims.exp}`, '1e999')), 'claims'],
    ['exp before iat', token({ ...claims, exp: at - 1 }), 'claims'],
    ['exp before nbf', token({ ...claims, nbf: claims.exp + 1 }), 'claims'],
    ['the year 10000', token({ ...claims, exp: 253_402_300_800 }), 'claims'],
    ['before 2020', token({ ...claims, iat: 1 }), 'claims'],
  ])('%s', async (_, content, expected) => {
    expect(await code(content)).toBe(expected)
  })

  test('63 of 64 spellings of the last character', async () => {
    const codes = await Promise.all([...unused].map(one => code(good.slice(0, -1) + one)))
    expect(codes.filter(one => one === 'ok')).toHaveLength(1)
    expect(codes.filter(one => one === 'non_canonical')).toHaveLength(60)
    expect(codes.filter(one => one === 'signature')).toHaveLength(3)
  })

  test('from another issuer or for another product, where the build says which', async () => {
    const named = token({ ...claims, iss: 'iosetu', aud: ['render', 'farm'] })
    expect(await code(named, { issuer: 'iosetu', audience: 'farm' })).toBe('ok')
    expect(await code(named, { issuer: 'other' })).toBe('iss')
    expect(await code(named, { audience: 'paint' })).toBe('aud')
    expect(await code(good, { audience: 'farm' })).toBe('aud')
    expect(await code(good, { issuer: 'iosetu' })).toBe('iss')
  })

  test('each code has a sentence of its own that says what to do', () => {
    const sentences = refusalCodes.map(sentence)
    expect(new Set(sentences).size).toBe(refusalCodes.length)
    for (const one of sentences) expect(one).toMatch(/: .{10,}\.$/)
  })
})

describe('keys are trusted', () => {
  const key = (x: string, kid?: string) => ({ kty: 'OKP', crv: 'Ed25519', x, ...(kid && { kid }) })

  test('two at once, each for its kid; a license without kid is refused then', async () => {
    const two = await trust({ keys: [publicKey, key(publicKey.x, 'k2')] })
    expect(two.key('k2')).toBeDefined()
    expect(two.key(undefined)).toBeUndefined()
    expect(two.key('toString')).toBeUndefined()
  })

  test.each([
    ['one kid twice', [publicKey, publicKey], /"k1" stands there twice/],
    ['several without kid', [key(publicKey.x), publicKey], /needs a `kid`/],
    ['a private key', [{ ...publicKey, d: 'AAAA' }], /private key/],
    ['another curve', [{ ...publicKey, crv: 'Ed448' }], /no Ed25519 key/],
    ['a short key', [key('AAAA')], /32 bytes/],
    [
      'a point of order 1',
      [key(base64url(Buffer.from(`01${'00'.repeat(31)}`, 'hex')))],
      /low order/,
    ],
  ])('never: %s', async (_, keys, message) => {
    await expect(trust({ keys })).rejects.toThrow(message)
  })

  test('the repository itself ships none', async () => {
    expect(trustedKeys.keys).toEqual([])
    expect((await trust(trustedKeys)).size).toBe(0)
  })
})

import { Buffer } from 'node:buffer'
import { createPublicKey, verify as verifyBytes, webcrypto } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { trust } from '../../exporter/self-license/trust.ts'
import { base64url, check, claims, header, token } from './licenses.ts'
import { noVectors, vector, vectorFiles, vectorsAreThere } from './vectors.ts'

const there = describe.skipIf(!vectorsAreThere)
if (!vectorsAreThere) console.log(noVectors)

/**
 * OpenSSL 3.0 takes keys of low order; newer versions and libsodium do not. Either row is known, and
 * a mixture of both is not; trusted keys of low order are refused whatever the library does.
 */
const library = nodeAccepts({
  key: `01${'00'.repeat(31)}`,
  message: Buffer.from('any'),
  signature: `01${'00'.repeat(63)}`,
})
  ? { cctv: 208, speccheck: 'V V V V X X X X X X X V' }
  : { cctv: 43, speccheck: 'X X X V X X X X X X X X' }

interface Case {
  key: string
  message: Uint8Array
  signature: string
}

function nodeAccepts({ key, message, signature }: Case): boolean {
  try {
    const x = Buffer.from(key, 'hex').toString('base64url')
    const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
    return verifyBytes(null, message, publicKey, Buffer.from(signature, 'hex'))
  } catch {
    return false
  }
}

/** What jose calls. */
async function webAccepts({ key, message, signature }: Case): Promise<boolean> {
  try {
    const raw = Buffer.from(key, 'hex')
    const imported = await webcrypto.subtle.importKey('raw', raw, 'Ed25519', true, ['verify'])
    return await webcrypto.subtle.verify(
      'Ed25519',
      imported,
      Buffer.from(signature, 'hex'),
      Buffer.from(message),
    )
  } catch {
    return false
  }
}

there('public test vectors', () => {
  test('all 649 tokens of Wycheproof are refused and none throws', async () => {
    const kinds = ['signature', 'crypto', 'key', 'encryption']
    const tokens: string[] = kinds
      .map(kind => vector(`wycheproof/json_web_${kind}_test.json`))
      .flatMap(file => file.testGroups)
      .flatMap(group => group.tests)
      .map(one => one.jws ?? one.jwe)
      .map(one => (typeof one === 'string' ? one : JSON.stringify(one)))
    const results = await Promise.all(tokens.map(one => check(one)))
    expect(results).toHaveLength(649)
    expect(results.filter(one => one.ok)).toEqual([])
  })

  test('all 636 tokens with a text of JSONTestSuite as header or payload are refused', async () => {
    const texts = vectorFiles('json-test-suite/test_parsing')
    const tokens = texts.flatMap(text => [token(text), token(claims, text)])
    const results = await Promise.all(tokens.map(one => check(one)))
    expect(results).toHaveLength(636)
    expect(results.filter(one => one.ok)).toEqual([])
  })

  test('Ed25519 of Node and WebCrypto agree with Wycheproof on 151 of 151', async () => {
    let right = 0
    for (const group of vector('wycheproof/ed25519_test.json').testGroups) {
      for (const { msg, sig, result } of group.tests) {
        const one = { key: group.publicKey.pk, message: Buffer.from(msg, 'hex'), signature: sig }
        const valid = result === 'valid'
        if (nodeAccepts(one) === valid && (await webAccepts(one)) === valid) right++
      }
    }
    expect(right).toBe(151)
  })

  test('Ed448 keys are trusted by nobody', async () => {
    const { testGroups } = vector('wycheproof/ed448_test.json')
    for (const { publicKey } of testGroups) {
      const x = base64url(Buffer.from(publicKey.pk, 'hex'))
      for (const crv of ['Ed448', 'Ed25519']) {
        await expect(trust({ keys: [{ kty: 'OKP', crv, x }] })).rejects.toThrow(/trusted key 1/)
      }
    }
  })

  test('of the 914 edge points of CCTV Node and WebCrypto take the same, as many as their library does', async () => {
    const cases = vector('cctv-ed25519/ed25519vectors.json').map(
      ({ key, sig, msg }: { key: string; sig: string; msg: string }) => ({
        key,
        signature: sig,
        message: Buffer.from(msg),
      }),
    )
    const node = cases.map(nodeAccepts)
    const web = await Promise.all(cases.map(webAccepts))
    expect(node).toHaveLength(914)
    expect(node.filter(Boolean)).toHaveLength(library.cctv)
    expect(web).toEqual(node)
  })

  test('keys of low order among them are refused as trusted keys', async () => {
    const keys = new Set<string>(
      vector('cctv-ed25519/ed25519vectors.json')
        .filter(({ flags }: { flags: string[] | null }) => flags?.includes('low_order_A'))
        .map(({ key }: { key: string }) => key),
    )
    expect(keys.size).toBeGreaterThanOrEqual(8)
    for (const key of keys) {
      const jwk = { kty: 'OKP', crv: 'Ed25519', x: base64url(Buffer.from(key, 'hex')) }
      await expect(trust({ keys: [jwk] })).rejects.toThrow(/low order/)
    }
  })

  test('speccheck gives the row of that library', () => {
    const row = vector('ed25519-speccheck/cases.json')
      .map((one: { pub_key: string; message: string; signature: string }) =>
        nodeAccepts({
          key: one.pub_key,
          message: Buffer.from(one.message, 'hex'),
          signature: one.signature,
        }),
      )
      .map((accepted: boolean) => (accepted ? 'V' : 'X'))
    expect(row.join(' ')).toBe(library.speccheck)
  })

  test('the EdDSA example of RFC 8037 verifies, and is no license', async () => {
    const { input, output } = vector('jose-cookbook/curve25519/jws.json')
    const message = Buffer.from(output.compact.split('.').slice(0, 2).join('.'))
    const signature = Buffer.from(output.compact.split('.')[2], 'base64url').toString('hex')
    const key = Buffer.from(input.key.x, 'base64url').toString('hex')
    expect(nodeAccepts({ key, message, signature })).toBe(true)
    expect((await check(output.compact)).ok).toBe(false)
    expect(header.alg).toBe('EdDSA')
  })
})

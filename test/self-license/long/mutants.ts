import { Buffer } from 'node:buffer'
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { check, claims, token } from '../licenses.ts'

/**
 * Good tokens changed in up to four places: none may be accepted, none may throw.
 * npm run mutants -- --n 10000000
 */
const { values } = parseArgs({ options: { n: { type: 'string', default: '100000' } } })
const total = Number(values.n)

const good = [token(), token({ ...claims, iss: 'iosetu', aud: ['a', 'b'], nbf: claims.iat })]

const changes: ((bytes: Buffer) => Buffer)[] = [
  bytes => put(bytes, randomInt(256)),
  bytes => put(bytes, 45 + randomInt(78)),
  bytes => {
    const at = randomInt(bytes.length)
    bytes[at] = (bytes[at] ?? 0) ^ (1 << randomInt(8))
    return bytes
  },
  bytes => splice(bytes, 0, Buffer.from([randomInt(256)])),
  bytes => splice(bytes, 1, Buffer.alloc(0)),
  bytes => bytes.subarray(0, 1 + randomInt(bytes.length)),
  bytes => Buffer.concat([bytes, bytes.subarray(randomInt(bytes.length))]),
  // Parts of one token in the other.
  bytes => {
    const parts = bytes.toString('latin1').split('.')
    const other = (good[randomInt(good.length)] ?? '').split('.')
    const at = randomInt(3)
    parts[at] = other[at] ?? ''
    return Buffer.from(parts.join('.'), 'latin1')
  },
  // A change that stays canonical base64url: only the signature can tell.
  bytes => {
    const parts = bytes.toString('latin1').split('.')
    const at = randomInt(parts.length)
    const inside = Buffer.from(parts[at] ?? '', 'base64url')
    if (inside.length > 0) inside[randomInt(inside.length)] = randomInt(256)
    parts[at] = inside.toString('base64url')
    return Buffer.from(parts.join('.'), 'latin1')
  },
]

function put(bytes: Buffer, value: number): Buffer {
  bytes[randomInt(bytes.length)] = value
  return bytes
}

function splice(bytes: Buffer, remove: number, insert: Buffer): Buffer {
  const at = randomInt(bytes.length)
  return Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + remove)])
}

const codes = new Map<string, number>()
let [accepted, thrown, slow, same] = [0, 0, 0, 0]
const began = performance.now()
for (let n = 0; n < total; n++) {
  let bytes: Buffer = Buffer.from(good[n % good.length] ?? '')
  for (let times = 1 + randomInt(4); times > 0 && bytes.length > 0; times--) {
    bytes = changes[randomInt(changes.length)]?.(bytes) ?? bytes
  }
  const text = bytes
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '')
  if (good.includes(text)) {
    same++
    continue
  }
  const at = performance.now()
  try {
    const result = await check(bytes)
    if (result.ok) accepted++
    const code = result.ok ? 'ok' : result.code
    codes.set(code, (codes.get(code) ?? 0) + 1)
  } catch {
    thrown++
  }
  if (performance.now() - at > 250) slow++
}
const seconds = (performance.now() - began) / 1000
console.log(
  [...codes]
    .toSorted(([, a], [, b]) => b - a)
    .map(([code, count]) => `${code} ${count}`)
    .join(', '),
)
console.log(
  `${total - same} mutants (${same} changed nothing) in ${seconds.toFixed(0)} s: ${accepted} accepted, ${thrown} thrown, ${slow} took more than 250 ms`,
)
const holds = accepted === 0 && thrown === 0
console.log(holds ? '1 passed, 0 failed' : '0 passed, 1 failed')
process.exitCode = holds ? 0 : 1

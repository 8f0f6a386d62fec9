import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { routes } from '../../exporter/http/routes.ts'
import { program as command } from '../cli/program.ts'
import { type Collector, collector } from '../events/collector.ts'
import { ask, bearer, raw } from './client.ts'
import { digest } from './parts.ts'
import { beginProgram, type Program } from './running-program.ts'

/**
 * Secrets and names that can be told apart from everything else, in a real program that does all it
 * can: then whatever it ever wrote is searched for them.
 */
let folder: string
let program: Program | undefined
let otlp: Collector
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'canary-'))
  otlp = await collector([503, 200])
})
afterEach(async () => {
  await program?.end()
  program = undefined
  await otlp.close()
  rmSync(folder, { recursive: true, force: true })
}, 30_000)

const apiKey = 'canary-api-key-0f6c1b'
const header = 'canary-otlp-header-77aa'
const people = [
  'canaryanna',
  'canaryben',
  'canarycleo',
  'canaryhost1',
  'canaryhost2',
  'canaryhost3',
]

const lmstat = `lmutil - Copyright (c) 1989-2021 Flexera. All Rights Reserved.
Flexible License Manager status on Sun 11/22/2026 12:00

License server status: 27000@lic1
    License file(s) on lic1: /opt/flexlm/adsk.lic:

      lic1: license server UP (MASTER) v11.18.0

Vendor daemon status (on lic1):

  adskflex: UP v11.18.0
Feature usage info:

Users of sketch:  (Total of 4 licenses issued;  Total of 2 licenses in use)

  "sketch" v1.000, vendor: adskflex, expiry: permanent(no expiration date)
  floating license

    canaryanna canaryhost1 :0 (v1.0) (lic1/27000 101), start Sun 11/22 9:00
    canaryben canaryhost2 :0 (v1.0) (lic1/27000 102), start Sun 11/22 9:30
    not canaryben at all, a line that nobody understands

`
const denial = `10:00:05 (adskflex) TIMESTAMP 11/22/2026
10:02:00 (adskflex) DENIED: "sketch" canarycleo@canaryhost3  (Licensed number of users already reached. (-4,342))
10:05:00 (adskflex) OUT: "sketch" canarycleo@canaryhost3
`

const file = (name: string, text = '') => {
  const path = join(folder, name)
  if (text !== '') writeFileSync(path, text, { mode: 0o600 })
  return path
}

const config = (port: number, names: 'drop' | 'hash') => `
state_dir = "${join(folder, 'state')}"
[privacy]
users = "${names}"
hosts = "${names}"
[[server]]
name = "cad"
manager = "flexlm"
address = "27000@lic1"
read = "${file('lmstat.txt')}"
logs = ["${file('debug.log')}"]
timezone = "UTC"
max_age = "1d"
interval = "5s"
${names === 'hash' ? '[checkouts]\nseries = true\n' : ''}[log]
level = "debug"
[otlp]
endpoint = "${otlp.url}"
headers_file = "${file('otlp-headers')}"
metrics = true
[api]
bind_port = ${port}
rate_limit_requests = 100000
[[api.keys]]
name = "all"
sha256 = "${digest(apiKey)}"
scopes = ["read", "metrics", "users"]
rate_limit_requests = 100000
`

/** A license that is good: signed by a private key that the commands made. */
async function licensed(): Promise<{ printed: string; privateKey: string; token: string }> {
  const [signing, license] = [file('signing.jwk'), file('license.jwt')]
  const made = await command(['key', 'new', '--out', signing])
  writeFileSync(file('trusted.json'), made.stdout)
  const issued = await command([
    ...['key', 'issue', '--key', signing, '--out', license, '--customer', 'Canary Ltd'],
  ])
  const shown = await command(['key', 'inspect', '--trusted', file('trusted.json'), license])
  const again = await command(['key', 'new', '--out', signing])
  expect([made.code, issued.code, shown.code, again.code]).toEqual([0, 0, 0, 2])
  return {
    printed: [made, issued, shown, again].map(one => one.stdout + one.stderr).join('\n'),
    privateKey: JSON.parse(readFileSync(signing, 'utf8')).d,
    token: readFileSync(license, 'utf8').trim(),
  }
}

const vendor = fileURLToPath(new URL('./vendor-program.ts', import.meta.url))
const methods = ['GET', 'HEAD', 'OPTIONS', 'DELETE', 'POST']

/** Every route by every method and with every wrong way to send a key; streams as well. */
async function askEverything(url: string): Promise<string[]> {
  const answers: string[] = []
  const tell = async (path: string, sent: Record<string, string>, method = 'GET') => {
    const { status, headers, text } = await ask(url, { method, path, headers: sent })
    answers.push(`${status} ${JSON.stringify(headers)} ${text}`)
  }
  const query: Record<string, string> = { '/probe': '?server=cad' }
  const paths = [...routes.map(({ path }) => path), '/guard', '/guard/403', '/nothing']
  for (const path of paths.filter(one => one !== '/stream/events')) {
    const asked = `${path}${query[path] ?? ''}`
    for (const method of methods) await tell(asked, bearer(apiKey), method)
    await tell(asked, { ...bearer(apiKey), accept: 'application/openmetrics-text' })
    await tell(asked, bearer(`${apiKey}-wrong`))
    await tell(asked, { ...bearer(apiKey), 'x-api-key': apiKey })
    await tell(asked, { 'x-request-id': apiKey.replaceAll('-', '+'), ...bearer(apiKey) })
    await tell(`${asked}${asked.includes('?') ? '&' : '?'}key=${apiKey}`, {})
  }
  await tell('/api/v1/checkouts?user=canaryanna', bearer(apiKey))
  const head = `Host: localhost\r\nAuthorization: Bearer ${apiKey}\r\nLast-Event-ID: none\r\n`
  answers.push(await raw(url, `GET /stream/events HTTP/1.1\r\n${head}\r\n`, 500))
  answers.push(await raw(url, `GET / HTTP/1.1\nAuthorization: Bearer ${apiKey}\n\n`, 500))
  return answers
}

/** What must hold a secret: the key of the hashes, and the signed license that a restart needs. */
const keepers = ['privacy.key', 'own-license.json']

/** Files of state_dir but those two, which their owner alone can read. */
function filesOf(place: string): string[] {
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .flatMap(({ parentPath, name }) => {
      const path = join(parentPath, name)
      if (!keepers.includes(name)) return readFileSync(path, 'latin1')
      expect([name, statSync(path).mode & 0o777]).toEqual([name, 0o600])
      return []
    })
}

it.each(['drop', 'hash'] as const)(
  'no secret and no name under "%s" is in anything that the program ever wrote',
  async names => {
    file('lmstat.txt', lmstat)
    file('debug.log', '9:00:00 (adskflex) TIMESTAMP 11/22/2026\n')
    file('otlp-headers', `authorization=Bearer ${header}\nx-canary=${header}\n`)
    const { printed, privateKey, token } = await licensed()
    const script = [vendor, file('trusted.json'), file('license.jwt')]
    program = await beginProgram({ folder, script, config: port => config(port, names) })
    const { url, port, written } = program
    appendFileSync(file('debug.log'), denial)
    await expect.poll(written, { timeout: 30_000 }).toContain('license_feature.denied')

    const answers = await askEverything(url)
    // What people do by mistake: the key where its hash belongs, a secret that is no TOML.
    const good = config(port, names)
    await program.change(good.replace(digest(apiKey), apiKey))
    await program.change(good.replace(`"${digest(apiKey)}"`, apiKey))
    await program.change(
      `${good}\n[api.tls]\ncert_file = "${file('license.jwt')}"\nkey_file = "${file('signing.jwk')}"\n`,
    )
    // A broken license gives its reader something to say; waiting for it once is enough.
    writeFileSync(file('license.jwt'), `${token.slice(0, -9)}AAAAAAAAA`)
    if (names === 'drop') {
      await expect.poll(written, { timeout: 90_000 }).toContain('license.verification_failed')
    }
    answers.push(...(await askEverything(url)))
    await expect.poll(() => otlp.received.length, { timeout: 30_000 }).toBeGreaterThan(2)
    await program.end()
    program = undefined

    // The search means something: all of it was done, and what may be told was told.
    const all = answers.join('\n')
    expect(all).toContain('"checked_out":2')
    expect(all).toContain('Canary Ltd')
    expect(written().split('exporter.config_refused').length).toBeGreaterThan(3)
    expect(written()).toContain('api.authentication_failed')
    expect(otlp.requests.some(({ headers }) => headers['x-canary'] === header)).toBe(true)
    expect(otlp.requests.some(({ path }) => path === '/v1/metrics')).toBe(true)
    expect(otlp.received.some(({ event }) => event === 'license_feature.denied')).toBe(true)
    const state = filesOf(join(folder, 'state'))
    expect(state.join()).toContain('license_feature.denied')
    if (names === 'hash') expect(all).toMatch(/user="[0-9a-f]{8,}"/)

    const everything = [
      ...answers,
      ...state,
      ...otlp.requests.map(({ body }) => body.toString('latin1')),
      printed,
      written(),
    ].join('\n')
    const [, , signature = ''] = token.split('.')
    const secrets = [apiKey, header, privateKey, token, signature.slice(0, 60), ...people]
    if (names === 'hash')
      secrets.push(readFileSync(join(folder, 'state/privacy.key'), 'utf8').trim())
    expect(secrets.filter(secret => everything.includes(secret))).toEqual([])
  },
  180_000,
)

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { folder } from './monitor-world.ts'

const module = new URL('../../exporter/cli/key.ts', import.meta.url).href
const home = mkdtempSync(join(tmpdir(), 'key-command-'))
const program = join(home, 'key.mjs')
writeFileSync(
  program,
  `import { run } from ${JSON.stringify(module)}
try { process.exitCode = await run(process.argv.slice(2)) }
catch (error) { console.error(error.code + ': ' + error.message); process.exitCode = 2 }`,
)
afterAll(() => rmSync(home, { recursive: true, force: true }))

/** `license-exporter key …`, as a program of its own. */
function key(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
    input: '',
    timeout: 20_000,
  })
  return { status, stdout, stderr }
}

describe('key new', () => {
  test('writes the private key for its owner alone, shows the public one, and never overwrites', () => {
    const file = join(folder(), 'vendor.jwk')
    const made = key('new', '--out', file)
    expect(made.status).toBe(0)
    const secret = JSON.parse(readFileSync(file, 'utf8'))
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(JSON.parse(made.stdout)).toEqual({
      keys: [{ kty: 'OKP', crv: 'Ed25519', x: secret.x, kid: secret.kid }],
    })
    expect(made.stdout + made.stderr).not.toContain(secret.d)
    const again = key('new', '--out', file)
    expect(again).toMatchObject({ status: 2, stdout: '' })
    expect(again.stderr).toMatch(/usage: .*vendor\.jwk is there already and is not overwritten/)
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(secret)
  })
})

describe('key issue and key inspect', () => {
  /** For the refused command lines, which change nothing. */
  let pair: ((name: string) => string) | undefined
  const made = () => {
    const path = mkdtempSync(join(home, 'pair-'))
    const file = (name: string) => join(path, name)
    writeFileSync(file('public.json'), key('new', '--out', file('vendor.jwk')).stdout)
    return file
  }

  test('a license goes from one to the other; neither shows the token or the key', () => {
    const file = made()
    const issued = key(
      ...['issue', '--key', file('vendor.jwk'), '--customer', 'Example', '--edition', 'studio'],
      ...['--valid', '30d', '--id', 'lic-7', '--out', file('license.key')],
    )
    expect(issued).toMatchObject({ status: 0, stderr: '' })
    const token = readFileSync(file('license.key'), 'utf8').trim()
    expect(statSync(file('license.key')).mode & 0o777).toBe(0o600)
    const shown = key('inspect', file('license.key'), '--trusted', file('public.json'))
    expect(shown.status).toBe(0)
    expect(shown.stdout).toMatch(/^customer +Example\nedition +studio\nlicense id +lic-7$/m)
    expect(shown.stdout).toMatch(/good for 30\.0 days/)
    const { d } = JSON.parse(readFileSync(file('vendor.jwk'), 'utf8'))
    for (const text of [issued.stdout, shown.stdout]) {
      expect(text).not.toContain(d)
      for (const part of token.split('.')) expect(text).not.toContain(part)
    }
  })

  test('without --out the license alone is on standard output', () => {
    const file = made()
    const { stdout } = key('issue', '--key', file('vendor.jwk'), '--customer', 'Example')
    expect(stdout).toMatch(/^eyJhbGciOiJFZERTQS[\w-]*\.[\w-]+\.[\w-]{86}\n$/)
  })

  test('a license of another key is refused with its code, a sentence and what it claims', () => {
    const file = made()
    key('issue', '--key', file('vendor.jwk'), '--customer', 'Example', '--out', file('a.key'))
    const { status, stdout } = key('inspect', file('a.key'))
    expect(status).toBe(1)
    expect(stdout).toMatch(/unverified +\{"customer":"Example"/)
    expect(stdout).toMatch(/refused: unknown_key\nThe license is signed with a key that this build/)
    expect(stdout).toMatch(/This build trusts no key/)
  })

  test('a license for later says so', () => {
    const file = made()
    key(
      ...['issue', '--key', file('vendor.jwk'), '--customer', 'Example'],
      ...['--not-before', '2099-01-01T00:00:00Z', '--out', file('later.key')],
    )
    const { status, stdout } = key('inspect', file('later.key'), '--trusted', file('public.json'))
    expect(status).toBe(1)
    expect(stdout).toMatch(/refused: not_yet_valid/)
  })

  test.each([
    [['issue', '--customer', 'A'], /needs --key FILE/],
    [['issue', '--key', 'PUBLIC', '--customer', 'A'], /no private Ed25519 key/],
    [['issue', '--key', 'KEY'], /needs --customer/],
    [['issue', '--key', 'KEY', '--customer', 'A', '--valid', 'ever'], /"ever" is no duration/],
    [['issue', '--key', 'KEY', '--customer', 'A', '--valid', '9999y'], /would be refused: exp/],
    [['issue', '--key', '/nowhere', '--customer', 'A'], /\/nowhere cannot be read \(ENOENT\)/],
    [['issue', '--key', 'KEY', '--customer', 'A', '--colour', 'red'], /Unknown option '--colour'/],
    [['inspect'], /needs a FILE/],
    [['inspect', 'a', 'b'], /"b" is one argument too many/],
    [['inspect', 'a', '--trusted', '/nowhere'], /must hold the public keys/],
    [['new'], /needs --out FILE/],
    [['new', '--out', '/nowhere/key'], /cannot be written \(ENOENT\)/],
    [['api'], /needs a NAME/],
    [['api', 'grafana', '--scope', 'all'], /"all" is not known; write read, metrics, users/],
    [['sell'], /"sell" is not known; write key new/],
    [[], /needs an action/],
  ])('%j is refused with a sentence', (args, message) => {
    pair ??= made()
    const known: Record<string, string> = { KEY: pair('vendor.jwk'), PUBLIC: pair('public.json') }
    const { status, stdout, stderr } = key(...args.map(one => known[one] ?? one))
    expect(status).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/^ {4}at /m)
  })
})

describe('key api', () => {
  test('shows a key once and the lines for the configuration', () => {
    const { status, stdout } = key('api', 'grafana', '--scope', 'read', '--scope', 'users')
    expect(status).toBe(0)
    const [secret = ''] = stdout.split('\n')
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32)
    const hash = createHash('sha256').update(secret).digest('hex')
    expect(stdout).toContain(
      `[[api.keys]]\nname = "grafana"\nsha256 = "${hash}"\nscopes = ["read", "users"]\n`,
    )
  })
})

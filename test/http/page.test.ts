import { createHash } from 'node:crypto'
import { afterEach, expect, it } from 'vitest'
import { span } from '../../exporter/http/views/words.ts'
import { get } from './client.ts'
import { now, ownLicense, type Running, serverState, snapshot, start } from './parts.ts'

let running: Running | undefined
afterEach(async () => {
  await running?.server.close()
  running = undefined
})

const evil = `<script>alert(1)</script>"'&\u202e\u0000`

async function page(path = '/'): Promise<{ text: string; policy: string }> {
  const { text, headers } = await get(running!.url, path, { accept: 'text/html' })
  return { text, policy: String(headers['content-security-policy']) }
}

it('shows own license, servers, fullest features, next expiries and events', async () => {
  const expiresAt = new Date(now.getTime() + 25 * 86_400_000)
  running = await start({ ownLicense: ownLicense({ state: 'valid', customer: 'ACME', expiresAt }) })
  running.events.emit({
    event: 'license_server.down',
    msg: 'The license server is down',
    attributes: { server: 'cad', reason: 'connect' },
  })
  const { text } = await page()
  for (const shown of [
    'Valid</span> · ACME',
    'Expires in 25 days',
    '<th scope="row" role="rowheader">cad</th>',
    'Up</span>',
    '20 seconds ago',
    '3 of 4 (75 %)',
    'expires in 5 days',
    'The license server is down',
  ]) {
    expect(text).toContain(shown)
  }
})

it.each(['/', '/api/v1/docs'])(
  '%s has no script, no outside resource and a policy for its one style',
  async path => {
    running = await start({})
    const { text, policy } = await page(path)
    expect(text).not.toMatch(
      /<script|<img|<link|<iframe|javascript:|https?:\/\/|url\(|@import| style=| on\w+=/i,
    )
    const [, style] = /<style>([\s\S]*)<\/style>/.exec(text)!
    const hash = createHash('sha256').update(style!).digest('base64')
    expect(policy).toContain(`style-src 'sha256-${hash}'`)
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('unsafe')
  },
)

it('escapes whatever a license server, a token or an event says', async () => {
  const feature = { ...snapshot.features[0]!, name: evil, display: evil }
  const pools = [{ ...snapshot.pools[0]!, feature: evil, version: evil }]
  const state = { servers: new Map([[evil, serverState(evil, { features: [feature], pools })]]) }
  const monitor = ownLicense({ state: 'grace', customer: evil, reason: evil })
  running = await start({ state, ownLicense: monitor })
  running.events.emit({ event: 'license_server.up', msg: evil, attributes: { server: evil } })
  const { text } = await page()
  expect(text).not.toContain('<script')
  expect(text).not.toMatch(/[\u202e\u0000]/)
  expect(
    text.match(/&lt;script&gt;alert\(1\)&lt;\/script&gt;&quot;&#39;&amp;/g)!.length,
  ).toBeGreaterThan(6)
})

it('has a language, a title, one h1, headed tables and a name for each section', async () => {
  running = await start({})
  const { text } = await page()
  expect(text).toContain('<html lang="en">')
  expect(text).toContain('<meta name="viewport" content="width=device-width')
  expect(text.match(/<h1/g)).toHaveLength(1)
  expect(text).toContain('http-equiv="refresh"')
  for (const [, id] of text.matchAll(/aria-labelledby="(\w+)"/g))
    expect(text).toContain(`id="${id}"`)
  for (const [table] of text.matchAll(/<table[\s\S]*?<\/table>/g)) {
    expect(table).toContain('scope="col"')
    expect(table).toContain('scope="row"')
  }
  expect(text).toContain('prefers-color-scheme:dark')
})

it.each([
  [0, '0 seconds'],
  [59, '59 seconds'],
  [60, '1 minute'],
  [7200, '2 hours'],
  [-90_000, '1 day'],
])('%d s is %s', (seconds, words) => expect(span(seconds)).toBe(words))

import { afterEach, describe, expect, it } from 'vitest'
import { bearer, get, openStream } from './client.ts'
import { keys, keyTables, type Running, start } from './parts.ts'

let running: Running | undefined
afterEach(async () => {
  await running?.server.close()
  running = undefined
})

const api = { keys: keyTables, rate_limit_requests: 10_000 }
const pages = [
  '/',
  '/api/v1/status',
  '/api/v1/servers',
  '/api/v1/features',
  '/api/v1/pools',
  '/api/v1/checkouts',
  '/api/v1/events',
  '/api/v1/license',
]

function denied(running: Running): void {
  running.events.emit({
    event: 'license_feature.denied',
    msg: 'A user was refused',
    attributes: { server: 'cad', feature: 'sketch', user: 'canary-carl', host: 'canary-host-9' },
  })
}

/** Everything that one key is told on every page. */
async function told(key: string, live: 'drop' | 'plain'): Promise<string> {
  running = await start({ api, config: { privacy: { live } } })
  denied(running)
  const answers = await Promise.all(pages.map(path => get(running!.url, path, bearer(key))))
  expect(answers.map(({ status }) => status)).toEqual(pages.map(() => 200))
  await running.server.close()
  return JSON.stringify(answers)
}

describe('names of people', () => {
  it('leave no page for a key without the scope users, whatever live says', async () => {
    expect(await told(keys.reader, 'plain')).not.toContain('canary')
    expect(await told(keys.reader, 'drop')).not.toContain('canary')
  })

  it('of checkouts and reservations stay away while live drops them, for any key', async () => {
    const text = await told(keys.people, 'drop')
    expect(text).not.toContain('canary-anna')
    expect(text).not.toContain('canary-reserved')
    expect(text).not.toContain('canary-display')
    // An event carries names as [privacy] left them.
    expect(text).toContain('canary-carl')
  })

  it('are told to the scope users where live is plain', async () => {
    const text = await told(keys.people, 'plain')
    for (const name of ['canary-anna', 'canary-host-1', 'canary-reserved', 'canary-display']) {
      expect(text).toContain(name)
    }
  })

  it('are no filter for who may not see them', async () => {
    running = await start({ api, config: { privacy: { live: 'plain' } } })
    const path = '/api/v1/checkouts?user=canary-anna'
    expect((await get(running.url, path, bearer(keys.reader))).status).toBe(403)
    const shown = await get(running.url, path, bearer(keys.people))
    expect(JSON.parse(shown.text).data).toMatchObject([{ user: 'canary-anna', seats: 2 }])
    await running.set({ api, config: { privacy: { live: 'drop' } } })
    expect((await get(running.url, path, bearer(keys.people))).status).toBe(403)
  })

  it('are never shown without keys: no one has the scope users then', async () => {
    running = await start({ config: { privacy: { live: 'plain' } } })
    denied(running)
    const answers = await Promise.all(pages.map(path => get(running!.url, path)))
    expect(JSON.stringify(answers)).not.toContain('canary')
  })

  it('leave the stream for keys without the scope users, each client as its key', async () => {
    running = await start({ api })
    const [reader, people] = await Promise.all(
      [keys.reader, keys.people].map(key => openStream(running!.url, bearer(key))),
    )
    denied(running)
    await Promise.all([reader!.until(1), people!.until(1)])
    expect(reader!.events[0]!.data).toMatchObject({ event: 'license_feature.denied' })
    expect(JSON.stringify(reader!.events)).not.toContain('canary')
    expect(JSON.stringify(people!.events)).toContain('canary-carl')
    reader!.close()
    people!.close()
  })

  it('and headers that proxies add are in no log line', async () => {
    running = await start({ api })
    const headers = { ...bearer(keys.people), 'x-grafana-user': 'canary-mail@example.com' }
    await get(running.url, '/api/v1/checkouts?feature=canary-query', headers)
    await get(running.url, '/canary-path', headers)
    await new Promise(resolve => setTimeout(resolve, 50))
    expect(running.logged.length).toBeGreaterThan(1)
    expect(running.logged.join()).not.toMatch(/canary|Bearer|people-key/)
  })
})

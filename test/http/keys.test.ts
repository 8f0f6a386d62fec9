import { chmod, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { Audit } from '../../exporter/http/audit.ts'
import { findKey, loadKeys } from '../../exporter/http/keys.ts'
import { ask, bearer, get, raw } from './client.ts'
import { createEvents, digest, keys, keyTables, type Running, start } from './parts.ts'

let running: Running | undefined
afterEach(async () => {
  await running?.server.close()
  running = undefined
})

const basic = (name: string, key: string) => ({
  authorization: `Basic ${Buffer.from(`${name}:${key}`).toString('base64')}`,
})

describe('a key', () => {
  it('is taken as Bearer, as X-API-Key and as Basic with its name', async () => {
    running = await start({ api: { keys: keyTables } })
    const ways = [bearer(keys.reader), { 'x-api-key': keys.reader }, basic('reader', keys.reader)]
    for (const headers of ways) {
      const answer = await get(running.url, '/api/v1/status', headers)
      expect(answer.status).toBe(200)
      expect(JSON.parse(answer.text).scopes).toEqual(['read'])
    }
  })

  it.each([
    ['unknown_key', { authorization: 'Bearer nobody-has-this' }],
    ['unknown_key', { 'x-api-key': 'nobody-has-this' }],
    ['unknown_key', basic('people', keys.reader)],
    ['unknown_key', basic('', keys.reader)],
    ['malformed_key', { authorization: 'Bearer ' }],
    ['malformed_key', { authorization: 'Bearer' }],
    ['malformed_key', { 'x-api-key': '' }],
    ['malformed_key', { authorization: 'Basic !!!' }],
    ['malformed_key', { authorization: `Digest ${keys.reader}` }],
    ['malformed_key', { authorization: `Bearer ${keys.reader} ${keys.reader}` }],
    ['two_keys', { 'x-api-key': keys.reader, authorization: `Bearer ${keys.reader}` }],
    ['missing_key', {}],
  ])('%s is refused, audited and never logged', async (code, headers) => {
    running = await start({ api: { keys: keyTables } })
    const answer = await get(running.url, '/api/v1/status', headers)
    expect(answer.status).toBe(401)
    expect(answer.headers['www-authenticate']).toContain('Basic')
    expect(JSON.parse(answer.text)).toMatchObject({ code })
    await running.server.close()
    expect(running.events.recent()).toMatchObject([
      {
        event: 'api.authentication_failed',
        client_address: '127.0.0.1',
        route: '/api/v1/status',
        count: 1,
        correlation_id: answer.headers['x-request-id'],
      },
    ])
    const counted = await running.counted()
    expect(counted.get('license_exporter_http_auth_failures_total')).toBe(1)
    expect(counted.get('GET /api/v1/status 401')).toBe(1)
    const written = JSON.stringify([answer, running.events.recent(), running.logged, ...counted])
    expect(written).not.toContain(keys.reader)
    expect(written).not.toContain('nobody-has-this')
  })

  it('in the query is refused and goes no further', async () => {
    running = await start({ api: { keys: keyTables } })
    for (const name of ['key', 'api_key', 'token', 'access_token', 'X-API-Key']) {
      const path = `/api/v1/status?${name}=${keys.reader}`
      const answer = await get(running.url, path, bearer(keys.reader))
      expect(JSON.parse(answer.text)).toMatchObject({ status: 401, code: 'key_in_query' })
      expect(answer.text).not.toContain(keys.reader)
    }
    expect(JSON.stringify(running.logged)).not.toContain(keys.reader)
  })

  it('given twice in one header is refused although both are right', async () => {
    running = await start({ api: { keys: keyTables } })
    const one = `Authorization: Bearer ${keys.reader}\r\n`
    const text = `GET /api/v1/status HTTP/1.1\r\nHost: localhost\r\n${one}${one}Connection: close\r\n\r\n`
    expect(await raw(running.url, text)).toContain('"code":"two_keys"')
  })

  it('of the wrong scope gets 403 and is audited', async () => {
    running = await start({ api: { keys: keyTables } })
    const answer = await get(running.url, '/metrics', bearer(keys.reader))
    expect(JSON.parse(answer.text)).toMatchObject({ status: 403, code: 'missing_scope' })
    await running.server.close()
    expect(running.events.recent()).toMatchObject([{ event: 'api.authentication_failed' }])
  })

  it('is not asked for where allow_anonymous says so, and then gives no names', async () => {
    running = await start({ api: { keys: keyTables, allow_anonymous: true } })
    const { scopes } = JSON.parse((await get(running.url, '/api/v1/status')).text)
    expect(scopes).toEqual(['metrics', 'read'])
    expect((await get(running.url, '/api/v1/status', bearer('wrong'))).status).toBe(401)
  })

  it('is asked for neither on health routes nor on the guard, right or wrong', async () => {
    running = await start({ api: { keys: keyTables } })
    for (const path of ['/health', '/livez', '/readyz', '/guard']) {
      const { status } = await get(running.url, path, bearer('wrong'))
      expect([path, status]).toEqual([path, path === '/guard' ? 503 : 200])
    }
  })
})

describe('keys', () => {
  it('are found among many, whichever place they have', async () => {
    const many = await loadKeys(
      Array.from({ length: 200 }, (_, i) => ({
        name: `k${i}`,
        sha256: digest(`secret-${i}`),
        scopes: ['read' as const],
      })),
    )
    for (const i of [0, 99, 199]) expect(findKey(many, `secret-${i}`)?.name).toBe(`k${i}`)
    expect(findKey(many, 'secret-200')).toBeUndefined()
  })

  it('from a file are refused where others can write it, and warned of where others can read it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'keys-'))
    const file = join(folder, 'reader.sha256')
    await writeFile(file, `${digest(keys.reader)}\n`, { mode: 0o600 })
    const api = { keys: [{ name: 'reader', sha256_file: file, scopes: ['read'] }] }
    await chmod(file, 0o666)
    await expect(start({ api })).rejects.toThrow(`${file} is writable by group or others`)
    await chmod(file, 0o644)
    running = await start({ api })
    expect(running.logged.join()).toContain('readable by others')
    expect((await get(running.url, '/api/v1/status', bearer(keys.reader))).status).toBe(200)
    await writeFile(file, 'not a digest')
    await expect(start({ api })).rejects.toThrow('holds no sha256: write 64 hex digits')
  })

  it('change with the configuration: the new one works, the old one no longer', async () => {
    const table = (key: string) => [{ name: 'reader', sha256: digest(key), scopes: ['read'] }]
    running = await start({ api: { keys: table('old-key') } })
    await running.set({ api: { keys: table('new-key') } })
    expect((await get(running.url, '/api/v1/status', bearer('new-key'))).status).toBe(200)
    expect((await get(running.url, '/api/v1/status', bearer('old-key'))).status).toBe(401)
  })
})

describe('audit', () => {
  it('sums a minute of one address and route into one event', async () => {
    const events = await createEvents()
    const audit = new Audit(events)
    for (let i = 0; i < 500; i++)
      audit.note('api.rate_limited', '10.0.0.1', '/', `id-${i}`, i * 100)
    audit.flush(59_000)
    expect(events.recent()).toEqual([])
    audit.flush(60_000)
    expect(events.recent()).toMatchObject([{ count: 500, client_address: '10.0.0.1', route: '/' }])
  })

  it('of ten thousand addresses makes about a hundred events, and loses no count', async () => {
    const events = await createEvents()
    const audit = new Audit(events)
    for (let i = 0; i < 10_000; i++) {
      const address = `10.1.${i >> 8}.${i & 255}`
      audit.note('api.authentication_failed', address, '/metrics', 'id', 0)
    }
    audit.flush(60_000)
    expect(events.recent().length).toBeLessThanOrEqual(101)
    expect(events.recent().reduce((sum, { count }) => sum + Number(count), 0)).toBe(10_000)
  })
})

it('a rate limit answers 429 with its headers, for the key alone', async () => {
  running = await start({
    api: {
      rate_limit_requests: 3,
      rate_limit_window_seconds: 60,
      keys: [
        ...keyTables,
        { ...keyTables[0], name: 'busy', sha256: digest('busy'), rate_limit_requests: 50 },
      ],
    },
  })
  const codes: number[] = []
  for (let i = 0; i < 5; i++) {
    const answer = await get(running.url, '/api/v1/status', bearer(keys.reader))
    codes.push(answer.status)
    expect(answer.headers['ratelimit-policy']).toBe('"default";q=3;w=60')
    expect(answer.headers.ratelimit).toMatch(/^"default";r=[0-2];t=\d+$/)
    if (answer.status === 429) expect(answer.headers['retry-after']).toMatch(/^\d+$/)
  }
  expect(codes).toEqual([200, 200, 200, 429, 429])
  expect((await get(running.url, '/api/v1/status', bearer('busy'))).status).toBe(200)
  expect((await get(running.url, '/health')).status).toBe(200)
  const scrape = await get(running.url, '/metrics', bearer(keys.scraper))
  expect(scrape.headers['ratelimit-policy']).toBe('"metrics";q=600;w=60')
  await running.server.close()
  expect(running.events.recent()).toMatchObject([{ event: 'api.rate_limited', count: 2 }])
})

it('guessing keys runs into the rate limit of the address', async () => {
  running = await start({ api: { rate_limit_requests: 5, keys: keyTables } })
  const codes: number[] = []
  for (let i = 0; i < 7; i++) {
    codes.push((await get(running.url, '/api/v1/status', bearer(`guess-${i}`))).status)
  }
  expect(codes).toEqual([401, 401, 401, 401, 401, 429, 429])
  expect((await get(running.url, '/api/v1/status', bearer(keys.reader))).status).toBe(200)
})

it('unknown paths count against the limit too', async () => {
  running = await start({ api: { rate_limit_requests: 2 } })
  const codes: number[] = []
  for (let i = 0; i < 4; i++) codes.push((await ask(running.url, { path: `/${i}` })).status)
  expect(codes).toEqual([404, 404, 429, 429])
})

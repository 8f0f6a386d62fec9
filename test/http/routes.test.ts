import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { routes } from '../../exporter/http/routes.ts'
import { ask, bearer, get } from './client.ts'
import { keys, keyTables, type Running, start } from './parts.ts'

const limits = { rate_limit_requests: 100_000 }
const query: Record<string, string> = { '/probe': '?server=cad' }
const paths = routes.map(({ path }) => path).filter(path => path !== '/stream/events')

let open: Running
let locked: Running
beforeAll(async () => {
  open = await start({ api: limits })
  locked = await start({ api: { ...limits, keys: keyTables } })
})
afterAll(() => Promise.all([open.server.close(), locked.server.close()]))

/** What each key gets of each route. */
function expected(scope: string | undefined, key: keyof typeof keys | 'none'): number {
  if (scope === undefined) return 200
  if (key === 'none') return 401
  const scopes = keyTables.find(({ name }) => name === key)!.scopes
  return scopes.includes(scope) ? 200 : 403
}

describe.each(paths)('%s', path => {
  const route = routes.find(one => one.path === path)!
  const full = `${path}${query[path] ?? ''}`

  it.each(['none', 'reader', 'scraper', 'people'] as const)('with key %s', async key => {
    const headers = key === 'none' ? {} : bearer(keys[key])
    for (const method of ['GET', 'HEAD']) {
      const answer = await ask(locked.url, { method, path: full, headers })
      expect([method, answer.status]).toEqual([method, expected(route.scope, key)])
      if (method === 'HEAD') expect(answer.text).toBe('')
    }
  })

  it('is open where no key is configured', async () => {
    expect((await get(open.url, full)).status).toBe(200)
  })

  it('refuses other methods with 405 and tells which are allowed', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND']) {
      const answer = await ask(open.url, { method, path: full })
      expect([method, answer.status]).toEqual([method, 405])
      expect(answer.headers.allow).toBe('GET, HEAD, OPTIONS')
    }
  })

  it('refuses a body with 413, whatever the method', async () => {
    for (const method of ['GET', 'POST']) {
      const answer = await ask(open.url, {
        method,
        path: full,
        headers: { 'content-length': 1 },
        body: 'x',
      })
      expect([method, answer.status]).toEqual([method, 413])
    }
  })

  it('answers OPTIONS without a key and without CORS headers', async () => {
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'GET' }
    const answer = await ask(locked.url, { method: 'OPTIONS', path: full, headers })
    expect(answer.status).toBe(204)
    expect(Object.keys(answer.headers).filter(name => name.startsWith('access-'))).toEqual([])
  })

  it('refuses unknown, doubled and broken query keys with 400', async () => {
    const mark = full.includes('?') ? '&' : '?'
    for (const bad of ['zzz=1', 'server=a&server=b', 'limit=%zz', 'limit=%00']) {
      const answer = await get(open.url, `${full}${mark}${bad}`)
      expect([bad, answer.status]).toEqual([bad, 400])
      expect(JSON.parse(answer.text)).toMatchObject({ code: 'bad_query', status: 400 })
    }
  })

  it('carries the headers of every answer', async () => {
    const { headers } = await get(open.url, full, { 'x-request-id': 'my-id.1' })
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'x-request-id': 'my-id.1',
    })
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; /)
    expect(headers.server ?? headers['x-powered-by']).toBeUndefined()
  })

  if (route.negotiate)
    it('answers 406 to an Accept that it cannot meet', async () => {
      expect((await get(open.url, full, { accept: 'image/png' })).status).toBe(406)
      expect((await get(open.url, full, { accept: '*/*;q=0' })).status).toBe(406)
      const type = route.produces[0]
      expect((await get(open.url, full, { accept: `image/png, ${type};q=0.1` })).status).toBe(200)
    })

  if (route.schema)
    it('gives JSON of its published schema', async () => {
      const answer = await get(open.url, full)
      expect(answer.headers['content-type']).toMatch(/^application\/json/)
      route.schema!.parse(JSON.parse(answer.text))
    })
})

describe('paths', () => {
  it('unknown ones are 404 as problem+json with a correlation id', async () => {
    const answer = await get(open.url, '/nothing', { 'x-request-id': 'abc' })
    expect(answer.status).toBe(404)
    expect(answer.headers['content-type']).toBe('application/problem+json')
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'not_found', correlation_id: 'abc' })
  })

  it.each([
    '/api/v1/../v1/status',
    '/./metrics',
    '/..%2fmetrics',
    '/api%2Fv1/status',
    '/api/%2e%2E/metrics',
    '/api\\v1',
    '/%5c',
    '/%zz',
    '/metrics/..',
  ])('%s is 400', async path => {
    expect((await get(open.url, path)).status).toBe(400)
  })

  it('longer than 6 KiB are 414', async () => {
    expect((await get(open.url, `/${'a'.repeat(7000)}`)).status).toBe(414)
  })

  it('an unknown server of /probe is 404, and no address is ever read', async () => {
    const answer = await get(open.url, '/probe?server=http%3A%2F%2F169.254.169.254%2F')
    expect(JSON.parse(answer.text)).toMatchObject({ status: 404, code: 'no_such_server' })
    expect((await get(open.url, '/probe')).status).toBe(400)
  })

  it('an unclean request id is replaced', async () => {
    const { headers } = await get(open.url, '/livez', { 'x-request-id': 'a b"c' })
    expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
  })
})

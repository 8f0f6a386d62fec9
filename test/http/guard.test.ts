import { afterEach, describe, expect, it } from 'vitest'
import type { OwnLicense } from '../../exporter/parts.ts'
import { ask, get, raw } from './client.ts'
import { keyTables, licenseIn, type Running, start } from './parts.ts'

let running: Running | undefined
afterEach(async () => {
  await running?.server.close()
  running = undefined
})

const states: OwnLicense['state'][] = ['valid', 'grace', 'over', 'unlicensed']
/** Of Prometheus 3. */
const prometheusAccept =
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;version=1.0.0;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1'

describe.each(states)('while the own license is %s', state => {
  const serves = state === 'valid' || state === 'grace'

  it('the guard answers any method, path, query and body, with no key', async () => {
    running = await start({ ownLicense: await licenseIn(state), api: { keys: keyTables } })
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE']) {
      for (const path of [
        '/guard',
        '/guard/../../x%2f?a=1&a=%zz',
        '/guard?token=x',
        '/guard/403x',
      ]) {
        const headers = { 'content-length': method === 'POST' ? 3 : 0, host: 'any.example' }
        const body = method === 'POST' ? 'abc' : ''
        const answer = await ask(running.url, { method, path, headers, body })
        expect([method, path, answer.status]).toEqual([method, path, serves ? 200 : 503])
      }
    }
  })

  it('the guard below /guard/403/ says no with 403: Envoy takes a 5xx as its own failure', async () => {
    running = await start({ ownLicense: await licenseIn(state) })
    for (const path of ['/guard/403/', '/guard/403/product?q=1', '/guard/403']) {
      expect((await get(running.url, path)).status).toBe(serves ? 200 : 403)
    }
  })

  it('/health has the documented body, and for Prometheus the series and always 200', async () => {
    running = await start({ ownLicense: await licenseIn(state) })
    const answer = await get(running.url, '/health')
    expect(answer.status).toBe(serves ? 200 : 503)
    expect(JSON.parse(answer.text)).toMatchObject({
      status: state === 'valid' ? 'healthy' : serves ? 'degraded' : 'unhealthy',
      license: { valid: state === 'valid', grace_mode: state === 'grace' || state === 'over' },
    })
    const scraped = await get(running.url, '/health', { accept: prometheusAccept })
    expect(scraped.status).toBe(200)
    expect(scraped.headers['content-type']).toMatch(
      /^application\/openmetrics-text; version=1\.0\.0/,
    )
    expect(scraped.text).toContain(`iosetu_license_valid ${state === 'valid' ? 1 : 0}`)
  })
})

describe('with no own license watched', () => {
  it('/health is healthy without saying license, and the guard says no', async () => {
    running = await start({})
    const { status, text } = await get(running.url, '/health')
    expect([status, text]).toEqual([200, '{"status":"healthy"}'])
    const scraped = await get(running.url, '/health', { accept: prometheusAccept })
    expect([scraped.status, scraped.text]).toEqual([200, '# EOF\n'])
    expect((await get(running.url, '/guard')).status).toBe(503)
    expect((await get(running.url, '/guard/403/x')).status).toBe(403)
  })

  it('a browser and curl get JSON from /health', async () => {
    running = await start({})
    for (const accept of ['*/*', 'text/html,application/xhtml+xml,*/*;q=0.8', 'text/plain']) {
      const { headers } = await get(running.url, '/health', { accept })
      expect(headers['content-type']).toMatch(/^application\/json/)
    }
  })
})

it('the demo marks every answer of its guard', async () => {
  running = await start({ ownLicense: await licenseIn('over'), deps: { mode: 'demo' } })
  for (const path of ['/guard', '/guard/403/']) {
    expect((await get(running.url, path)).headers['x-demo']).toBe('1')
  }
})

it('the guard is under no rate limit and survives an Expect that it cannot meet', async () => {
  running = await start({
    api: { rate_limit_requests: 1 },
    ownLicense: await licenseIn('valid'),
  })
  for (let i = 0; i < 20; i++) expect((await get(running.url, '/guard')).status).toBe(200)
  const expects = `POST /guard HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: tea\r\nConnection: close\r\n\r\nab`
  expect(await raw(running.url, expects)).toMatch(/^HTTP\/1\.1 200 /)
  const absolute =
    'GET http://product.example/guard/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'
  expect(await raw(running.url, absolute)).toMatch(/^HTTP\/1\.1 200 /)
})

it('/readyz waits for the first readings, /livez does not', async () => {
  running = await start({})
  const poller = { ...running.state, ready: false, state: running.state } as never
  const one = await start({ deps: { poller } })
  expect((await get(one.url, '/readyz')).status).toBe(503)
  expect((await get(one.url, '/livez')).status).toBe(200)
  await one.server.close()
})

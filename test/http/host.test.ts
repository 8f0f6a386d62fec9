import { afterEach, describe, expect, it } from 'vitest'
import { clientAddress, peerKey, proxyList } from '../../exporter/http/proxies.ts'
import { freePort } from '../free-port.ts'
import { get, raw } from './client.ts'
import { keyTables, type Running, start } from './parts.ts'

let running: Running | undefined
afterEach(async () => {
  await running?.server.close()
  running = undefined
})

describe('Host', () => {
  it.each([
    ['127.0.0.1:8080', 200],
    ['10.1.2.3', 200],
    ['[::1]:8080', 200],
    ['localhost', 200],
    ['LOCALHOST:1', 200],
    ['monitor.example.com', 200],
    ['Monitor.Example.Com:443', 200],
    ['evil.example.com', 421],
    ['localhost.evil.example.com', 421],
    ['127.0.0.1.evil.example.com', 421],
    ['127.1', 421],
    ['[::1', 421],
    ['localhost@evil.example.com', 421],
    ['localhost evil', 421],
  ])('%s is answered %d', async (host, status) => {
    running = await start({ api: { allowed_hosts: ['monitor.example.com'] } })
    expect((await get(running.url, '/api/v1/status', { host })).status).toBe(status)
  })

  it('of any kind comes to the health routes and the guard', async () => {
    running = await start({})
    for (const path of ['/livez', '/readyz', '/health', '/guard', '/guard/x']) {
      const { status } = await get(running.url, path, { host: 'evil.example.com' })
      expect([path, status]).toEqual([path, path.startsWith('/guard') ? 503 : 200])
    }
  })

  it('is asked for: without one nothing is answered', async () => {
    running = await start({})
    expect(await raw(running.url, 'GET /metrics HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /)
    expect(await raw(running.url, 'GET /metrics HTTP/1.1\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /)
    expect(await raw(running.url, 'GET /livez HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 /)
  })

  it('given twice is refused, and an absolute URI is judged by its own authority', async () => {
    running = await start({})
    const two =
      'GET /metrics HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n'
    expect(await raw(running.url, two)).toMatch(/^HTTP\/1\.1 4(00|21) /)
    const absolute = (authority: string) =>
      `GET http://${authority}/api/v1/status HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`
    expect(await raw(running.url, absolute('localhost'))).toMatch(/^HTTP\/1\.1 200 /)
    expect(await raw(running.url, absolute('evil.example'))).toMatch(/^HTTP\/1\.1 421 /)
  })
})

describe('CORS', () => {
  it('is off: no header, whatever the Origin', async () => {
    running = await start({})
    const { headers } = await get(running.url, '/api/v1/status', { origin: 'https://a.example' })
    expect(headers['access-control-allow-origin']).toBeUndefined()
  })

  it('names exactly the configured origins and varies by Origin', async () => {
    running = await start({ api: { cors_origins: ['https://a.example'] } })
    const of = async (origin: string) =>
      (await get(running!.url, '/api/v1/status', { origin })).headers
    expect((await of('https://a.example'))['access-control-allow-origin']).toBe('https://a.example')
    for (const origin of ['https://a.example.evil', 'http://a.example', 'null', '*']) {
      const headers = await of(origin)
      expect(headers['access-control-allow-origin']).toBeUndefined()
      expect(headers.vary).toContain('Origin')
    }
  })
})

describe('X-Forwarded-For', () => {
  const proxies = proxyList(['127.0.0.1', '10.0.0.0/8', '2001:db8::/32'])
  it.each([
    ['from a stranger is not believed', '192.0.2.1', ['198.51.100.7'], '192.0.2.1'],
    ['from a proxy names the client', '127.0.0.1', ['198.51.100.7'], '198.51.100.7'],
    [
      'is read from its end: the client wrote its begin',
      '127.0.0.1',
      ['1.1.1.1, 198.51.100.7, 10.2.3.4'],
      '198.51.100.7',
    ],
    ['may be IPv6', '2001:db8::1', ['2001:4860::8'], '2001:4860::8'],
    ['of a mapped peer is believed too', '::ffff:10.1.1.1', ['192.0.2.9'], '192.0.2.9'],
    ['that is no address ends there', '127.0.0.1', ['evil'], '127.0.0.1'],
    ['may be absent', '127.0.0.1', undefined, '127.0.0.1'],
  ])('%s', (_, peer, forwarded, client) => {
    expect(clientAddress(peer, forwarded, proxies)).toBe(client)
  })

  it('counts a /64 of IPv6 as one peer', () => {
    expect(peerKey('2001:db8:1:2::1')).toBe(peerKey('2001:db8:1:2:ffff::9'))
    expect(peerKey('2001:db8:1:2::1')).not.toBe(peerKey('2001:db8:1:3::1'))
    expect(peerKey('::1')).toBe('0:0:0:0::/64')
    expect(peerKey('192.0.2.1')).toBe('192.0.2.1')
  })
})

describe('an address that others reach', () => {
  const publicly = { bind_address: '0.0.0.0' }
  it.each([
    ['without the flag', publicly, 'allow_public_bind'],
    ['as ::', { bind_address: '::' }, 'allow_public_bind'],
    ['without keys', { ...publicly, allow_public_bind: true }, 'allow_anonymous'],
  ])('is refused %s', async (_, api, mend) => {
    await expect(start({ api })).rejects.toThrow(mend)
  })

  it('is taken with the flag and a key, or where everyone is let in by name', async () => {
    for (const more of [{ keys: keyTables }, { allow_anonymous: true }]) {
      const one = await start({ api: { ...publicly, allow_public_bind: true, ...more } })
      await one.server.close()
    }
  })

  it('is refused in the demo whatever the configuration says', async () => {
    const api = { ...publicly, allow_public_bind: true, allow_anonymous: true }
    await expect(start({ api, deps: { mode: 'demo' } })).rejects.toThrow('demo')
  })

  it('in use is one sentence', async () => {
    running = await start({})
    const api = { bind_port: running.server.address.port }
    await expect(start({ api })).rejects.toThrow(
      `127.0.0.1:${api.bind_port} is in use by another program: stop it, or set [api] bind_port`,
    )
  })
})

it('a changed port is listened on before the old one is left; enabled = false listens on none', async () => {
  running = await start({})
  const [old, port] = [running.url, await freePort()]
  await running.set({ api: { bind_port: port } })
  expect(running.server.address.port).toBe(port)
  expect((await get(running.server.address.url, '/livez')).status).toBe(200)
  await expect.poll(() => get(old, '/livez').catch(() => 'closed')).toBe('closed')
  await running.set({ api: { enabled: false } })
  expect(running.server.address.url).toBe('')
  await expect(get(`http://127.0.0.1:${port}`, '/livez')).rejects.toThrow()
})

import { readFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { OwnLicense } from '../../exporter/parts.ts'
import { freePort } from '../free-port.ts'
import { type Nginx, nginxProgram, startNginx } from './nginx.ts'
import { keys, keyTables, licenseIn, type Running, start } from './parts.ts'

const shipped = (name: string) =>
  readFileSync(new URL(`../../provisioning/nginx/${name}`, import.meta.url), 'utf8')

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})
if (!nginxProgram) console.log('skipped: nginx is not installed')

interface Answer {
  status: number
  headers: http.IncomingHttpHeaders
  text: string
}

function get(
  port: number,
  path: string,
  headers: http.OutgoingHttpHeaders = {},
  options: https.RequestOptions = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const host = '127.0.0.1'
    const common = { host, port, path, headers, agent: false, rejectUnauthorized: false }
    const request = https.get({ ...common, ...options }, response => {
      let text = ''
      response.on('data', chunk => {
        text += chunk
      })
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
      )
      response.on('error', reject)
    })
    request.on('error', reject)
  })
}

async function behind(
  file: string,
  replace: (port: number) => Promise<Record<string, string>>,
): Promise<{ nginx: Nginx; port: number }> {
  const port = await freePort()
  const nginx = await startNginx(shipped(file), await replace(port))
  closing.push(() => nginx.close())
  return { nginx, port }
}

async function exporter(options: Parameters<typeof start>[0] = {}): Promise<Running> {
  const running = await start(options)
  closing.push(() => running.server.close())
  return running
}

const address = ({ server }: Running) => `127.0.0.1:${server.address.port}`

describe.runIf(nginxProgram)('behind nginx', () => {
  it('one exporter: 1.2 and 1.3 only, HSTS, the client counted by its own address', async () => {
    const running = await exporter({ api: { keys: keyTables, trusted_proxies: ['127.0.0.1'] } })
    const { nginx, port } = await behind('license-exporter.conf', async port => ({
      '127.0.0.1:8080': address(running),
      'listen 443': `listen 127.0.0.1:${port}`,
      'listen 80': `listen 127.0.0.1:${await freePort()}`,
    }))
    expect(nginx.check).toContain('test is successful')
    const key = { authorization: `Bearer ${keys.people}` }
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const tls = { minVersion: version, maxVersion: version }
      const { status, headers } = await get(port, '/api/v1/status', key, tls)
      expect(status).toBe(200)
      expect(headers['strict-transport-security']).toBe('max-age=31536000')
    }
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL@SECLEVEL=0' } as const
    await expect(get(port, '/livez', {}, old)).rejects.toThrow()
    expect((await get(port, '/guard/x')).status).toBe(404)
    expect((await get(port, '/..%2fmetrics', key)).status).toBe(400)
    const lie = { 'x-forwarded-for': '203.0.113.9' }
    expect((await get(port, '/api/v1/status', lie)).status).toBe(401)
    await running.server.close()
    expect(running.events.recent()).toMatchObject([{ client_address: '127.0.0.1' }])
  })

  it('one exporter: more than ten requests a second and a burst are 429', async () => {
    const running = await exporter({ api: { rate_limit_requests: 100_000 } })
    const { port } = await behind('license-exporter.conf', async port => ({
      '127.0.0.1:8080': address(running),
      'listen 443': `listen 127.0.0.1:${port}`,
      'listen 80': `listen 127.0.0.1:${await freePort()}`,
    }))
    const answers = await Promise.all(Array.from({ length: 60 }, () => get(port, '/livez')))
    const more = await Promise.all(Array.from({ length: 60 }, () => get(port, '/livez')))
    const codes = [...answers, ...more].map(({ status }) => status)
    expect(codes.filter(code => code === 429).length).toBeGreaterThan(20)
    expect(codes.filter(code => code === 200).length).toBeGreaterThan(40)
  })

  it('the stream is not held back', async () => {
    const running = await exporter()
    const { port } = await behind('license-exporter.conf', async port => ({
      '127.0.0.1:8080': address(running),
      'listen 443': `listen 127.0.0.1:${port}`,
      'listen 80': `listen 127.0.0.1:${await freePort()}`,
    }))
    const text = await new Promise<string>((resolve, reject) => {
      const options = { host: '127.0.0.1', port, rejectUnauthorized: false, agent: false }
      const request = https.get({ ...options, path: '/stream/events' }, response => {
        let text = ''
        response.on('data', chunk => {
          text += chunk
          if (text.includes('connected') && running.events.recent().length === 0) {
            const event = 'license_server.up'
            running.events.emit({ event, msg: 'at once', attributes: { server: 'cad' } })
          }
          if (!text.includes('at once')) return
          resolve(text)
          request.destroy()
        })
        response.on('error', () => {})
      })
      request.on('error', reject)
      setTimeout(() => reject(new Error('nothing came within 5 s')), 5000).unref()
    })
    expect(text).toMatch(/^id: \S+$/m)
  })

  it('two exporters below one base URL are each reached by their own path', async () => {
    const [paris, london] = [await exporter(), await exporter()]
    paris.events.emit({ event: 'license_server.up', msg: 'in Paris', attributes: {} })
    const { nginx, port } = await behind('exporters.conf', async port => ({
      '10.1.0.10:8080': address(paris),
      '10.2.0.10:8080': address(london),
      'listen 443': `listen 127.0.0.1:${port}`,
    }))
    expect(nginx.check).toContain('test is successful')
    expect((await get(port, '/paris/api/v1/events')).text).toContain('in Paris')
    expect((await get(port, '/london/api/v1/events')).text).not.toContain('in Paris')
    expect((await get(port, '/london/')).text).toContain('href="api/v1/docs"')
    expect((await get(port, '/paris/guard')).status).toBe(404)
    expect((await get(port, '/rome/api/v1/events')).status).toBe(404)
  })

  it.each([
    ['valid', 200, 'from the product'],
    ['grace', 200, 'from the product'],
    ['over', 503, 'unhealthy'],
    ['unlicensed', 503, 'unhealthy'],
  ] as [OwnLicense['state'], number, string][])(
    'a product whose license is %s answers %d',
    async (state, status, body) => {
      const running = await exporter({ ownLicense: await licenseIn(state) })
      const product = http.createServer((request, response) => {
        response.statusCode = request.url === '/broken' ? 500 : 200
        response.end('from the product')
      })
      await new Promise<void>(resolve => product.listen(0, '127.0.0.1', resolve))
      closing.push(() => new Promise(resolve => product.close(resolve)))
      const productPort = (product.address() as AddressInfo).port
      const { nginx, port } = await behind('product.conf', async port => ({
        '127.0.0.1:8080': address(running),
        '127.0.0.1:3000': `127.0.0.1:${productPort}`,
        'listen 443': `listen 127.0.0.1:${port}`,
      }))
      expect(nginx.check).toContain('test is successful')
      const answer = await get(port, '/anything?q=1')
      expect([answer.status, answer.text.includes(body)]).toEqual([status, true])
      expect((await get(port, '/broken')).status).toBe(status === 200 ? 500 : 503)
      await running.server.close()
      expect((await get(port, '/anything')).status).toBe(503)
    },
  )
})

import net from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ask, get, openStream, raw } from './client.ts'
import { besiege } from './hostile.ts'
import { type Running, serverState, snapshot, start } from './parts.ts'

let running: Running
beforeEach(async () => {
  running = await start({ api: { rate_limit_requests: 1_000_000 } })
})
afterEach(() => running.server.close())

const host = 'Host: localhost\r\n'

it.each([
  ['headers over 8 KiB', `GET / HTTP/1.1\r\n${host}a: ${'b'.repeat(9000)}\r\n\r\n`, 431],
  [
    'both lengths',
    `POST / HTTP/1.1\r\n${host}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    400,
  ],
  ['a bare line feed', `GET / HTTP/1.1\nHost: localhost\n\n`, 400],
  ['a NUL in a header', `GET / HTTP/1.1\r\n${host}a: b\0c\r\n\r\n`, 400],
  ['a space before the colon', `GET / HTTP/1.1\r\n${host}a : b\r\n\r\n`, 400],
  ['no Host', 'GET / HTTP/1.1\r\n\r\n', 400],
  ['the bytes of TLS', '\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03', 400],
  ['an unknown method', `BREW / HTTP/1.1\r\n${host}\r\n`, 400],
  ['OPTIONS *', `OPTIONS * HTTP/1.1\r\n${host}\r\n`, 400],
  ['a chunked body', `POST / HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n`, 413],
  [
    'a gzip body',
    `PUT / HTTP/1.1\r\n${host}Content-Encoding: gzip\r\nContent-Length: 1\r\n\r\n\x1f`,
    413,
  ],
  [
    'a body that waits for 100',
    `POST / HTTP/1.1\r\n${host}Content-Length: 9\r\nExpect: 100-continue\r\n\r\n`,
    413,
  ],
  ['another expectation', `GET / HTTP/1.1\r\n${host}Expect: tea\r\n\r\n`, 417],
])('%s', async (_, text, status) => {
  const answer = await raw(running.url, text, 500)
  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
  expect(answer.toLowerCase()).toContain('x-content-type-options: nosniff')
  expect(answer).toContain('"correlation_id"')
})

it('a header cannot be injected through the request id or the query', async () => {
  const injected =
    'GET /livez?a=%0d%0aX-Evil:1 HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: a\tb\r\nConnection: close\r\n\r\n'
  const answer = await raw(running.url, injected, 500)
  expect(answer.toLowerCase()).not.toContain('\r\nx-evil')
  expect(answer).toMatch(/^HTTP\/1\.1 400 /)
})

it('pipelined requests are answered in order, each by itself', async () => {
  const one = (path: string, close = '') => `GET ${path} HTTP/1.1\r\n${host}${close}\r\n`
  const text = one('/livez') + one('/nothing') + one('/readyz', 'Connection: close\r\n')
  const answer = await raw(running.url, text)
  expect([...answer.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, code]) => code)).toEqual([
    '200',
    '404',
    '200',
  ])
})

it('three hundred idle connections leave room: the oldest is closed for a new one', async () => {
  const { port } = running.server.address
  let closed = 0
  const sockets = Array.from({ length: 300 }, () => {
    const socket = net.connect(port, '127.0.0.1')
    socket.on('close', () => closed++)
    socket.on('error', () => {})
    return socket
  })
  await Promise.all(sockets.map(socket => new Promise(resolve => socket.once('connect', resolve))))
  expect((await get(running.url, '/health')).status).toBe(200)
  await expect.poll(() => closed).toBeGreaterThanOrEqual(45)
  expect(closed).toBeLessThan(60)
  for (const socket of sockets) socket.destroy()
})

it('a connection that never sends a byte and those that drip blank lines, headers or a body are closed in 20 s; streams live on', async () => {
  const { port } = running.server.address
  const sockets = [
    '',
    '\r\n',
    `GET /livez HTTP/1.1\r\n${host}\r\n\r\n`,
    'GET / HTTP/1.1\r\n',
    `POST /guard HTTP/1.1\r\n${host}Content-Length: 9999\r\n\r\n`,
  ]
  const stream = await openStream(running.url)
  const ends = sockets.map((text, i) => {
    const began = performance.now()
    const socket = net.connect(port, '127.0.0.1', () => socket.write(text))
    const more = i < 3 ? '\r\n' : 'a'
    const drip = i > 0 ? setInterval(() => socket.writable && socket.write(more), 400) : undefined
    socket.on('data', () => {})
    socket.on('error', () => {})
    return new Promise<number>(resolve =>
      socket.on('close', () => {
        clearInterval(drip)
        resolve((performance.now() - began) / 1000)
      }),
    )
  })
  for (const seconds of await Promise.all(ends)) expect(seconds).toBeLessThan(20)
  await new Promise(resolve => setTimeout(resolve, 6000))
  expect(stream.closed).toBe(false)
  stream.close()
}, 40_000)

it('an answer that is read a few bytes at a time is reset within 20 s, with what the kernel held of it', async () => {
  const feature = snapshot.features[0]!
  const features = Array.from({ length: 8000 }, (_, i) => ({ ...feature, name: `feature_${i}` }))
  Object.assign(running.state.servers.get('cad')!, serverState('cad', { features }))
  const text = `GET /api/v1/features?limit=8000 HTTP/1.1\r\n${host}\r\n`.repeat(3)
  // Making so much takes a busy machine seconds; those are not the reader's.
  let began = 0
  const callback = () => {
    began ||= performance.now()
    return false
  }
  const onread = { buffer: Buffer.alloc(1024), callback }
  const { port } = running.server.address
  const socket = net.connect({ port, host: '127.0.0.1', onread }, () => socket.write(text))
  const drip = setInterval(() => {
    socket.resume()
    // Written bytes tell of a reset; read ones come out of the kernel for minutes.
    socket.write('\r\n')
  }, 500)
  const error = await new Promise<NodeJS.ErrnoException>(resolve => socket.once('error', resolve))
  clearInterval(drip)
  expect(['ECONNRESET', 'EPIPE']).toContain(error.code)
  const seconds = (performance.now() - began) / 1000
  expect(seconds).toBeGreaterThan(9)
  expect(seconds).toBeLessThan(20)
}, 40_000)

it('under a small siege /health goes on answering and everything is closed', async () => {
  const outcome = await besiege(running.url, { idle: 100, slow: 20, requests: 320 })
  expect(outcome).toMatchObject({ failed: 0, left: 0 })
  expect(outcome.seconds).toBeLessThan(20)
  expect((await ask(running.url, { path: '/api/v1/status' })).status).toBe(200)
}, 40_000)

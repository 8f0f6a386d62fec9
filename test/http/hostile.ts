import net from 'node:net'
import { ask } from './client.ts'

/** Hostile clients; each is bounded by its numbers. Used small by the tests and large by the soak. */

export interface Hostility {
  idle: number
  slow: number
  requests: number
}

export interface Outcome {
  /** Milliseconds of `/health` while it went on. */
  p99: number
  asked: number
  failed: number
  /** Sockets that the server did not close. */
  left: number
  /** The longest that one of them lived. */
  seconds: number
}

/** Lets the slow readers in where keys are asked for: the limit of everybody else is soon used up. */
export const slowKey = 'key-of-the-slow-readers'

/** Fewer than wait in the kernel at once: past that it answers for a server that knows nothing. */
const atOnce = 100

/** Idle sockets, slow ones and broken requests at once, with `/health` asked all the while. */
export async function besiege(url: string, { idle, slow, requests }: Hostility): Promise<Outcome> {
  let seconds = 0
  const open = new Set<net.Socket>()
  const drips: NodeJS.Timeout[] = []
  const hold = (socket: net.Socket) => {
    open.add(socket)
    const since = performance.now()
    socket.on('error', () => {})
    socket.on('data', () => {})
    socket.on('close', () => {
      open.delete(socket)
      seconds = Math.max(seconds, (performance.now() - since) / 1000)
    })
  }
  const { hostname: host, port } = new URL(url)
  const to = { host, port: Number(port) }
  for (let i = 0; i < idle + slow; i++) {
    if (i < idle) hold(net.connect(to))
    else hold(slowSocket(to, i, drips))
    // It is accepted after all that came before it: no connection waits where the server cannot see.
    if (i % atOnce === atOnce - 1) await ask(url, { path: '/health' })
  }
  await ask(url, { path: '/health' })
  const began = performance.now()

  const times: number[] = []
  let failed = 0
  let stop = false
  const watching = (async () => {
    while (!stop) {
      const at = performance.now()
      const { status } = await ask(url, { path: '/health' }).catch(() => ({ status: 0 }))
      if (status !== 200) failed++
      times.push(performance.now() - at)
      await new Promise(resolve => setTimeout(resolve, 10))
    }
  })()
  for (let i = 0; i < requests; i += 20) {
    await Promise.all(
      Array.from({ length: Math.min(20, requests - i) }, (_, n) => broken(url, i + n)),
    )
  }
  const deadline = Math.max(began + 20_000, performance.now() + 5000)
  while (open.size > 0 && performance.now() < deadline) {
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  const left = open.size
  stop = true
  await watching
  for (const drip of drips) clearInterval(drip)
  for (const socket of open) socket.destroy()
  times.sort((a, b) => a - b)
  const p99 = times[Math.floor(times.length * 0.99)] ?? 0
  return { p99, asked: times.length, failed, left, seconds }
}

/** Headers, a body or nonsense, a byte now and then without end; answers hardly read; half-closed. */
function slowSocket(to: net.TcpSocketConnectOpts, i: number, drips: NodeJS.Timeout[]): net.Socket {
  if (i % 6 === 5) return slowReader(to, drips)
  const [begin, drip] = slowOnes[i % 6]!
  const socket = net.connect({ ...to, allowHalfOpen: true }, () => {
    socket.write(begin)
    if (drip === undefined) socket.end()
    else drips.push(setInterval(() => socket.writable && socket.write(drip), 500))
  })
  return socket
}

const slowOnes: readonly (readonly [begin: string, drip?: string])[] = [
  ['GET /health HTTP/1.1\r\nHost: localhost\r\n', 'x-a: b\r\n'],
  ['POST /guard HTTP/1.1\r\nHost: x\r\nContent-Length: 99999\r\n\r\n', 'G'],
  ['GET /hea', 'l'],
  ['', 'G'],
  ['GET /stream/events HTTP/1.1\r\nHost: localhost\r\n\r\n'],
]

/**
 * Asks for a lot that costs the exporter little and takes 1 KiB of it every half second. What came before a reset can still be read
 * for minutes; writing tells at once that the connection is gone.
 */
function slowReader(to: net.TcpSocketConnectOpts, drips: NodeJS.Timeout[]): net.Socket {
  const onread = { buffer: Buffer.alloc(1024), callback: () => false }
  const socket = net.connect({ ...to, onread }, () =>
    socket.write(`GET /metrics HTTP/1.1\r\n${host}X-API-Key: ${slowKey}\r\n\r\n`.repeat(12)),
  )
  const drip = () => {
    socket.resume()
    if (socket.writable) socket.write('\r\n')
  }
  drips.push(setInterval(drip, 500))
  return socket
}

const host = 'Host: localhost\r\n'

/** What no client that means well would send. */
const requests: readonly ((random: number) => string | Buffer)[] = [
  random => `GET /health HTTP/1.1\r\n${host}x-${random}: ${'v'.repeat(random % 9000)}\r\n\r\n`,
  random => `GET /api/v1/status HTTP/1.1\r\n${host}${randomHeaders(random)}\r\n`,
  () => `GET /metrics HTTP/1.1\r\n${host}\r\n`.repeat(50),
  () => `POST /metrics HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\nffffffff\r\n`,
  () =>
    `POST / HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`,
  () =>
    `POST /api/v1/status HTTP/1.1\r\n${host}Content-Encoding: gzip\r\nContent-Length: 9\r\n\r\n\x1f\x8b\x08\0\0\0\0\0\0`,
  () => 'GET http://evil.example/metrics HTTP/1.1\r\nHost: evil.example\r\n\r\n',
  () => `GET /..%2f..%2fetc/passwd HTTP/1.1\r\n${host}\r\n`,
  () => `GET /livez HTTP/1.1\r\n${host}X-Request-Id: a\r\n b: c\r\n\r\n`,
  () => `GET /livez\r\nX-Injected: 1 HTTP/1.1\r\n${host}\r\n`,
  random => Buffer.from(Array.from({ length: 200 }, (_, n) => (random * (n + 7)) % 256)),
  () => `GET ${'/a'.repeat(3000)} HTTP/1.1\r\n${host}\r\n`,
  () => `CONNECT evil.example:443 HTTP/1.1\r\n${host}\r\n`,
  () => `GET /stream/events HTTP/1.1\r\n${host}Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n`,
  () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  () => '\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03',
  () => `OPTIONS * HTTP/1.1\r\n${host}\r\n`,
]

const odd = ['authorization', 'x-api-key', 'accept', 'range', 'cookie', 'te', 'trailer', 'x-\xff']
const values = [
  '',
  ' ',
  '*/*;q=0',
  'Bearer ',
  'bytes=0-',
  '\t',
  '\x7f',
  '\xff'.repeat(99),
  'a,b;c="d',
]

/** Up to forty, of names that mean something and of none, some of them twice. */
function randomHeaders(random: number): string {
  return Array.from({ length: random % 40 }, (_, n) => {
    const name = n % 3 === 0 ? `x-${(random * (n + 3)) % 997}` : odd[(random + n) % odd.length]
    return `${name}: ${values[(random * n + n) % values.length]}\r\n`
  }).join('')
}

/** One of them, closed after half a second at the latest. */
function broken(url: string, i: number): Promise<void> {
  const { hostname, port } = new URL(url)
  return new Promise(resolve => {
    const socket = net.connect(Number(port), hostname, () => {
      socket.write(requests[i % requests.length]!(i * 7919))
      if (i % 3 === 0) socket.end()
    })
    socket.setTimeout(100, () => socket.destroy())
    setTimeout(() => socket.destroy(), 500).unref()
    socket.on('data', () => {})
    socket.on('error', () => {})
    socket.on('close', () => resolve())
  })
}

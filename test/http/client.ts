import http from 'node:http'
import net from 'node:net'

export interface Answer {
  status: number
  headers: http.IncomingHttpHeaders
  text: string
}

export interface Ask {
  method?: string
  /** Sent as it is: fetch would normalise it. */
  path: string
  headers?: http.OutgoingHttpHeaders
  body?: string
}

/** One request on a connection of its own. */
export function ask(
  base: string,
  { method = 'GET', path, headers = {}, body }: Ask,
): Promise<Answer> {
  const { hostname, port } = new URL(base)
  return new Promise((resolve, reject) => {
    const options = { host: hostname, port, method, path, headers, agent: false }
    const request = http.request(options, response => {
      const chunks: Buffer[] = []
      response.on('data', chunk => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8')
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text })
      })
    })
    request.on('error', reject)
    request.end(body)
  })
}

export const get = (base: string, path: string, headers: http.OutgoingHttpHeaders = {}) =>
  ask(base, { path, headers })

export const bearer = (key: string) => ({ authorization: `Bearer ${key}` })

/** Writes bytes and reads until the connection closes, or `quietMs` pass with nothing new. */
export function raw(base: string, bytes: string | Buffer, quietMs = 3000): Promise<string> {
  const { hostname, port } = new URL(base)
  return new Promise(resolve => {
    const socket = net.connect(Number(port), hostname, () => socket.write(bytes))
    let text = ''
    socket.setTimeout(quietMs, () => socket.destroy())
    socket.on('data', chunk => {
      text += chunk.toString('latin1')
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(text))
  })
}

export interface Stream {
  events: { id: string; data: Record<string, unknown> }[]
  status: number
  closed: boolean
  /** Resolves when so many events came, or the stream ended. */
  until(count: number): Promise<void>
  close(): void
}

/** A client of the event stream that reads everything. */
export function openStream(
  base: string,
  headers: http.OutgoingHttpHeaders = {},
  path = '/stream/events',
): Promise<Stream> {
  const { hostname, port } = new URL(base)
  return new Promise((resolve, reject) => {
    const request = http.get({ host: hostname, port, path, headers, agent: false }, response => {
      let text = ''
      const waiting: { count: number; done: () => void }[] = []
      const wake = () => {
        for (const { count, done } of waiting) {
          if (stream.events.length >= count || stream.closed) done()
        }
      }
      const stream: Stream = {
        events: [],
        status: response.statusCode ?? 0,
        closed: false,
        until: count =>
          new Promise(done => {
            waiting.push({ count, done })
            wake()
          }),
        close: () => request.destroy(),
      }
      response.on('data', chunk => {
        text += chunk
        const frames = text.split('\n\n')
        text = frames.pop() ?? ''
        for (const frame of frames) {
          const [, id, data] = /^id: (.*)\ndata: (.*)$/.exec(frame) ?? []
          // Copies: a slice would hold its whole frame.
          if (id !== undefined) {
            const kept = shortened(JSON.parse(data!))
            stream.events.push({ id: Buffer.from(id).toString(), data: kept })
          }
        }
        wake()
      })
      response.on('error', () => {})
      response.on('close', () => {
        stream.closed = true
        wake()
      })
      resolve(stream)
    })
    request.on('error', reject)
  })
}

/** A hundred clients that keep long messages would measure themselves. */
function shortened(data: Record<string, unknown>): Record<string, unknown> {
  const { msg } = data
  if (typeof msg !== 'string' || msg.length < 100) return data
  return { ...data, msg: Buffer.from(msg.slice(0, 50)).toString() }
}

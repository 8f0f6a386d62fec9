import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'

/** What one OTLP log record says, read from the JSON that went over the wire. */
export interface Received {
  id: string
  event: string
  eventName: string
  severity: number
  severityText: string
  body: string
  timeUnixNano: string
  attributes: Record<string, string | number>
  resource: Record<string, string | number>
}

/** `hang` never answers, `reset` closes the connection, `drip` sends a byte a second. */
export type Behaviour =
  | number
  | 'hang'
  | 'reset'
  | 'html'
  | 'drip'
  | { status: number; retryAfter: string }
  | { rejected: number }

export interface Collector {
  url: string
  /** The next requests in this order, then the last one for ever. */
  answers: Behaviour[]
  received: Received[]
  requests: { path: string; headers: IncomingMessage['headers']; body: Buffer; at: number }[]
  close(): Promise<void>
}

/** A real HTTP server that takes OTLP/JSON logs and answers as it is told. */
export async function collector(
  answers: Behaviour[] = [200],
  tls?: { key: string; cert: string },
): Promise<Collector> {
  const self: Collector = { url: '', answers, received: [], requests: [], close: async () => {} }
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const raw = Buffer.concat(chunks)
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw
    self.requests.push({ path: request.url ?? '', headers: request.headers, body, at: Date.now() })
    const answer = (self.answers.length > 1 ? self.answers.shift() : self.answers[0]) ?? 200
    reply(self, answer, body, request, response)
  }
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    handle(request, response).catch(() => response.destroy())
  }
  const server: Server = tls ? createTlsServer(tls, onRequest) : createServer(onRequest)
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  self.url = `${tls ? 'https://localhost' : 'http://127.0.0.1'}:${port}`
  self.close = () =>
    new Promise(done => {
      server.closeAllConnections()
      server.close(() => done())
    })
  return self
}

function reply(
  self: Collector,
  answer: Behaviour,
  body: Buffer,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  if (answer === 'hang') return
  if (answer === 'reset') return void request.socket.destroy()
  if (answer === 'html') {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html>sign in</html>')
    return
  }
  if (answer === 'drip') {
    response.writeHead(200, { 'content-type': 'application/json' })
    const timer = setInterval(() => response.write(' '), 300)
    request.socket.on('close', () => clearInterval(timer))
    return
  }
  if (typeof answer === 'object' && 'retryAfter' in answer) {
    response.writeHead(answer.status, { 'retry-after': answer.retryAfter }).end()
    return
  }
  if (typeof answer === 'number' && answer >= 300) {
    response.writeHead(answer).end('no')
    return
  }
  if (request.headers['content-type'] === 'application/json') self.received.push(...records(body))
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(
    typeof answer === 'object' && 'rejected' in answer
      ? `{"partialSuccess":{"rejectedLogRecords":"${answer.rejected}","errorMessage":"too old"}}`
      : '{"partialSuccess":{}}',
  )
}

interface WireRecord {
  eventName: string
  severityNumber: number
  severityText: string
  timeUnixNano: string
  body: { stringValue: string }
  attributes: KeyValue[]
}

interface KeyValue {
  key: string
  value: { stringValue?: string; intValue?: number | string; doubleValue?: number }
}

function records(body: Buffer): Received[] {
  const request = JSON.parse(body.toString('utf8'))
  return request.resourceLogs.flatMap(
    (one: { resource: { attributes: KeyValue[] }; scopeLogs: { logRecords: WireRecord[] }[] }) =>
      one.scopeLogs.flatMap(scope =>
        scope.logRecords.map((record: WireRecord) => ({
          id: String(flat(record.attributes)['log.record.uid']),
          event: String(flat(record.attributes)['event.name']),
          eventName: record.eventName,
          severity: record.severityNumber,
          severityText: record.severityText,
          body: record.body.stringValue,
          timeUnixNano: record.timeUnixNano,
          attributes: flat(record.attributes),
          resource: flat(one.resource.attributes),
        })),
      ),
  )
}

function flat(pairs: KeyValue[]): Record<string, string | number> {
  return Object.fromEntries(
    pairs.map(({ key, value }) => [
      key,
      value.stringValue ?? Number(value.intValue ?? value.doubleValue),
    ]),
  )
}

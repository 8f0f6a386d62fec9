import http from 'node:http'
import https from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { ExporterError } from '../errors.ts'
import type { Connections } from './connections.ts'
import { correlationId, securityHeaders } from './headers.ts'
import { type ProblemCode, problem } from './problem.ts'
import type { TlsMaterial } from './tls.ts'

/** Node's own defaults are a minute and more, and an idle connection is never closed. */
export const timeouts = {
  headers: 5_000,
  request: 10_000,
  idle: 15_000,
  check: 1_000,
} as const

const options: http.ServerOptions = {
  headersTimeout: timeouts.headers,
  requestTimeout: timeouts.request,
  keepAliveTimeout: timeouts.idle,
  connectionsCheckingInterval: timeouts.check,
  maxHeaderSize: 8 * 1024,
  noDelay: true,
  // The guard and the health routes come without one; for all others the gate asks for it.
  requireHostHeader: false,
}

export interface Listener {
  address: { host: string; port: number }
  setTls(material: TlsMaterial): void
  /** Stops taking connections; what is under way has `graceMs`. */
  close(graceMs: number): Promise<void>
}

export interface ListenerDeps {
  onRequest: http.RequestListener
  onBroken: (code: ProblemCode) => void
  connections: Connections
  tls: TlsMaterial | undefined
}

/** @throws ExporterError('config') where the address cannot be had */
export async function listen(
  host: string,
  port: number,
  { onRequest, onBroken, connections, tls }: ListenerDeps,
): Promise<Listener> {
  const server = tls
    ? https.createServer({ ...options, ...tlsOptions(tls), handshakeTimeout: timeouts.headers })
    : http.createServer(options)
  // Also closes connections that never send a byte; streams send one every 10 s.
  server.timeout = timeouts.idle
  server.on('request', onRequest)
  // No `100 Continue` for a body that is refused anyway.
  server.on('checkContinue', onRequest)
  server.on('checkExpectation', onRequest)
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    // With an earlier request unanswered this would be taken for its answer.
    if (connections.isActive(socket) || !socket.writable || error.code === 'ECONNRESET') {
      socket.destroy()
      return
    }
    const code = codeOf(error)
    onBroken(code)
    socket.end(brokenAnswer(code))
    socket.destroySoon()
  })
  connections.watch(server)
  await bound(server, host, port)
  const { address, port: actual } = server.address() as AddressInfo
  return {
    address: { host: address, port: actual },
    setTls(material) {
      if (server instanceof https.Server) server.setSecureContext(tlsOptions(material))
    },
    close: closing(server),
  }
}

function tlsOptions({ options: material, asksClient }: TlsMaterial): https.ServerOptions {
  return { ...material, requestCert: asksClient, rejectUnauthorized: asksClient }
}

function bound(server: http.Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const facts = { address: host, port }
      reject(new ExporterError('config', unboundSentence(host, port, cause), facts, { cause }))
    })
    server.listen({ host, port, backlog: 511 }, () => {
      server.removeAllListeners('error')
      server.on('error', () => {})
      resolve()
    })
  })
}

function unboundSentence(host: string, port: number, { code }: NodeJS.ErrnoException): string {
  const where = `${host.includes(':') ? `[${host}]` : host}:${port}`
  if (code === 'EADDRINUSE') {
    return `${where} is in use by another program: stop it, or set [api] bind_port`
  }
  if (code === 'EACCES') return `${where} may not be opened by this user: set [api] bind_port`
  if (code === 'EADDRNOTAVAIL')
    return `${host} is no address of this machine: set [api] bind_address`
  return `${where} cannot be listened on (${code})`
}

/** May be asked again, with less patience. */
function closing(server: http.Server): (graceMs: number) => Promise<void> {
  let closed: Promise<void> | undefined
  return async graceMs => {
    closed ??= new Promise(resolve => server.close(() => resolve()))
    server.closeIdleConnections()
    const cut = setTimeout(() => server.closeAllConnections(), graceMs)
    await closed
    clearTimeout(cut)
  }
}

function codeOf({ code }: NodeJS.ErrnoException): ProblemCode {
  if (code === 'HPE_HEADER_OVERFLOW') return 'headers_too_large'
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'timeout' : 'bad_request'
}

/** There is no response object for what is no request. */
function brokenAnswer(code: ProblemCode): string {
  const id = correlationId(undefined)
  const body = problem(code, id)
  const text = JSON.stringify(body)
  const headers = {
    ...securityHeaders,
    'content-type': 'application/problem+json',
    'content-length': String(Buffer.byteLength(text)),
    'x-request-id': id,
    connection: 'close',
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return `HTTP/1.1 ${body.status} ${body.title}\r\n${lines.join('\r\n')}\r\n\r\n${text}`
}

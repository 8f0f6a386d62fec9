import type { IncomingMessage, ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { Config } from '../config/schema.ts'
import { sendProblem } from './answer.ts'
import { createApp } from './app.ts'
import { Audit } from './audit.ts'
import { checkBind } from './bind.ts'
import { Connections } from './connections.ts'
import type { HttpDeps } from './deps.ts'
import { openEntrance } from './entrance.ts'
import { clientOf, judge, type Verdict } from './gate.ts'
import { answerGuard, isGuard } from './guard.ts'
import { correlationId, securityHeaders } from './headers.ts'
import { sameKeys } from './keys.ts'
import { RateLimiter } from './limits.ts'
import { type ProblemCode, problems } from './problem.ts'
import type { Bindings, Route, Visit } from './route.ts'
import { findRoute } from './routes.ts'
import { secretFiles } from './secrets.ts'
import { type Settings, settingsOf } from './settings.ts'
import { StreamHub } from './stream.ts'
import { parseTarget } from './target.ts'

export type { HttpDeps, OwnLicenseMonitor } from './deps.ts'

export interface HttpServer {
  /** `url` is empty while `[api] enabled` is false. */
  readonly address: { host: string; port: number; url: string }
  /**
   * Takes keys, limits, hosts, certificates and address of a changed configuration; cuts no answer.
   * @throws ExporterError('config') where they cannot be had: then all stays as it was
   */
  reconfigure(config: Config): Promise<void>
  close(): Promise<void>
}

export const maxConnections = 256
const answerSeconds = 30
const filesEveryMs = 15_000
const heartbeatMs = 10_000

/** @throws ExporterError('config') with a sentence where it cannot start as configured */
export async function createHttpServer(deps: HttpDeps): Promise<HttpServer> {
  const { events, instruments, log } = deps
  const now = deps.now ?? (() => new Date())
  const connections = new Connections(maxConnections)
  const limiter = new RateLimiter()
  const audit = new Audit(events)
  const stream = new StreamHub(events)
  const app = createApp(log)
  const secrets = secretFiles(log, now)
  const first = deps.config()
  const visits = new WeakMap<IncomingMessage, Visit>()

  const toApp = getRequestListener(
    (request, { incoming, outgoing }) => {
      const visit = visits.get(incoming as IncomingMessage)!
      const { config } = settings
      const bindings = { incoming, outgoing, visit, deps, config, now: now(), stream } as Bindings
      return app.fetch(request, bindings)
    },
    { overrideGlobalObjects: false },
  )

  function onRequest(request: IncomingMessage, response: ServerResponse): void {
    const id = correlationId(request.headers['x-request-id'])
    for (const name in securityHeaders) response.setHeader(name, securityHeaders[name]!)
    response.setHeader('x-request-id', id)
    const target = parseTarget(request.url ?? '')
    const route = target && findRoute(target.path)
    const guard = target !== undefined && isGuard(target.path)
    const began = performance.now()
    const deadline = began + (route?.deadline ?? answerSeconds) * 1000
    connections.begin(request.socket, deadline)
    response.once('close', () => {
      connections.end(request.socket)
      const label = guard ? '/guard' : (route?.path ?? 'other')
      const method = knownMethods.has(request.method ?? '') ? request.method! : 'other'
      instruments.httpRequest(label, method, response.statusCode)
      log.debug('HTTP request', {
        route: label,
        method,
        code: response.statusCode,
        seconds: Math.round(performance.now() - began) / 1000,
        correlation_id: id,
        ...keyName(visits.get(request)),
      })
    })
    if (!target) {
      refuse(response, 'bad_request', id)
      return
    }
    if (guard) {
      answerGuard(request, response, target.path, deps.ownLicense, deps.mode)
      return
    }
    const client = clientOf(request, settings)
    const verdict = judge({ request, target, id, client, route }, settings, limiter, began)
    for (const name in verdict.headers) response.setHeader(name, verdict.headers[name]!)
    if (verdict.refused) {
      note(verdict.refused.code, client, route, id, began)
      refuse(response, verdict.refused.code, id, verdict.refused.more)
      return
    }
    if (!verdict.visit) {
      response.writeHead(204).end()
      return
    }
    enter(request, response, verdict, target.path)
  }

  /** The library reads Host and target again: it gets those that were judged. */
  function enter(
    request: IncomingMessage,
    response: ServerResponse,
    { visit }: Verdict,
    path: string,
  ): void {
    visits.set(request, visit!)
    request.url = path
    request.headers.host = 'localhost'
    void toApp(request, response)
  }

  function refuse(response: ServerResponse, code: ProblemCode, id: string, more?: string): void {
    if (bodyRefusals.has(code)) response.setHeader('connection', 'close')
    sendProblem(response, code, id, more)
  }

  function note(
    code: ProblemCode,
    client: string,
    route: Route | undefined,
    id: string,
    at: number,
  ): void {
    const [status] = problems[code]
    if (code === 'rate_limited') {
      instruments.rateLimited()
      audit.note('api.rate_limited', client, route?.path ?? 'other', id, at)
    } else if (status === 401 || code === 'missing_scope') {
      instruments.authFailure()
      audit.note('api.authentication_failed', client, route?.path ?? 'other', id, at)
      const fields = { code, route: route?.path ?? 'other', client_address: client }
      log.debug('API key refused', { ...fields, correlation_id: id })
    }
  }

  function take(next: Settings): void {
    const changed = !sameKeys(settings.keys, next.keys)
    settings = next
    if (changed) stream.recheck(next.keys, next.keys.length === 0 || next.allowAnonymous)
  }

  /** Keys and certificates are replaced on disk; one that cannot be taken does not hold up the other. */
  async function rereadFiles(): Promise<void> {
    const { config } = settings
    const keys = await secrets.again('keys', () => secrets.keys(config))
    const material = await secrets.again('tls', () => secrets.tls(config))
    if (settings.config !== config) return
    if (material && material.fingerprint !== entrance.tls?.fingerprint) {
      entrance.renew(material)
      log.info('Certificate reloaded', { file: config.api.tls!.cert_file })
    }
    if (keys && !sameKeys(settings.keys, keys)) {
      take(settingsOf(config, keys))
      log.info('API keys reloaded')
    }
  }

  const { api } = first
  if (api.enabled) await checkBind(api, deps.mode)
  let settings = settingsOf(first, await secrets.keys(first))
  const onBroken = (code: ProblemCode) =>
    instruments.httpRequest('other', 'other', problems[code][0])
  const entrance = await openEntrance(api, await secrets.tls(first), {
    onRequest,
    onBroken,
    connections,
  })
  const timers = [
    setInterval(() => {
      const at = performance.now()
      connections.sweep(at)
      audit.flush(at)
    }, 1_000),
    setInterval(() => void rereadFiles(), deps.filesEveryMs ?? filesEveryMs),
    setInterval(() => stream.heartbeat(performance.now()), heartbeatMs),
  ]
  for (const timer of timers) timer.unref()

  return {
    get address() {
      // Where [api] enabled = false nothing is listened on.
      const { listener, tls } = entrance
      if (!listener) return { host: settings.config.api.bind_address, port: 0, url: '' }
      const { host, port } = listener.address
      const shown = host.includes(':') ? `[${host}]` : host
      return { host, port, url: `${tls ? 'https' : 'http'}://${shown}:${port}` }
    },
    async reconfigure(config) {
      if (config.api.enabled) await checkBind(config.api, deps.mode)
      const next = settingsOf(config, await secrets.keys(config))
      await entrance.move(config.api, await secrets.tls(config))
      take(next)
    },
    async close() {
      for (const timer of timers) clearInterval(timer)
      stream.close()
      audit.flush()
      await entrance.close()
    },
  }
}

const knownMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE'])
/** After these the rest of what the client sends is not worth reading. */
const bodyRefusals = new Set<ProblemCode>(['body_refused', 'expectation_failed', 'bad_request'])

function keyName(visit: Visit | undefined): { key_name?: string } {
  return visit?.identity.name === undefined ? {} : { key_name: visit.identity.name }
}

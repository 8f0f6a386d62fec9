import type { IncomingMessage } from 'node:http'
import { z } from 'zod'
import { accepts } from './accept.ts'
import { type Identity, identify } from './auth.ts'
import { challenge, corsHeaders, preflightHeaders } from './headers.ts'
import { isAllowedHost } from './hosts.ts'
import { type RateLimiter, rateLimitHeaders } from './limits.ts'
import type { ProblemCode } from './problem.ts'
import { clientAddress, peerKey } from './proxies.ts'
import type { Route, Visit } from './route.ts'
import type { Settings } from './settings.ts'
import { isCleanPath, parseQuery, type Target } from './target.ts'

/** /metrics and /probe: two Prometheus and a few kubelets behind one address are no attack. */
export const metricsLimit = { requests: 600, windowSeconds: 60 }

export const methods = ['GET', 'HEAD', 'OPTIONS'] as const

export interface Asked {
  request: IncomingMessage
  target: Target
  id: string
  client: string
  route: Route | undefined
}

export interface Verdict {
  headers: Record<string, string>
  visit?: Visit
  refused?: { code: ProblemCode; more?: string | undefined }
}

export function clientOf(request: IncomingMessage, settings: Settings): string {
  return clientAddress(
    request.socket.remoteAddress,
    request.headersDistinct['x-forwarded-for'],
    settings.proxies,
  )
}

/** Everything that is judged before a route runs, in this order; the first refusal stands. */
export function judge(
  asked: Asked,
  settings: Settings,
  limiter: RateLimiter,
  now: number,
): Verdict {
  const { request, target, route } = asked
  const headers = corsHeaders(request.headers.origin, settings.origins)
  const refuse = (code: ProblemCode, more?: string): Verdict => ({
    headers,
    refused: { code, more },
  })

  if ((request.url ?? '').length > 6144) return refuse('uri_too_long')
  if (!isCleanPath(target.path)) return refuse('bad_path')
  if (!route?.anyHost && !hostIsServed(asked, settings)) {
    return refuse(request.headers.host === undefined ? 'bad_request' : 'wrong_host')
  }
  if (hasBody(request)) return refuse('body_refused')
  if (request.headers.expect !== undefined) return refuse('expectation_failed')

  const pairs = parseQuery(target.query)
  const who = identify(request.headersDistinct, pairs ?? {}, settings)
  const identity = typeof who === 'string' ? undefined : who
  const bucket = route ? route.bucket : 'default'
  if (bucket) {
    const { key } = identity ?? {}
    const allowance = limiter.take(
      `${bucket} ${key ? `key ${key.name}` : `peer ${peerKey(asked.client)}`}`,
      key?.rateLimit ?? (bucket === 'metrics' ? metricsLimit.requests : settings.rateLimit),
      bucket === 'metrics' ? metricsLimit.windowSeconds : settings.windowSeconds,
      now,
    )
    Object.assign(headers, rateLimitHeaders(bucket, allowance))
    if (!allowance.allowed) return refuse('rate_limited')
  }

  if (!route) return refuse('not_found')
  if (!(methods as readonly string[]).includes(request.method ?? '')) {
    headers.allow = methods.join(', ')
    return refuse('method_not_allowed')
  }
  if (request.method === 'OPTIONS') return { headers: preflight(headers) }
  const refusal = admit(route, who)
  if (refusal) {
    if (refusal !== 'missing_scope') headers['www-authenticate'] = challenge
    return refuse(refusal)
  }
  if (!pairs) return refuse('bad_query', 'A key stands twice, or a value cannot be decoded.')
  const query = route.query.safeParse(pairs)
  if (!query.success) return refuse('bad_query', whatIsWrong(query.error, route))
  if (route.negotiate && !route.produces.some(type => accepts(request.headers.accept, type))) {
    return refuse('not_acceptable', `It is ${route.produces.join(' or ')}.`)
  }
  return {
    headers,
    visit: {
      id: asked.id,
      client: asked.client,
      identity: identity ?? { scopes: new Set() },
      route,
      query: query.data,
    },
  }
}

function admit({ scope }: Route, who: Identity | ProblemCode): ProblemCode | undefined {
  if (!scope) return undefined
  if (typeof who === 'string') return who
  return who.scopes.has(scope) ? undefined : 'missing_scope'
}

function hostIsServed({ request, target }: Asked, { hosts }: Settings): boolean {
  const sent = request.headersDistinct.host ?? []
  const host = target.authority ?? sent[0]
  return sent.length <= 1 && host !== undefined && isAllowedHost(host, hosts)
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0
}

function preflight(headers: Record<string, string>): Record<string, string> {
  const allowed = 'access-control-allow-origin' in headers
  return { ...headers, allow: methods.join(', '), ...(allowed ? preflightHeaders : {}) }
}

/** Names the key; never repeats a value, which may be someone's name or secret. */
function whatIsWrong(error: z.ZodError, route: Route): string {
  const known = Object.keys(route.query.shape)
  const wrong = z.flattenError(error)
  const keys = Object.keys(wrong.fieldErrors)
  if (keys.length > 0) return `Not valid: ${keys.join(', ')}.`
  return known.length > 0 ? `Known keys: ${known.join(', ')}.` : 'No key is known here.'
}

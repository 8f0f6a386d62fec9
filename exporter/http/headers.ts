import { randomUUID } from 'node:crypto'

/** On every answer. A page sets its own content security policy over this one. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
}

/** The client's own id if it is clean, else a new one: it stands on every log line of the request. */
export function correlationId(sent: string | string[] | undefined): string {
  return typeof sent === 'string' && /^[A-Za-z0-9._-]{1,64}$/.test(sent) ? sent : randomUUID()
}

export const challenge =
  'Bearer realm="license-exporter", Basic realm="license-exporter", charset="UTF-8"'

const exposed = 'ETag, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id'

/** Exact origins only; with none configured there is no such header at all. */
export function corsHeaders(
  origin: string | undefined,
  allowed: ReadonlySet<string>,
): Record<string, string> {
  if (allowed.size === 0) return {}
  if (origin === undefined || !allowed.has(origin)) return { vary: 'Origin' }
  return {
    vary: 'Origin',
    'access-control-allow-origin': origin,
    'access-control-expose-headers': exposed,
  }
}

export const preflightHeaders: Readonly<Record<string, string>> = {
  'access-control-allow-methods': 'GET, HEAD',
  'access-control-allow-headers':
    'Authorization, X-API-Key, If-None-Match, Last-Event-ID, X-Request-Id',
  'access-control-max-age': '600',
}

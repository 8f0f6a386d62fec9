import { Buffer } from 'node:buffer'
import type { OwnLicense } from '../parts.ts'
import type { FetchGuard, HttpGuard } from './api.ts'
import { health, mayServe } from './health.ts'

/**
 * Refuses new requests once grace is over; what runs completes, because each request is judged when
 * it comes. Mount /health and metrics outside: monitoring must not go dark.
 */
export function httpGuard(license: () => OwnLicense): HttpGuard {
  return (request, response, next) => {
    const now = license()
    if (mayServe(now)) {
      next()
      return
    }
    const body = JSON.stringify(health(now).body)
    response.writeHead(503, { ...headers, 'content-length': Buffer.byteLength(body) })
    response.end(request.method === 'HEAD' ? undefined : body)
  }
}

/** The same for handlers that take a Request and give a Response. */
export function fetchGuard(license: () => OwnLicense): FetchGuard {
  return handler =>
    (request, ...rest) => {
      const now = license()
      if (mayServe(now)) return handler(request, ...rest)
      return new Response(JSON.stringify(health(now).body), { status: 503, headers })
    }
}

const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' } as const

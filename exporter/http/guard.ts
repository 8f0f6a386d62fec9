import type { IncomingMessage, ServerResponse } from 'node:http'
import type { OwnLicenseMonitor } from './deps.ts'

/** `/guard` and everything below it, with any query. */
export function isGuard(path: string): boolean {
  return path === '/guard' || path.startsWith('/guard/')
}

/**
 * May the product serve new requests? nginx's auth_request asks here (it takes 200, 401 and 403),
 * Envoy's ext_authz (only 200 is yes, and a 5xx is its own failure: it asks below `/guard/403`),
 * sidecars. Any method, path and query, with no key and no limit. Nothing known = no.
 */
export function answerGuard(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  ownLicense: OwnLicenseMonitor | undefined,
  mode: 'run' | 'demo',
): number {
  const serves = ownLicense?.mayServe() ?? false
  const refusal = path === '/guard/403' || path.startsWith('/guard/403/') ? 403 : 503
  const status = serves ? 200 : refusal
  const body = ownLicense?.health().body ?? { status: 'unhealthy', reason: 'not_watched' }
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    ...(mode === 'demo' && { 'x-demo': '1' }),
  })
  response.end(request.method === 'HEAD' ? undefined : text)
  return status
}

import { serveLocally } from './local-server.mts'

interface Wanted {
  html?: boolean
  missing?: boolean
  refuse?: number
  status?: object
  live?: string
  scopes?: string[]
  /** Rows of checkouts. */
  rows?: number
  /** Answers come after it. */
  wait?: Promise<void>
}

/** A server that speaks as an exporter does, well or badly. */
export async function fakeExporter(wanted: Wanted) {
  const { rows = 3 } = wanted
  return serveLocally(async (request, response) => {
    await wanted.wait
    const url = new URL(request.url!, 'http://exporter')
    if (wanted.html) {
      response.writeHead(200, { 'content-type': 'text/html' })
      return void response.end('<!doctype html><title>Sign in</title>')
    }
    response.setHeader('content-type', 'application/json')
    if (wanted.refuse) {
      response.writeHead(wanted.refuse)
      return void response.end(JSON.stringify({ code: 'rate_limited' }))
    }
    if (wanted.missing) {
      response.writeHead(404)
      return void response.end(JSON.stringify({ code: 'not_found' }))
    }
    if (url.pathname.endsWith('/status')) {
      const status = {
        version: '0.1.0',
        api: 1,
        mode: 'run',
        scopes: wanted.scopes ?? ['read', 'users'],
        privacy: { users: 'drop', hosts: 'drop', live: wanted.live ?? 'plain' },
        servers: 1,
        ...wanted.status,
      }
      return void response.end(JSON.stringify(status))
    }
    const first = Number(url.searchParams.get('cursor') ?? 0)
    const limit = Number(url.searchParams.get('limit') ?? 1000)
    const data = Array.from({ length: Math.min(limit, rows - first) }, (_, index) =>
      row(first + index)
    )
    const next = first + limit < rows ? String(first + limit) : null
    response.end(JSON.stringify({ data, next, at: '2026-11-22T12:00:00.000Z' }))
  })
}

const row = (index: number) => ({
  server: 'cad',
  manager: 'flexlm',
  vendor: 'drafty',
  feature: `feature-${index % 100}`,
  seats: 1,
  user: `user-${index}`,
  host: `host-${index % 5000}`,
  started_at: new Date(Date.UTC(2026, 10, 22, 12) - index * 1000).toISOString(),
  state: 'active',
})

/**
 * A stand-in for the back end of Grafana: pages, settings, queries, the plugin proxy with its roles,
 * folders and rule groups. What it refuses, it refuses as Grafana 12.3 was seen to.
 */
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { sendFile } from './files.mts'
import { page } from './grafana-page.mts'
import { runLogs } from './loki-frames.mts'
import { runQuery } from './prometheus-frames.mts'
import { RuleStore } from './rule-store.mts'

export type Role = 'Viewer' | 'Editor' | 'Admin'

export interface Source {
  uid: string
  name: string
  type: string
  isDefault?: boolean
}

export interface Site {
  role: Role
  theme: 'dark' | 'light'
  version: string
  sources: Source[]
  jsonData: Record<string, unknown>
  apiKey: string
  prometheus: string
  loki?: string
  /** What Grafana did with a bundled dashboard, by its title; all are imported otherwise. */
  dashboards?: Record<string, 'not imported' | 'old'> | 'forbidden'
  /** Stands before the queries: a test makes them slow, forbidden or empty. */
  onQuery?: (expr: string) => Promise<{ status: number; message: string } | 'empty' | undefined>
  /** Added to the clock that the Date header tells. */
  clockSeconds?: number
}

const dist = join(import.meta.dirname, '../../dist')
const manifest = JSON.parse(readFileSync(join(dist, 'plugin.json'), 'utf8'))
const id = manifest.id as string
export interface Call {
  method: string
  path: string
  status: number
  body: string
}

export async function startGrafana(site: Site, hostUrl: string) {
  const calls: Call[] = []
  const sent: string[] = []
  const rules = new RuleStore()
  const server = createServer((request, response) => {
    void handle(request, response).catch(error => reply(response, 500, { message: String(error) }))
  })

  function reply(response: ServerResponse, status: number, body: unknown): void {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    sent.push(text)
    response.writeHead(status, {
      'content-type': 'application/json',
      date: new Date(Date.now() + (site.clockSeconds ?? 0) * 1000).toUTCString(),
    })
    response.end(text)
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, 'http://host')
    const path = url.pathname
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks).toString()
    const assets = `/public/plugins/${id}/`
    if (path.startsWith(assets)) return sendFile(response, join(dist, path.slice(assets.length)))
    if (path.startsWith('/public/') || path === '/favicon.ico') {
      response.writeHead(200, { 'content-type': 'image/svg+xml' })
      return void response.end('<svg xmlns="http://www.w3.org/2000/svg"/>')
    }
    if (!path.startsWith('/api/')) {
      response.writeHead(200, { 'content-type': 'text/html' })
      return void response.end(page(site, id, hostUrl))
    }
    response.on('finish', () => {
      calls.push({
        method: request.method!,
        path: path + url.search,
        status: response.statusCode,
        body,
      })
    })
    await api(request, response, url, body)
  }

  async function api(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    body: string
  ): Promise<void> {
    const path = url.pathname
    const method = request.method!
    const admin = site.role === 'Admin'
    if (path === '/api/health') return reply(response, 200, { database: 'ok' })
    if (path === `/api/plugins/${id}/settings`) {
      if (method === 'POST') {
        if (!admin) return reply(response, 403, { message: 'access denied' })
        const wanted = JSON.parse(body)
        site.jsonData = wanted.jsonData ?? site.jsonData
        site.apiKey = wanted.secureJsonData?.apiKey ?? site.apiKey
        return reply(response, 200, { message: 'Plugin settings updated' })
      }
      return reply(response, 200, {
        ...manifest,
        enabled: true,
        pinned: true,
        jsonData: site.jsonData,
        secureJsonFields: { apiKey: site.apiKey !== '' },
        module: `public/plugins/${id}/module.js`,
        baseUrl: `public/plugins/${id}`,
      })
    }
    if (path === `/api/plugins/${id}/dashboards`) {
      return site.dashboards === 'forbidden'
        ? reply(response, 403, { message: 'access denied' })
        : reply(response, 200, bundledDashboards(site.dashboards ?? {}))
    }
    if (path === '/api/ds/query') return query(response, JSON.parse(body))
    const proxied = `/api/plugin-proxy/${id}/exporter/`
    if (path.startsWith(proxied)) return proxy(response, path.slice(proxied.length) + url.search)
    const answer = rules.answer(method, path, body, site.role)
    if (answer) return reply(response, answer.status, answer.body)
    reply(response, 404, { message: `no such interface: ${path}` })
  }

  async function query(
    response: ServerResponse,
    asked: { queries: any[]; from: string; to: string }
  ): Promise<void> {
    const results: Record<string, unknown> = {}
    const instead = await Promise.all(asked.queries.map(one => site.onQuery?.(one.expr)))
    const refused = instead.find(one => one && one !== 'empty')
    if (refused && refused !== 'empty')
      return reply(response, refused.status, { message: refused.message })
    // All at once, as Grafana does.
    await Promise.all(
      asked.queries.map(async (one, index) => {
        results[one.refId] =
          instead[index] === 'empty'
            ? { status: 200, frames: [] }
            : one.datasource?.type === 'loki'
              ? await runLogs(site.loki ?? '', one, asked.from, asked.to)
              : await runQuery(site.prometheus, one, asked.from, asked.to)
      })
    )
    reply(response, 200, { results })
  }

  async function proxy(response: ServerResponse, rest: string): Promise<void> {
    if (site.role === 'Viewer')
      return reply(response, 403, { message: 'plugin proxy route access denied' })
    try {
      const answer = await fetch(`${site.jsonData.exporterUrl}/${rest}`, {
        headers: { authorization: `Bearer ${site.apiKey}` },
      })
      const text = await answer.text()
      sent.push(text)
      response.writeHead(answer.status, {
        'content-type': answer.headers.get('content-type') ?? 'text/plain',
      })
      response.end(text)
    } catch {
      response.writeHead(502)
      response.end()
    }
  }

  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    site,
    calls,
    /** Every JSON text that a browser was given. */
    sent,
    rules,
    close: () =>
      new Promise<void>(done => {
        server.closeAllConnections()
        server.close(() => done())
      }),
  }
}

function bundledDashboards(states: Record<string, 'not imported' | 'old'>) {
  return (manifest.includes as Array<{ type: string; name: string; path: string }>)
    .filter(one => one.type === 'dashboard')
    .map(one => {
      const { uid, revision } = JSON.parse(readFileSync(join(dist, one.path), 'utf8'))
      const state = states[one.name]
      return {
        title: one.name,
        imported: state !== 'not imported',
        importedUrl: state === 'not imported' ? '' : `/d/${uid}`,
        importedRevision: state === 'old' ? revision - 1 : revision,
        revision,
      }
    })
}

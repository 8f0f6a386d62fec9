import { existsSync, readFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'

const types: Record<string, string> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
}

export function sendFile(
  response: ServerResponse,
  path: string,
  headers: Record<string, string> = {}
): void {
  if (!existsSync(path)) return void response.writeHead(404).end()
  response.writeHead(200, { 'content-type': types[extname(path)] ?? 'text/plain', ...headers })
  response.end(readFileSync(path))
}

/** The built host pages at one address for all visitors, so that a browser keeps them. */
export async function serveHosts(folder: string) {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url!, 'http://host').pathname)
    sendFile(response, join(folder, path), {
      'access-control-allow-origin': '*',
      'cache-control': 'max-age=86400',
    })
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>(done => {
        server.closeAllConnections()
        server.close(() => done())
      }),
  }
}

import { existsSync, readFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { serveLocally } from './local-server.mts'
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
  return serveLocally((request, response) => {
    const path = normalize(new URL(request.url!, 'http://host').pathname)
    sendFile(response, join(folder, path), {
      'access-control-allow-origin': '*',
      'cache-control': 'max-age=86400',
    })
  })
}

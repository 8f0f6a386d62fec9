import { createHash } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Sample } from '../catalogue.ts'
import { contentTypes, encode } from '../metrics/encode.ts'
import { negotiateFormat } from '../metrics/negotiate.ts'
import type { Scrape } from '../parts.ts'
import { type ProblemCode, problem } from './problem.ts'
import type { Exchange } from './route.ts'

/** JSON with an ETag; 304 where the client has it already. */
export function json(c: Exchange, body: object, status = 200): Response {
  const text = JSON.stringify(body)
  const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`
  if (status === 200 && holds(c.req.header('if-none-match'), etag)) {
    return new Response(null, { status: 304, headers: { etag } })
  }
  return new Response(text, { status, headers: { 'content-type': 'application/json', etag } })
}

function holds(sent: string | undefined, etag: string): boolean {
  if (sent === undefined) return false
  return sent.trim() === '*' || sent.split(',').some(one => one.trim().replace(/^W\//, '') === etag)
}

/** Writes what the scrape is made of as it is: its parts are shared between scrapes, not copied. */
export function sendScrape(c: Exchange, { contentType, contentEncoding, body }: Scrape): Response {
  const { outgoing, incoming } = c.env
  const length = body.reduce((sum, part) => sum + part.byteLength, 0)
  outgoing.writeHead(200, {
    'content-type': contentType,
    'content-length': length,
    vary: 'Accept, Accept-Encoding',
    ...(contentEncoding !== undefined && { 'content-encoding': contentEncoding }),
  })
  if (incoming.method === 'HEAD') outgoing.end()
  else {
    outgoing.cork()
    for (const part of body) outgoing.write(part)
    outgoing.end()
    outgoing.uncork()
  }
  return RESPONSE_ALREADY_SENT
}

/** The text of a few samples: too small to be worth compressing. */
export function sendSamples(c: Exchange, samples: Iterable<Sample>): Response {
  const format = negotiateFormat(c.req.header('accept'))
  const body = [...encode(samples, format)]
  return sendScrape(c, { contentType: contentTypes[format], contentEncoding: undefined, body })
}

export function sendProblem(
  response: ServerResponse,
  code: ProblemCode,
  id: string,
  more?: string,
): void {
  const body = problem(code, id, more)
  const text = JSON.stringify(body)
  response.writeHead(body.status, {
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(text),
  })
  response.end(text)
}

import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { ExporterError } from '../errors.ts'
import type { Output, Request } from '../managers/manager.ts'
import { ByteList } from './byte-list.ts'
import { inputLimit } from './limits.ts'

export type GetRequest = Extract<Request, { get: string }>

export interface FetchOptions {
  /** For the whole exchange, redirects included. */
  timeoutSeconds: number
  signal?: AbortSignal | undefined
}

const redirects = new Set([301, 302, 303, 307, 308])
const maxRedirects = 5

/**
 * A text over HTTP: one connection for one answer, redirects on the same host only, nothing but 200.
 *
 * @throws ExporterError fetch, output_limit
 */
export async function fetchInput(request: GetRequest, options: FetchOptions): Promise<Output> {
  const timeout = AbortSignal.timeout(options.timeoutSeconds * 1000)
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout
  let url = allowed(request.get)
  let form = request.form
  for (let hop = 0; hop <= maxRedirects; hop++) {
    const { response, body } = await exchange(url, form, signal, timeout)
    const status = response.statusCode ?? 0
    const { location } = response.headers
    if (redirects.has(status) && location !== undefined) {
      const next = allowed(location, url)
      if (
        next.hostname !== url.hostname ||
        (url.protocol === 'https:' && next.protocol === 'http:')
      )
        throw failed(url, `redirects to ${next.protocol}//${next.host}, which is not followed`)
      next.username = url.username
      next.password = url.password
      url = next
      if (status < 307) form = undefined
      continue
    }
    if (status !== 200) throw failed(url, `answered ${status} instead of 200`, { status })
    return { text: request.text, stdout: body, stderr: '', exitCode: undefined, at: new Date() }
  }
  throw failed(url, `redirects more than ${maxRedirects} times`)
}

function exchange(
  url: URL,
  form: GetRequest['form'],
  signal: AbortSignal,
  timeout: AbortSignal,
): Promise<{ response: IncomingMessage; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const content = form && new URLSearchParams(form).toString()
    const options: RequestOptions = {
      agent: false,
      signal,
      method: content === undefined ? 'GET' : 'POST',
      headers: {
        accept: '*/*',
        'user-agent': 'iosetu-license-exporter',
        ...(content !== undefined && {
          'content-type': 'application/x-www-form-urlencoded',
          'content-length': Buffer.byteLength(content),
        }),
      },
    }
    const giveUp = (error: Error) => {
      if (error instanceof ExporterError) reject(error)
      else if (timeout.aborted) reject(failed(url, 'gave no whole answer in time'))
      else reject(failed(url, `cannot be read (${reasonOf(error)})`, {}, error))
    }
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest
    const sent = send(url, options, response => {
      const list = new ByteList(inputLimit)
      response.on('data', (piece: Buffer) => {
        if (list.add(piece)) return
        const message = `${shown(url)} sends more than ${inputLimit / 1024 / 1024} MiB`
        sent.destroy(new ExporterError('output_limit', message, { url: shown(url) }))
      })
      response.on('error', giveUp)
      response.on('end', () => {
        if (response.complete) resolve({ response, body: list.bytes() })
        else giveUp(new Error('cut'))
      })
    })
    sent.on('error', giveUp)
    sent.end(content)
  })
}

function allowed(text: string, base?: URL): URL {
  const url = URL.parse(text, base?.href)
  if (url && (url.protocol === 'http:' || url.protocol === 'https:')) return url
  const message = `only http:// and https:// can be read${base ? `, where ${shown(base)} redirects to` : ''}`
  throw new ExporterError('fetch', message)
}

function failed(url: URL, what: string, facts: { status?: number } = {}, cause?: Error) {
  const message = `${shown(url)} ${what}`
  return new ExporterError('fetch', message, { url: shown(url), ...facts }, { cause })
}

/** Without user, password and query: they may be secret. */
function shown(url: URL): string {
  return `${url.origin}${url.pathname}`
}

function reasonOf(error: Error): string {
  const { code } = error as NodeJS.ErrnoException
  return code ?? (error.message === 'cut' ? 'the answer was cut' : error.name)
}

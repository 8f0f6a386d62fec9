import { channel } from 'node:diagnostics_channel'
import { readFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import http from 'node:http'
import https from 'node:https'
import { ExporterError } from '../errors.ts'
import type { SignalSettings } from './otlp-settings.ts'

/** What the collector said to the last request of one agent; the SDK's exporters keep it to themselves. */
export interface Answer {
  status: number
  /** Milliseconds. */
  retryAfter: number | undefined
  contentType: string
  body: string
}

export interface ObservedAgent {
  agent: http.Agent | https.Agent
  /** Of the newest request; forgotten by `forget`. */
  answer(): Answer | undefined
  forget(): void
  destroy(): void
}

const mostBody = 65_536
const finished = channel('http.client.response.finish')

/**
 * @throws ExporterError('config') for a certificate or key file that cannot be read; the message
 * names the file, never its content
 */
export function observedAgent(settings: SignalSettings): ObservedAgent {
  const agent = settings.url.startsWith('https:')
    ? new https.Agent({
        keepAlive: true,
        maxSockets: 1,
        ca: file(settings.caFile),
        cert: file(settings.certFile),
        key: file(settings.keyFile),
      })
    : new http.Agent({ keepAlive: true, maxSockets: 1 })
  let answer: Answer | undefined
  const observe = (message: unknown) => {
    const { request, response } = message as {
      request: { agent?: unknown }
      response: IncomingMessage
    }
    if (request.agent !== agent) return
    const seen: Answer = {
      status: response.statusCode ?? 0,
      retryAfter: retryAfterMs(response.headers['retry-after'], Date.now()),
      contentType: response.headers['content-type'] ?? '',
      body: '',
    }
    answer = seen
    response.on('data', (chunk: Buffer) => {
      if (seen.body.length < mostBody) seen.body += chunk.toString('latin1')
    })
  }
  finished.subscribe(observe)
  return {
    agent,
    answer: () => answer,
    forget() {
      answer = undefined
    },
    destroy() {
      finished.unsubscribe(observe)
      agent.destroy()
    },
  }
}

function file(path: string | undefined): Buffer | undefined {
  if (path === undefined) return undefined
  try {
    return readFileSync(path)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable'
    throw new ExporterError('config', `${path} cannot be read (${code})`, { path, code })
  }
}

/** Seconds or an HTTP date, in milliseconds from now; at most an hour. */
export function retryAfterMs(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined
  const ms = /^\s*\d+\s*$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), 3_600_000) : undefined
}

/** Headers for authentication: one `Name: value` a line. Values are in no message. */
export function headersFrom(settings: SignalSettings): Record<string, string> {
  const { headersFile } = settings
  if (headersFile === undefined) return { ...settings.headers }
  const headers: Record<string, string> = {}
  const lines = file(headersFile)?.toString('utf8').split(/\r?\n/) ?? []
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const [, name, value] =
      /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*[:=]\s*([^\r\n\0]*?)\s*$/.exec(line) ?? []
    if (name === undefined || value === undefined) {
      throw new ExporterError('config', `${headersFile}:${index + 1} is not "Name: value"`, {
        path: headersFile,
        line: index + 1,
      })
    }
    headers[name] = value
  }
  return headers
}

/**
 * The SDK's exporters read the OTLP variables by themselves where a setting is absent; ours are
 * whole. What one of the section's keys replaced must not come in by this door.
 */
export function withoutOtlpVariables<T>(make: () => T): T {
  const hidden = Object.entries(process.env).filter(([name]) =>
    name.startsWith('OTEL_EXPORTER_OTLP_'),
  )
  for (const [name] of hidden) delete process.env[name]
  try {
    return make()
  } finally {
    for (const [name, value] of hidden) if (value !== undefined) process.env[name] = value
  }
}

import { z } from 'zod'
import { isHost, portNumber } from '../host.ts'

/** What sesictrl takes as `--host`, and the name of the machine for the metrics. */
export interface SesiHost {
  argument: string
  name: string
  port: number | undefined
}

/** `licsrv`, `licsrv:1715`, `[2001:db8::5]:1715` or `https://…`. undefined = not of that form. */
export function readAddress(text: string): SesiHost | undefined {
  if (/^https?:\/\//i.test(text)) return readUrl(text)
  const [, host = '', portText] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(text) ?? []
  const port = portText === undefined ? undefined : portNumber(portText)
  if (!isHost(host) || (portText !== undefined && port === undefined)) return undefined
  return { argument: text, name: host, port }
}

/**
 * A URL that names a path is one of several services of its host, as SideFX's own
 * `https://www.sidefx.com/license/sesinetd`: then the whole URL is the name.
 */
export function readUrl(text: string): SesiHost | undefined {
  const form = /^https?:\/\/(\[[0-9A-Fa-f:.]+\]|[^/:[\]]+)(?::([^/]*))?((?:\/[\w.~-]*)*)$/i.exec(
    text,
  )
  const [, host = '', portText, path = ''] = form ?? []
  const port = portText === undefined ? undefined : portNumber(portText)
  if (!isHost(host) || (portText !== undefined && port === undefined)) return undefined
  return { argument: text, name: path.replaceAll('/', '') === '' ? host : text, port }
}

export function sesiAddress() {
  return z
    .string()
    .max(600)
    .refine(
      text => readAddress(text) !== undefined,
      'write host, host:port or a URL without name, password and query: "licsrv:1715"',
    )
}

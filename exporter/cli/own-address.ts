import { readFile } from 'node:fs/promises'
import { isIPv6 } from 'node:net'
import { findConfig } from '../config/find.ts'
import { readToml } from '../config/toml.ts'
import { decode } from '../managers/decode.ts'

/**
 * Where an exporter with this environment's configuration is reached from its own machine; undefined
 * where no configuration says so. It is asked every few seconds, so nothing else is checked.
 */
export async function ownAddress(
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  const file = findConfig(undefined, env)
  const text = file && (await readFile(file).then(decode, () => undefined))
  if (!text) return undefined
  const result = readToml(text)
  const api = 'toml' in result ? result.toml.value.api : undefined
  return api instanceof Object ? address(api) : undefined
}

/** Pure. What the schema would refuse counts as not written. */
function address(api: { bind_address?: unknown; bind_port?: unknown; tls?: unknown }) {
  const { bind_address: bind = '127.0.0.1', bind_port: port = 8080, tls } = api
  if (typeof bind !== 'string' || !Number.isInteger(port) || port === 0) return undefined
  const host = { '0.0.0.0': '127.0.0.1', '::': '::1' }[bind] ?? bind
  return `${tls ? 'https' : 'http'}://${isIPv6(host) ? `[${host}]` : host}:${port}`
}

import type { Scope } from '../config/schema.ts'
import { type ApiKey, findKey } from './keys.ts'

/** Who asks and what he may. Without a key `name` is absent. */
export interface Identity {
  name?: string
  key?: ApiKey
  scopes: ReadonlySet<Scope>
}

export type AuthFailure =
  | 'two_keys'
  | 'key_in_query'
  | 'malformed_key'
  | 'unknown_key'
  | 'missing_key'

const open: Identity = { scopes: new Set<Scope>(['read', 'metrics']) }

/** Where people put a key by mistake: there it ends in logs and histories. */
const queryNames = /^(?:x[-_])?(?:api[-_]?key|key|access[-_]?token|token|authorization|bearer)$/i

export interface Door {
  keys: readonly ApiKey[]
  allowAnonymous: boolean
}

/**
 * The one key of a request. Headers as `headersDistinct` gives them: a second value must be seen.
 * With no key configured everyone reads (the bind is loopback, or it was allowed by name).
 */
export function identify(
  headers: NodeJS.Dict<string[]>,
  query: Readonly<Record<string, string>>,
  { keys, allowAnonymous }: Door,
): Identity | AuthFailure {
  if (keys.length === 0) return open
  if (Object.keys(query).some(name => queryNames.test(name))) return 'key_in_query'
  const authorization = headers.authorization ?? []
  const apiKey = headers['x-api-key'] ?? []
  if (authorization.length + apiKey.length > 1) return 'two_keys'
  const given = apiKey.length > 0 ? bare(apiKey[0]!) : credentials(authorization[0])
  if (given === undefined) return allowAnonymous ? open : 'missing_key'
  if (given === 'malformed_key') return given
  const key = findKey(keys, given.secret)
  if (!key || (given.name !== undefined && given.name !== key.name)) return 'unknown_key'
  return { name: key.name, key, scopes: key.scopes }
}

interface Given {
  secret: string
  /** `Basic` names the key too. */
  name?: string
}

function credentials(header: string | undefined): Given | 'malformed_key' | undefined {
  if (header === undefined) return undefined
  const [, scheme = '', rest = ''] = /^([A-Za-z]+)(?: +(.*))?$/.exec(header.trim()) ?? []
  if (/^bearer$/i.test(scheme)) return bare(rest.trim())
  if (!/^basic$/i.test(scheme) || !/^[A-Za-z0-9+/]+={0,2}$/.test(rest)) return 'malformed_key'
  const text = Buffer.from(rest, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  if (colon === -1) return 'malformed_key'
  const secret = bare(text.slice(colon + 1))
  return typeof secret === 'string' ? secret : { ...secret, name: text.slice(0, colon) }
}

function bare(secret: string): Given | 'malformed_key' {
  return /^[\x21-\x7e]{1,1024}$/.test(secret) ? { secret } : 'malformed_key'
}

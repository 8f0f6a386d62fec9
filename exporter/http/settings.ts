import type { BlockList } from 'node:net'
import type { Config } from '../config/schema.ts'
import type { ApiKey } from './keys.ts'
import { proxyList } from './proxies.ts'

/** `[api]` as requests are judged by it; a reload replaces it whole. */
export interface Settings {
  config: Config
  keys: readonly ApiKey[]
  allowAnonymous: boolean
  hosts: ReadonlySet<string>
  origins: ReadonlySet<string>
  proxies: BlockList
  rateLimit: number
  windowSeconds: number
}

export function settingsOf(config: Config, keys: readonly ApiKey[]): Settings {
  const { api } = config
  return {
    config,
    keys,
    allowAnonymous: api.allow_anonymous,
    hosts: new Set(api.allowed_hosts.map(host => host.toLowerCase())),
    origins: new Set(api.cors_origins),
    proxies: proxyList(api.trusted_proxies),
    rateLimit: api.rate_limit_requests,
    windowSeconds: api.rate_limit_window_seconds,
  }
}

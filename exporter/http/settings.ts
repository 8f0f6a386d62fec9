import type { BlockList } from 'node:net'
import type { Config } from '../config/schema.ts'
import type { Logger } from '../parts.ts'
import { type ApiKey, loadKeys } from './keys.ts'
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

export async function settingsOf(config: Config, log: Logger): Promise<Settings> {
  const { api } = config
  const keys = await loadKeys(api.keys, file =>
    log.warn('Secret file is readable by others', { file }),
  )
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

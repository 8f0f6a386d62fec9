import type { Config } from '../config/schema.ts'
import type { Logger } from '../parts.ts'
import { type ApiKey, loadKeys } from './keys.ts'
import { loadTls, type TlsMaterial } from './tls.ts'

export interface Secrets {
  keys(config: Config): Promise<ApiKey[]>
  tls(config: Config): Promise<TlsMaterial | undefined>
  /** Reads what may have changed: undefined = refused, which is told once; the last good stays. */
  again<What>(kind: 'keys' | 'tls', read: () => Promise<What>): Promise<What | undefined>
}

/** Keys and certificates on disk; each thing that is odd about one is told once. */
export function secretFiles(log: Logger, now: () => Date): Secrets {
  const readable = new Set<string>()
  const refusals = new Map<string, string>()

  function warnReadable(file: string): void {
    if (readable.has(file)) return
    readable.add(file)
    log.warn('Secret file is readable by others', { file })
  }
  return {
    keys: ({ api }) => loadKeys(api.keys, warnReadable),
    async tls({ api }) {
      if (!api.enabled || !api.tls) return undefined
      const material = await loadTls(api.tls, now())
      if (material.keyReadableByOthers) warnReadable(api.tls.key_file)
      return material
    },
    async again(kind, read) {
      try {
        const found = await read()
        refusals.delete(kind)
        return found
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error)
        if (refusals.get(kind) === reason) return undefined
        refusals.set(kind, reason)
        log.warn('A secret file was refused; the last good one stays', { reason })
        return undefined
      }
    },
  }
}

import { createHash, timingSafeEqual } from 'node:crypto'
import type { Config, Scope } from '../config/schema.ts'
import { ExporterError } from '../errors.ts'
import { readSecretFile } from './secret-file.ts'

export interface ApiKey {
  name: string
  /** sha256 of the key: the key itself is nowhere. */
  digest: Buffer
  scopes: ReadonlySet<Scope>
  rateLimit: number | undefined
}

/** Names of the files that others can read go to `readable`. */
export async function loadKeys(
  configured: Config['api']['keys'],
  readable: (file: string) => void = () => {},
): Promise<ApiKey[]> {
  const keys: ApiKey[] = []
  for (const { name, sha256, sha256_file, scopes, rate_limit_requests } of configured) {
    keys.push({
      name,
      digest: Buffer.from(sha256 ?? (await digestOf(sha256_file!, readable)), 'hex'),
      scopes: new Set(scopes),
      rateLimit: rate_limit_requests,
    })
  }
  return keys
}

async function digestOf(path: string, readable: (file: string) => void): Promise<string> {
  const { text, readableByOthers } = await readSecretFile(path)
  // Also as sha256sum prints it, with a name behind.
  const [digest] = /^[0-9a-f]{64}(?=\s|$)/i.exec(text.trim()) ?? []
  if (digest === undefined) {
    throw new ExporterError(
      'config',
      `${path} holds no sha256: write 64 hex digits, nothing else`,
      {
        file: path,
      },
    )
  }
  if (readableByOthers) readable(path)
  return digest
}

/** Compares with every key, also after a match: the time tells neither which key nor how near. */
export function findKey(keys: readonly ApiKey[], candidate: string): ApiKey | undefined {
  const digest = createHash('sha256').update(candidate).digest()
  let found: ApiKey | undefined
  for (const key of keys) {
    const equal = timingSafeEqual(key.digest, digest)
    found = equal ? key : found
  }
  return found
}

/** Same keys, same scopes, same limits. */
export function sameKeys(before: readonly ApiKey[], after: readonly ApiKey[]): boolean {
  const told = (keys: readonly ApiKey[]) =>
    keys.map(key => `${key.name} ${key.digest.toString('hex')} ${[...key.scopes]} ${key.rateLimit}`)
  return told(before).join('\n') === told(after).join('\n')
}

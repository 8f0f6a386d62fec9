import { createHmac } from 'node:crypto'
import type { NamePolicy } from './config/schema.ts'

/**
 * What becomes of the names of people and of their machines, wherever they would be shown, stored
 * or sent: dropped, a keyed hash, or as they are. undefined = not to be told (or not known).
 */
export interface Names {
  user(name: string | undefined): string | undefined
  host(name: string | undefined): string | undefined
}

export interface PrivacyPolicy {
  users: NamePolicy
  hosts: NamePolicy
  /** Needed where one of both is `hash`. */
  key?: Uint8Array | undefined
}

/** 48 bits: short enough to read, and two names of 100,000 share one in 50,000 sites. */
const hashDigits = 12
const remembered = 50_000

export function createNames({ users, hosts, key }: PrivacyPolicy): Names {
  return { user: naming('user', users, key), host: naming('host', hosts, key) }
}

type Naming = (name: string | undefined) => string | undefined

function naming(kind: 'user' | 'host', policy: NamePolicy, key: Uint8Array | undefined): Naming {
  if (policy === 'drop') return () => undefined
  if (policy === 'plain') return name => name
  // Without a key the hash of a name is found by trying names: then nothing is told.
  if (!key || key.length === 0) return () => undefined
  const known = new Map<string, string>()
  return name => {
    if (name === undefined || name === '') return undefined
    const before = known.get(name)
    if (before !== undefined) return before
    const hash = createHmac('sha256', key).update(`${kind}\n${name}`).digest('hex')
    if (known.size >= remembered) known.clear()
    known.set(name, hash.slice(0, hashDigits))
    return hash.slice(0, hashDigits)
  }
}

import type { TrustedKeys } from './types.ts'

/**
 * Written by the vendor's build: the public keys that licenses are signed with (this one and the
 * next; retired ones stay until their last license ended). `license-exporter key new` makes one.
 * Empty = no license is ever good. Never read from the environment or a file: whoever could set it
 * there could sign licenses.
 */
export const trustedKeys: TrustedKeys = { keys: [] }

/** `iss` and `aud` that a license must carry; undefined = not checked. */
export const expected: { issuer?: string; audience?: string } = {}

/** When this was built: no clock of an honest machine is earlier. */
export const builtAt: Date = new Date('2026-11-01T00:00:00Z')

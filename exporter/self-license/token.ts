import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { limits } from './constants.ts'
import type { RefusalCode } from './types.ts'

// 64 bytes of Ed25519 are 86 characters.
const form = /^[A-Za-z0-9_-]{2,}\.[A-Za-z0-9_-]{2,}\.[A-Za-z0-9_-]{86}$/

/** The token in the bytes of a file: jose alone would take blanks, padding and 100 MB. Pure. */
export function extractToken(
  bytes: Uint8Array,
): { ok: true; token: string } | { ok: false; code: RefusalCode } {
  if (bytes.length === 0) return { ok: false, code: 'empty' }
  if (bytes.length > limits.file) return { ok: false, code: 'oversized' }
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return { ok: false, code: 'not_utf8' }
  }
  const token = text.replace(/^\ufeff/, '').replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '')
  if (token === '') return { ok: false, code: 'empty' }
  if (token.length > limits.token) return { ok: false, code: 'oversized' }
  if (!form.test(token)) return { ok: false, code: 'malformed' }
  if (!token.split('.').every(isCanonical)) return { ok: false, code: 'non_canonical' }
  return { ok: true, token }
}

/** 16 spellings of the last character decode to the same bytes; one of them is right. */
function isCanonical(part: string): boolean {
  return Buffer.from(part, 'base64url').toString('base64url') === part
}

/** What logs may show of a token, or of anything else that was read in its place. */
export function fingerprint(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 12)
}

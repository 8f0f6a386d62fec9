/** Secrets as they turn up in messages: never in a log line, whoever wrote the message. */

const patterns: readonly [RegExp, string][] = [
  // A license or any other JWT.
  [/\beyJ[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]*){0,2}/g, '[token]'],
  [
    /\b((?:proxy-)?authorization["']?\s*[:=]\s*["']?)(?:(?:bearer|basic|digest|token|api-token)\s+)?[^\s"',;]+/gi,
    '$1[redacted]',
  ],
  [/\b(bearer|basic)\s+[A-Za-z0-9+/=._~-]{8,}/gi, '$1 [redacted]'],
  [
    /\b((?:x-)?api[-_]?key|password|passwd|secret|access[-_]?token)(["']?\s*[:=]\s*["']?)[^\s"',;&]+/gi,
    '$1$2[redacted]',
  ],
  // https://user:password@host
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@?#]+@/gi, '$1[redacted]@'],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, '[key]'],
]

export function redact(text: string): string {
  let clean = text
  for (const [pattern, replacement] of patterns) clean = clean.replace(pattern, replacement)
  return clean
}

/** Fields whose value is a secret whatever it looks like. */
const secretField =
  /^(authorization|cookie|set-cookie|x-api-key|api_?key|password|secret|token|key)$/i

/** Every string in it redacted; errors become their message; at most four levels deep. */
export function redactValue(value: unknown, name = '', depth = 0): unknown {
  if (secretField.test(name) && value !== undefined) return '[redacted]'
  if (typeof value === 'string') return redact(value)
  if (value instanceof Error) return redact(value.message)
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null) return value
  if (depth >= 4) return '[…]'
  if (Array.isArray(value)) return value.map(one => redactValue(one, '', depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [redact(key), redactValue(one, key, depth + 1)]),
  )
}

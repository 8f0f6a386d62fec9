/** What a client asks for, before any library has normalised it. */
export interface Target {
  /** As sent, without query. */
  path: string
  /** As sent, without `?`. */
  query: string
  /** Of an absolute URI; it replaces the header Host. */
  authority: string | undefined
}

/** The target of a request line: `/path?query`, or an absolute URI as proxies send it. */
export function parseTarget(raw: string): Target | undefined {
  const absolute = /^https?:\/\/([^/?#]*)(.*)$/i.exec(raw)
  const rest = absolute ? absolute[2]! || '/' : raw
  if (!rest.startsWith('/')) return undefined
  const mark = rest.indexOf('?')
  return {
    path: mark === -1 ? rest : rest.slice(0, mark),
    query: mark === -1 ? '' : rest.slice(mark + 1),
    authority: absolute?.[1],
  }
}

const plainPath = /^\/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*$/

/**
 * Proxies pass dot segments and encoded slashes on and do not agree about them: what one checked,
 * another could open. No route needs them.
 */
export function isCleanPath(path: string): boolean {
  if (!plainPath.test(path) || /%(?![0-9a-f]{2})/i.test(path)) return false
  if (/%2f|%5c|%00/i.test(path)) return false
  return !path.split('/').some(segment => /^(?:\.|%2e){1,2}$/i.test(segment))
}

/** `undefined` = not to be decoded, a control character, or a key given twice. */
export function parseQuery(query: string): Record<string, string> | undefined {
  const pairs: Record<string, string> = Object.create(null)
  if (query === '') return pairs
  for (const part of query.split('&')) {
    if (part === '') continue
    const [name, value = ''] = [part.split('=', 1)[0]!, part.slice(part.indexOf('=') + 1)]
    const key = decode(name)
    const text = part.includes('=') ? decode(value) : ''
    if (key === undefined || text === undefined || key in pairs) return undefined
    pairs[key] = text
  }
  return pairs
}

function decode(text: string): string | undefined {
  try {
    const decoded = decodeURIComponent(text.replaceAll('+', ' '))
    return /[\u0000-\u001f\u007f]/.test(decoded) ? undefined : decoded
  } catch {
    return undefined
  }
}

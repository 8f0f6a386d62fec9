const label = /^[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,62})$/
const bracketedIpv6 = /^\[[0-9A-Fa-f:.]{2,45}\]$/

/**
 * A host as it may stand in a vendor tool's arguments: labels of letters, digits, `_` and `-`, none
 * of which begins with `-`, or an IPv6 address in brackets without a zone. Never a path, an option
 * or anything that a shell or a tool could read as one.
 */
export function isHost(text: string): boolean {
  if (text.startsWith('[')) return bracketedIpv6.test(text) && text.includes(':')
  return text.length <= 253 && text.split('.').every(part => label.test(part))
}

/** 1–65535 without leading zero, else undefined. */
export function portNumber(text: string): number | undefined {
  if (!/^[1-9]\d{0,4}$/.test(text)) return undefined
  const port = Number(text)
  return port <= 65_535 ? port : undefined
}

import { isIP } from 'node:net'

/**
 * DNS rebinding needs a name: a page of another site whose name suddenly points to this machine
 * sends that name as Host. An IP literal or localhost cannot be rebound.
 */
export function isAllowedHost(host: string, allowed: ReadonlySet<string>): boolean {
  const [, bracketed, plain] = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::\d{1,5})?$/.exec(host) ?? []
  if (bracketed !== undefined) return isIP(bracketed) === 6
  if (plain === undefined) return false
  const name = plain.toLowerCase()
  return isIP(name) === 4 || name === 'localhost' || allowed.has(name)
}

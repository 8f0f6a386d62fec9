import { isIP } from 'node:net'

/** What is wrong with an origin of `cors_origins`; undefined = nothing. */
export function originProblem(origin: string): string | undefined {
  const mend = 'write exact origins such as "https://grafana.example.com"'
  if (origin.includes('*')) return `"${origin}" would let every page read the API; ${mend}`
  const url = URL.canParse(origin) ? new URL(origin) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) return `is no origin; ${mend}`
  if (url.origin !== origin) return `is not exact; write "${url.origin}"`
  return undefined
}

/** What is wrong with an address or network of `trusted_proxies`; undefined = nothing. */
export function proxyProblem(text: string): string | undefined {
  const [address = '', bits, ...more] = text.split('/')
  const family = isIP(address)
  const mend = 'write an IP address or a network such as "10.0.0.0/8"'
  if (family === 0 || more.length > 0) return `is no IP address; ${mend}`
  if (bits === undefined) return undefined
  if (!/^\d{1,3}$/.test(bits) || Number(bits) > (family === 4 ? 32 : 128)) {
    return `/${bits} is no length of a network; ${mend}`
  }
  if (Number(bits) === 0) return `"${text}" trusts everyone; ${mend}`
  return undefined
}

/** What is wrong with a name of `allowed_hosts`; undefined = nothing. */
export function hostProblem(host: string): string | undefined {
  if (/^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?$/i.test(host)) return undefined
  return 'is no host name; write it alone, without scheme, port or *'
}

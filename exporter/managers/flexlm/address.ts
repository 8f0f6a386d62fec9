/** One machine of `27000@lic1,27000@lic2,27000@lic3`. */
export interface Machine {
  host: string
  port?: number
}

const label = '[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?'
const hostname = new RegExp(`^${label}(?:\\.${label}){0,126}\\.?$`)
const ipv4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.|$)){4}$/
const ipv6 = /^\[[0-9A-Fa-f:.]{2,45}\]$/

/**
 * The address grammar of the configuration: one or three of `port@host` or `@host`. Strict, because
 * it becomes an argument of the vendor's tool, which would take a path or an option as well.
 * Returns a sentence that says what is wrong.
 */
export function parseAddress(address: string): Machine[] | string {
  if (address.length > 1000) return 'the address is longer than 1000 characters'
  const parts = address.split(',')
  if (parts.length !== 1 && parts.length !== 3) {
    return `${parts.length} machines: a FlexLM server is one, or a triad of three: "27000@lic1" or "27000@lic1,27000@lic2,27000@lic3"`
  }
  const machines: Machine[] = []
  for (const part of parts) {
    const machine = parseMachine(part)
    if (typeof machine === 'string') return machine
    machines.push(machine)
  }
  return machines
}

function parseMachine(text: string): Machine | string {
  const [port = '', host = '', ...more] = text.split('@')
  if (!text.includes('@') || more.length > 0) {
    return `"${text}" is not port@host: write "27000@lic1", or "@lic1" for the default ports`
  }
  if (port !== '' && !(/^[1-9]\d{0,4}$/.test(port) && Number(port) <= 65_535)) {
    return `"${port}" in "${text}" is not a port: write a number from 1 to 65535`
  }
  if (!isHost(host)) return `"${host}" in "${text}" is not a host name or IP address`
  return port === '' ? { host } : { host, port: Number(port) }
}

function isHost(host: string): boolean {
  if (host.startsWith('[')) return ipv6.test(host) && URL.canParse(`http://${host}/`)
  if (/^[\d.]+$/.test(host)) return ipv4.test(host)
  return host.length <= 253 && hostname.test(host)
}

/** The list behind "License server status:", which prints what it was given: `X@HOSTNAME`, no ports. */
export function readMachines(list: string): Machine[] {
  const machines: Machine[] = []
  for (const part of list.split(',')) {
    const text = part.trim()
    if (text === '') continue
    const at = text.indexOf('@')
    const port = Number(text.slice(0, Math.max(at, 0)))
    const host = text.slice(at + 1)
    if (host === '' || /\s/.test(host)) continue
    machines.push(Number.isInteger(port) && port > 0 ? { host, port } : { host })
  }
  return machines
}

/** `lic1` and `LIC1.example.com` are one machine; two different domains are not. */
export function sameHost(one: string, other: string): boolean {
  const a = one.toLowerCase()
  const b = other.toLowerCase()
  return a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`)
}

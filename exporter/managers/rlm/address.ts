import { z } from 'zod'
import { isHost, portNumber } from '../host.ts'

export interface RlmHost {
  host: string
  port: number
}

/** `5053@lic1`, or a failover pair: `5053@lic1,5053@lic2`. undefined = not of that form. */
export function readAddress(text: string): RlmHost[] | undefined {
  const parts = text.split(',')
  if (parts.length > 2) return undefined
  const hosts: RlmHost[] = []
  for (const part of parts) {
    const at = part.indexOf('@')
    const port = portNumber(part.slice(0, Math.max(at, 0)))
    const host = part.slice(at + 1)
    if (at < 1 || port === undefined || !isHost(host)) return undefined
    hosts.push({ host, port })
  }
  return hosts
}

export function rlmAddress() {
  return z
    .string()
    .max(600)
    .refine(
      text => readAddress(text) !== undefined,
      'write port@host, or two joined by a comma for a failover pair: "5053@lic1,5053@lic2"',
    )
}

/**
 * The name that a machine has in `address`: the metrics name members as the configuration does,
 * although servers answer with other spellings (`licserv`, `LICSERV.example.com`).
 */
export function memberName(answered: string, address: readonly RlmHost[]): string {
  const [only] = address
  if (address.length === 1 && only) return only.host
  const wanted = answered.toLowerCase()
  const short = wanted.split('.', 1)[0]
  const same =
    address.find(({ host }) => host.toLowerCase() === wanted) ??
    address.find(({ host }) => host.toLowerCase().split('.', 1)[0] === short)
  return same?.host ?? answered
}

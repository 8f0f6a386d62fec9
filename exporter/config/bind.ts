import { isIP, isIPv6 } from 'node:net'

/** 127.0.0.0/8 and ::1, also as ::ffff:127.0.0.1. Pure: names are not looked up here. */
export function isLoopback(address: string): boolean {
  const plain = address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '')
  if (isIPv6(plain)) return /^(?:0{0,4}:)*:?(?:0{0,4}:)*0{0,3}1$/.test(plain)
  return isIP(plain) === 4 && plain.startsWith('127.')
}

/** Addresses that need a look-up: everything that is no IP literal. */
export const isName = (address: string): boolean => isIP(address) === 0

export interface Bind {
  enabled: boolean
  bind_address: string
  allow_public_bind: boolean
  allow_anonymous: boolean
  keys: readonly unknown[]
}

/** What is wrong with a bind that others can reach; undefined where the configuration asks for it. */
export function publicBindProblem(api: Bind, where: string): string | undefined {
  if (!api.enabled || api.allow_public_bind) return undefined
  const mend = 'write "127.0.0.1" and put a proxy in front, or set allow_public_bind = true'
  return `${where} can be reached from other machines; ${mend}`
}

/** The same for one that is asked for, with neither keys nor the word that none are wanted. */
export function openBindProblem(api: Bind, where: string): string | undefined {
  if (!api.enabled || !api.allow_public_bind) return undefined
  if (api.keys.length > 0 || api.allow_anonymous) return undefined
  const mend = 'add [[api.keys]] (license-exporter key api NAME), or set allow_anonymous = true'
  return `${where} can be reached from other machines without a key; ${mend}`
}

import { BlockList, isIP } from 'node:net'

/** Addresses and networks whose X-Forwarded-For is believed. */
export function proxyList(addresses: readonly string[]): BlockList {
  const list = new BlockList()
  for (const address of addresses) {
    const [base = '', bits] = address.split('/')
    const family = isIP(base) === 6 ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(base, family)
    else list.addSubnet(base, Number(bits), family)
  }
  return list
}

/**
 * Who really asks: the peer, or where the peer is one of our proxies, the last address of
 * X-Forwarded-For that is none of them. What a client wrote before it is never believed.
 */
export function clientAddress(
  peer: string | undefined,
  forwarded: readonly string[] | undefined,
  proxies: BlockList,
): string {
  let client = plainAddress(peer ?? '') ?? 'unknown'
  const chain = (forwarded ?? []).join(',').split(',').reverse()
  for (const hop of chain) {
    if (!isListed(proxies, client)) return client
    const address = plainAddress(hop.trim())
    if (address === undefined) return client
    client = address
  }
  return client
}

function isListed(list: BlockList, address: string): boolean {
  const family = isIP(address)
  return family !== 0 && list.check(address, family === 6 ? 'ipv6' : 'ipv4')
}

/** `::ffff:10.0.0.1` is 10.0.0.1 on a socket of both families. */
function plainAddress(address: string): string | undefined {
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? []
  const plain = mapped ?? address
  return isIP(plain) === 0 ? undefined : plain
}

/** One household or machine has a whole /64: it is one peer for the limits. */
export function peerKey(address: string): string {
  if (isIP(address) !== 6) return address
  const [head = '', tail] = address.split('%')[0]!.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length)
  const groups = [...left, ...Array<string>(zeros).fill('0'), ...right]
  return `${groups
    .slice(0, 4)
    .map(group => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}

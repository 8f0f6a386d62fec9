import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'
import type { Config } from '../config/schema.ts'
import { ExporterError } from '../errors.ts'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/**
 * Refuses an address that other machines reach, unless the configuration asks for it. The
 * configuration file's own check cannot look names up; here a name is what it resolves to.
 * @throws ExporterError('config')
 */
export async function checkBind(
  api: Config['api'],
  mode: 'run' | 'demo',
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const { bind_address: address } = api
  if (await isLocal(address)) return
  const refuse = (why: string) =>
    new ExporterError('config', `${address} can be reached from other machines; ${why}`, {
      address,
    })
  if (mode === 'demo') throw refuse('the demo listens on this machine alone')
  if (!api.allow_public_bind && env.ALLOW_PUBLIC_BIND !== 'true') {
    throw refuse('write "127.0.0.1" and put a proxy in front, or set allow_public_bind = true')
  }
  if (api.keys.length === 0 && !api.allow_anonymous) {
    throw refuse('add [[api.keys]] (license-exporter key api NAME), or set allow_anonymous = true')
  }
}

async function isLocal(address: string): Promise<boolean> {
  if (isIP(address) !== 0) return isLoopback(address)
  const found = await lookup(address, { all: true }).catch((cause: NodeJS.ErrnoException) => {
    throw new ExporterError(
      'config',
      `the bind address ${address} cannot be found (${cause.code}): write an IP address`,
      { address },
    )
  })
  return found.every(one => isLoopback(one.address))
}

function isLoopback(address: string): boolean {
  return loopback.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}

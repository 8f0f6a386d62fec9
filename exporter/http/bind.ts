import { lookup } from 'node:dns/promises'
import { isLoopback, isName, openBindProblem, publicBindProblem } from '../config/bind.ts'
import type { Config } from '../config/schema.ts'
import { ExporterError } from '../errors.ts'

/**
 * Refuses an address that other machines reach, unless the configuration asks for it. The check of
 * the file looks no names up; here a name is what it resolves to.
 * @throws ExporterError('config')
 */
export async function checkBind(api: Config['api'], mode: 'run' | 'demo'): Promise<void> {
  const { bind_address: address } = api
  if (await isLocal(address)) return
  const demo = `${address} can be reached from other machines; the demo listens on this one alone`
  const what =
    mode === 'demo' ? demo : (publicBindProblem(api, address) ?? openBindProblem(api, address))
  if (what !== undefined) throw new ExporterError('config', what, { address })
}

async function isLocal(address: string): Promise<boolean> {
  if (!isName(address)) return isLoopback(address)
  const found = await lookup(address, { all: true }).catch((cause: NodeJS.ErrnoException) => {
    throw new ExporterError(
      'config',
      `the bind address ${address} cannot be found (${cause.code}): write an IP address`,
      { address },
    )
  })
  return found.every(one => isLoopback(one.address))
}

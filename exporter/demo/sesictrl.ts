import { parts, two, vendorDate } from './clock.ts'
import { sessions } from './simulation.ts'
import type { DemoServer } from './site.ts'

/** What `sesictrl print-license --format json` prints for this server. */
export function sesictrl(server: DemoServer, at: number, epoch: number): string {
  const licenses = server.features.map((one, index) => {
    const held = sessions(one, at)
    return {
      id: `5e51${String(index + 1).padStart(4, '0')}`,
      platform: 'Generic',
      product: one.name,
      display: one.name.replace('-', ' '),
      version: one.version,
      available: one.seats - held.length,
      total_tokens: one.seats,
      disabled: false,
      expiry: one.expires === 'permanent' ? 'permanent' : vendorDate(epoch + one.expires * 86_400),
      ip_mask: '*.*.*.*',
      servers: server.address,
      users: held.map(user => ({
        user: `${user.user}@${user.host}`,
        checkout: started(user.startedAt),
      })),
    }
  })
  return `${JSON.stringify({ licenses }, null, 2)}\n`
}

function started(at: number): string {
  const { year, month, day, hour, minute, second } = parts(at)
  return `${year}/${two(month)}/${two(day)} ${two(hour)}:${two(minute)}:${two(second)}`
}

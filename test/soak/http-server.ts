import { slowKey } from '../http/hostile.ts'
import { digest, serverState, snapshot, start } from '../http/parts.ts'

/**
 * The HTTP surface with about 5,000 series in a process of its own: what its attackers cost is not
 * counted as its own memory. On `heap` it says what it keeps; on `end` it closes.
 */
const feature = snapshot.features[0]!
const features = Array.from({ length: 40 }, (_, i) => ({ ...feature, name: `feature_${i}` }))
const names = Array.from({ length: 20 }, (_, i) => `server-${i}`)
const servers = new Map(names.map(name => [name, serverState(name, { features })]))
const rate_limit_requests = 1_000_000
const key = { name: 'slow', sha256: digest(slowKey), scopes: ['metrics'], rate_limit_requests }
const api = { rate_limit_requests, allow_anonymous: true, keys: [key] }
const running = await start({ state: { servers }, api })
process.send?.({ url: running.url })

process.on('message', async message => {
  if (message === 'heap') {
    // What the harness keeps of its own.
    running.logged.length = 0
    await new Promise(resolve => setTimeout(resolve, 500))
    globalThis.gc?.()
    process.send?.({ heap: process.memoryUsage().heapUsed })
  } else if (message === 'end') {
    await running.server.close()
    process.exit(0)
  }
})

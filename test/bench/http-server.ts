import { digest, serverState, snapshot, start } from '../http/parts.ts'

/**
 * The exporter's HTTP surface with about 5,000 series, in a process of its own. On the message
 * `busy` its 100 servers are read anew every second and its configuration is taken anew twice.
 */
const features = Array.from({ length: 4 }, (_, i) => ({
  ...snapshot.features[0]!,
  name: `feature_${i}`,
  issued: 40,
  used: i,
}))
const names = Array.from({ length: 100 }, (_, i) => `server-${i}`)
const servers = new Map(
  names.map(name => [name, serverState(name, { features, pools: [], checkouts: [] })]),
)
const key = 'bench-key-of-this-process-alone'
const options = {
  quiet: true,
  state: { servers },
  api: {
    keys: [{ name: 'b', sha256: digest(key), scopes: ['metrics'], rate_limit_requests: 1_000_000 }],
  },
}
const running = await start(options)

process.on('message', message => {
  if (message === 'busy') busy()
})
process.send?.({ url: running.url, key })

function busy(): void {
  let next = 0
  setInterval(() => {
    const name = names[next++ % names.length]!
    const server = servers.get(name)!
    const used = next % 40
    const changed = { features: features.map(one => ({ ...one, used })), pools: [], checkouts: [] }
    Object.assign(server, serverState(name, changed))
    running.exposition.invalidate(name)
  }, 10)
  setInterval(() => void running.set({}), 500)
}

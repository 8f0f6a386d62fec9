import { parseArgs } from 'node:util'
import { besiege } from '../http/hostile.ts'
import { start } from '../http/parts.ts'

/**
 * `node --expose-gc test/soak/http.ts --n 10000`: 1,000 idle and 200 slow sockets and so many
 * broken requests against one exporter, on loopback; what /health takes, what stays open, what
 * stays in memory.
 */
const { values } = parseArgs({
  options: {
    n: { type: 'string', default: '1000' },
    idle: { type: 'string', default: '1000' },
    slow: { type: 'string', default: '200' },
  },
})
const size = { idle: Number(values.idle), slow: Number(values.slow), requests: Number(values.n) }
const running = await start({ api: { rate_limit_requests: 1_000_000 } })

const heap = () => {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}
// The first round loads and compiles what stays.
await besiege(running.url, { idle: 50, slow: 20, requests: 320 })
forget()
const before = heap()
const outcome = await besiege(running.url, size)
await new Promise(resolve => setTimeout(resolve, 500))
forget()
const grown = heap() / before - 1

const { asked, failed, p99, left, seconds } = outcome
console.log(`sockets           ${size.idle} idle, ${size.slow} slow, ${size.requests} broken`)
console.log(
  `/health           ${asked} asked, ${failed} failed, p99 ${p99.toFixed(0)} ms (goal 100)`,
)
console.log(`sockets closed    all but ${left}, the last after ${seconds.toFixed(1)} s (goal 20)`)
console.log(`heap              ${(before / 1e6).toFixed(1)} MB, ${(grown * 100).toFixed(1)} % more`)
await running.server.close()
const good = failed === 0 && left === 0 && seconds <= 20 && (!globalThis.gc || grown < 0.1)
console.log(good ? '1 passed, 0 failed' : '0 passed, 1 failed')
process.exit(good ? 0 : 1)

/** What the harness itself keeps. */
function forget(): void {
  running.logged.length = 0
}

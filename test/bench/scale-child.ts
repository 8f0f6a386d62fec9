import { setTimeout } from 'node:timers/promises'
import { createFeatureMap } from '../../exporter/feature-map.ts'
import { keepHeapSmall } from '../../exporter/heap.ts'
import { createExposition } from '../../exporter/metrics/exposition.ts'
import type { ServerState } from '../../exporter/state.ts'
import { serverState } from '../server-state.ts'
import { cpuMs } from './measure.ts'
import { reading } from './reading.ts'
import { lmstat } from './text.ts'

/** So many license servers of 20 features in one process; one round of readings stands for a minute. */
await keepHeapSmall()
const count = Number(process.argv[2])
const servers = new Map<string, ServerState>()
for (let i = 0; i < count; i++) {
  const name = `license-server-${i}`
  servers.set(name, serverState({ name, intervalSeconds: 86_400 }))
}
const exposition = createExposition({
  state: () => ({ servers }),
  context: () => ({ features: createFeatureMap([]), checkouts: undefined }),
  live: () => [],
  now: () => new Date('2026-03-02T12:00:00Z'),
})

let round = 0
/** New readings of a quarter of the servers: what happens in 15 s of a minute. */
function readQuarter(quarter: number): void {
  let i = 0
  for (const state of servers.values()) {
    if (i++ % 4 !== quarter) continue
    // A text of its own for each server, so that nothing is shared that would not be.
    state.good = reading(lmstat(20, 40 + (round % 3), `vendor${i}`), state.name)
    state.reading = state.good
    exposition.invalidate(state.name)
  }
}

async function minute(scraped: boolean): Promise<void> {
  round++
  for (const quarter of [0, 1, 2, 3]) {
    readQuarter(quarter)
    if (scraped) await exposition.scrape({ acceptEncoding: 'gzip' })
  }
}

await minute(true)
const { body } = await exposition.scrape({})
const series = Number(
  /license_exporter_series (\d+)/.exec(Buffer.from(body.at(-1)!).toString())?.[1],
)
const scraped: number[] = []
const alone: number[] = []
for (let i = 0; i < 3; i++) {
  scraped.push(await cpuMs(() => minute(true)))
  alone.push(await cpuMs(() => minute(false)))
}
await exposition.scrape({ acceptEncoding: 'gzip' })
globalThis.gc?.()
// Buffers that only garbage held are let go after the collection, not in it.
await setTimeout(100)
globalThis.gc?.()
const { rss, heapUsed, external } = process.memoryUsage()
console.log(
  JSON.stringify({
    series,
    scraped: Math.min(...scraped),
    alone: Math.min(...alone),
    retained: heapUsed + external,
    rss,
    peak: process.resourceUsage().maxRSS * 1024,
  }),
)

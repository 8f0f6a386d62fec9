import { createFeatureMap } from '../../exporter/feature-map.ts'
import { flexlm } from '../../exporter/managers/flexlm/index.ts'
import { createExposition } from '../../exporter/metrics/exposition.ts'
import type { GoodReading, ServerState } from '../../exporter/state.ts'
import { serverState } from '../server-state.ts'
import { cpuMs, median } from './measure.ts'
import type { Row } from './row.ts'
import { lmstat } from './text.ts'

/** CPU of flexlm_exporter's scrape of such a text, on a machine whose floor was `floorThereMs`. */
const peerMs = 194
const floorThereMs = 0.656 / 0.226

const now = new Date('2026-03-02T12:00:00Z')
const server = flexlm.server.parse({ name: 'bench', manager: 'flexlm', read: '/bench' })

export function reading(stdout: Uint8Array, name = 'bench'): GoodReading {
  const output = { text: 'auto', stdout, stderr: '', exitCode: undefined, at: now }
  const context = { now, timeZone: 'Europe/Berlin', server }
  const snapshot = flexlm.parse([output], context)
  return { server: name, manager: 'flexlm', at: now, seconds: 0.1, snapshot }
}

/** One reading of 656 kB with 6,480 checkouts: parse, samples, text, gzip. */
export async function bench({ small }: { small: boolean }): Promise<Row[]> {
  const text = lmstat(80, 6480)
  const state: ServerState = serverState({ name: 'bench' })
  const exposition = createExposition({
    state: () => ({ servers: new Map([['bench', state]]) }),
    context: () => ({ features: createFeatureMap([]), checkouts: undefined }),
    live: () => [],
    now: () => now,
  })
  const ours: number[] = []
  const floors: number[] = []
  const runs = small ? 15 : 40
  for (let i = 0; i < runs * 2; i++) {
    const floor = await cpuMs(() => floorOf(text))
    const cpu = await cpuMs(async () => {
      state.good = reading(text)
      state.reading = state.good
      exposition.invalidate('bench')
      await exposition.scrape({ acceptEncoding: 'gzip' })
    })
    if (i < runs) continue
    ours.push(cpu)
    floors.push(floor)
  }
  const [cpu, floor] = [median(ours), median(floors)]
  const detail = `${cpu.toFixed(1)} ms CPU for ${(text.length / 1000).toFixed(0)} kB, floor ${floor.toFixed(1)} ms`
  return [
    {
      name: 'reading and its share of the scrape, of 194 ms',
      ratio: cpu / (peerMs * (floor / floorThereMs)),
      goal: 0.1,
      detail: `${detail}; the 194 ms scaled by the floor of this machine`,
    },
    {
      name: 'reading and its share of the scrape, of the floor',
      ratio: cpu / floor,
      goal: 6,
      detail,
    },
  ]
}

const checkoutLine =
  /^ {4}(\S+) (\S+) (\S+) \((v\S+)\) \(([^/]+)\/(\d+) (\d+)\), start (\S+ \S+ \S+?)(?:, (\d+) licenses?)?$/

/** The least that any parser does: split, one regular expression and one object a checkout line. */
function floorOf(bytes: Buffer): object[] {
  const found: object[] = []
  for (const line of bytes.toString('utf8').split('\n')) {
    const match = checkoutLine.exec(line)
    if (!match) continue
    const [, user, host, display, version, , , , start, seats = '1'] = match
    found.push({ user, host, display, version, start, seats: Number(seats) })
  }
  return found
}

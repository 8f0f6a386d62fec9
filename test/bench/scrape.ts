import { once } from 'node:events'
import { createServer, get, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createFeatureMap } from '../../exporter/feature-map.ts'
import { createExposition } from '../../exporter/metrics/exposition.ts'
import type { ServerState } from '../../exporter/state.ts'
import { answered, checkout, feature, now, pool, snapshot } from '../server-state.ts'
import { least, wallMs } from './measure.ts'
import type { Row } from './row.ts'

/** A scrape over loopback against a server that writes the same bytes and does nothing else. */
export async function bench({ small }: { small: boolean }): Promise<Row[]> {
  const series = small ? 20_000 : 100_000
  const servers = new Map<string, ServerState>()
  for (let i = 0; i * 249 < series; i++) servers.set(`server-${i}`, state(`server-${i}`))
  const exposition = createExposition({
    state: () => ({ servers }),
    context: () => ({ features: createFeatureMap([]), checkouts: undefined }),
    live: () => [],
    now: () => now,
  })
  const { body } = await exposition.scrape({})
  const bytes = Buffer.concat(body)
  const count = bytes.toString().match(/^license_/gm)?.length ?? 0

  const floor = await listen((_, response) => response.end(bytes))
  const ours = await listen(async (request, response) => {
    const acceptEncoding = request.headers['accept-encoding'] as string | undefined
    const scrape = await exposition.scrape({ acceptEncoding })
    for (const chunk of scrape.body) response.write(chunk)
    response.end()
  })
  const times = { floor: [], plain: [], gzip: [], changed: [] } as Record<string, number[]>
  for (let i = 0; i < (small ? 12 : 20); i++) {
    times.floor!.push(await wallMs(() => fetched(floor)))
    times.plain!.push(await wallMs(() => fetched(ours)))
    times.gzip!.push(await wallMs(() => fetched(ours, 'gzip')))
    exposition.invalidateAll()
    times.changed!.push(await wallMs(() => fetched(ours)))
    await fetched(ours, 'gzip')
  }
  floor.close()
  ours.close()
  const bare = least(times.floor!)
  const row = (name: string, key: string, goal: number): Row => ({
    name: `scrape of ${count} series, ${name}`,
    ratio: least(times[key]!) / bare,
    goal,
    detail: `${least(times[key]!).toFixed(1)} ms, the same ${(bytes.length / 1e6).toFixed(1)} MB written ${bare.toFixed(1)} ms`,
  })
  return [
    row('nothing changed', 'plain', 1.5),
    row('nothing changed, gzip', 'gzip', 0.5),
    row('every server changed', 'changed', 12),
  ]
}

/** 20 features with a pool and two checkouts each. */
function state(name: string): ServerState {
  const names = Array.from({ length: 20 }, (_, i) => `feature_${i}`)
  const common = { vendor: 'acme' }
  const answer = snapshot({
    members: [{ name: 'lic1', up: true }],
    daemons: [{ vendor: 'acme', up: true, version: 'v11.19.5' }],
    features: names.map(one => feature(one, { ...common, issued: 50, used: 2 })),
    pools: names.map((one, i) =>
      pool(String(i).padStart(8, '0'), {
        feature: one,
        seats: 50,
        permanent: false,
        expiresAt: 1.8e9,
      }),
    ),
    checkouts: names.flatMap(one => [
      checkout(one, { user: 'ann', startedAt: 1.7e9 }),
      checkout(one, { user: 'bob', startedAt: 1.7e9 }),
    ]),
  })
  return { ...answered(answer), name }
}

async function listen(answer: RequestListener): Promise<Server> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

async function fetched(server: Server, encoding = 'identity'): Promise<number> {
  const { port } = server.address() as AddressInfo
  const request = get({ port, host: '127.0.0.1', headers: { 'accept-encoding': encoding } })
  const [response] = await once(request, 'response')
  let size = 0
  for await (const chunk of response) size += chunk.length
  return size
}

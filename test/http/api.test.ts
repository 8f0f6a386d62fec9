import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ExporterError } from '../../exporter/errors.ts'
import type { ServerState } from '../../exporter/state.ts'
import { get } from './client.ts'
import { now, ownLicense, type Running, serverState, snapshot, start } from './parts.ts'

const fill = { vendor: 'adskflex', counting: 'counted' as const, reservations: [], problems: [] }

function failed(name: string, code: 'timeout' | 'tool_missing'): ServerState {
  const at = new Date(now.getTime() - 5_000)
  const error = new ExporterError(code, `canary sentence of ${code}`)
  const reading = { server: name, manager: 'flexlm', at, seconds: 1, error }
  return { ...serverState(name), reading, good: undefined }
}

/** Two hundred features, whatever their order, and servers in each state. */
function states(): ServerState[] {
  const features = Array.from({ length: 200 }, (_, i) => ({
    ...fill,
    name: `f${(i * 37) % 200}`,
    issued: 10,
    used: i % 10,
  }))
  const stale = serverState('stale')
  stale.good = { ...stale.good!, at: new Date(now.getTime() - 181_000) }
  return [
    serverState('cad'),
    serverState('big', { features, pools: [], checkouts: [] }),
    failed('slow', 'timeout'),
    failed('blind', 'tool_missing'),
    serverState('off', {
      status: { up: false, reason: 'down', message: 'canary' },
      features: [],
      daemons: [],
      pools: [],
      checkouts: [],
    }),
    stale,
    { ...serverState('new'), reading: undefined, good: undefined },
  ]
}

let running: Running
beforeAll(async () => {
  const servers = new Map(states().map(server => [server.name, server]))
  const expiresAt = new Date('2026-03-10T14:00:00Z')
  running = await start({
    state: { servers },
    api: { rate_limit_requests: 100_000 },
    ownLicense: ownLicense({ state: 'valid', customer: 'YourCompany', expiresAt }),
    config: { feature: [{ feature: 'sk*', product: 'AutoSketch' }] },
  })
})
afterAll(() => running.server.close())

const list = async (path: string) => JSON.parse((await get(running.url, path)).text)

describe('servers', () => {
  it('tell up, down and not known with a reason, and never a sentence of the vendor', async () => {
    const { data } = await list('/api/v1/servers')
    const told = data.map((one: Record<string, unknown>) => [one.server, one.up, one.reason])
    expect(told).toEqual([
      ['big', true, undefined],
      ['blind', undefined, 'tool_missing'],
      ['cad', true, undefined],
      ['new', undefined, undefined],
      ['off', false, 'down'],
      ['slow', false, 'timeout'],
      ['stale', true, undefined],
    ])
    expect(JSON.stringify(data)).not.toContain('canary')
  })

  it('can be asked for one by one', async () => {
    const { data, at } = await list('/api/v1/servers?server=cad')
    expect(data).toEqual([
      {
        server: 'cad',
        manager: 'flexlm',
        up: true,
        read: true,
        at: '2026-03-01T11:59:40.000Z',
        good_at: '2026-03-01T11:59:40.000Z',
        seconds: 0.2,
        interval_seconds: 60,
        version: '11.19',
        members: [{ member: 'lic1', up: true, master: true }],
        daemons: [{ vendor: 'adskflex', up: true, version: '11.19' }],
        features: 2,
      },
    ])
    expect(at).toBe('2026-03-01T11:59:40.000Z')
  })
})

describe('features', () => {
  it('have the documented shape; what is not known is absent', async () => {
    const { data } = await list('/api/v1/features?server=cad&feature=sketch&vendor=ADSKFLEX')
    expect(data).toEqual([
      {
        server: 'cad',
        manager: 'flexlm',
        vendor: 'adskflex',
        feature: 'sketch',
        product: 'AutoSketch',
        counting: 'counted',
        seats: { issued: 4, used: 3, checked_out: 3, reserved: 2, borrowed: 1 },
        queued: 1,
        users: 2,
        oldest_checkout: '2026-03-01T11:00:00.000Z',
        reservations: [
          { kind: 'GROUP', name: 'studio', seats: 1 },
          { kind: 'USER', seats: 1 },
        ],
        pools: [
          {
            pool: '0a1b2c3d',
            version: '1.0',
            seats: 4,
            expires_at: '2026-03-06T12:00:00.000Z',
            permanent: false,
          },
        ],
      },
    ])
  })

  it('of a reading older than three intervals are gone', async () => {
    const { data, next } = await list('/api/v1/features?server=stale')
    expect([data, next]).toEqual([[], null])
  })

  it.each([1, 7, 199, 1000])('come whole and once in pages of %d', async limit => {
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const path = `/api/v1/features?limit=${limit}${cursor ? `&cursor=${cursor}` : ''}`
      const page: { data: { server: string; feature: string }[]; next: string | null } =
        await list(path)
      expect(page.data.length).toBeLessThanOrEqual(limit)
      seen.push(...page.data.map(({ server, feature }) => `${server} ${feature}`))
      cursor = page.next
    } while (cursor !== null)
    expect(new Set(seen).size).toBe(202)
    expect(seen).toEqual([...seen].sort())
  })

  it('that stay are neither repeated nor skipped when others come and go between two pages', async () => {
    const state = running.state.servers.get('big')!
    const before = state.good!
    const first = await list('/api/v1/features?server=big&limit=100')
    const changed = before.snapshot.features.filter(({ name }) => name !== 'f0' && name !== 'f99')
    changed.unshift({ ...fill, name: 'f00' })
    state.good = { ...before, snapshot: { ...before.snapshot, features: changed } }
    const second = await list(`/api/v1/features?server=big&limit=1000&cursor=${first.next}`)
    state.good = before
    const seen = [...first.data, ...second.data].map(({ feature }: { feature: string }) => feature)
    expect(new Set(seen).size).toBe(seen.length)
    const stayed = before.snapshot.features.map(({ name }) => name)
    for (const name of stayed) if (name !== 'f99') expect(seen).toContain(name)
  })
})

describe('lists', () => {
  it('filter by server, manager, vendor and feature', async () => {
    for (const [path, count] of [
      ['/api/v1/features?manager=rlm', 0],
      ['/api/v1/features?server=big', 200],
      ['/api/v1/pools?feature=sketch', 1],
      ['/api/v1/pools?feature=nothing', 0],
      ['/api/v1/checkouts?vendor=AdskFlex', 3],
      ['/api/v1/checkouts?server=big', 0],
    ] as const) {
      expect([path, (await list(path)).data.length]).toEqual([path, count])
    }
  })

  it.each(['x', 'bm90IGpzb24', 'WzFd'])('refuse the foreign cursor %s', async cursor => {
    const { status, code } = await list(`/api/v1/features?cursor=${cursor}`)
    expect([status, code]).toEqual([404, 'unknown_cursor'])
  })

  it.each(['0', '10001', '-1', '1e3', 'x', ''])('refuse the limit %s', async limit => {
    expect((await list(`/api/v1/features?limit=${limit}`)).code).toBe('bad_query')
  })

  it('have an ETag that holds until something changes: 304', async () => {
    const { headers } = await get(running.url, '/api/v1/features')
    const again = { 'if-none-match': `"other", W/${headers.etag}` }
    const same = await get(running.url, '/api/v1/features', again)
    expect([same.status, same.text, same.headers.etag]).toEqual([304, '', headers.etag])
    const state = running.state.servers.get('cad')!
    const before = state.good!
    state.good = { ...before, snapshot: { ...snapshot, features: [] } }
    expect((await get(running.url, '/api/v1/features', again)).status).toBe(200)
    state.good = before
  })
})

it('the own license is told with its times', async () => {
  expect((await list('/api/v1/license')).data).toEqual([
    { state: 'valid', customer: 'YourCompany', expires_at: '2026-03-10T14:00:00.000Z' },
  ])
  expect((await list('/api/v1/status')).own_license.state).toBe('valid')
})

it('events come newest first, in pages, and by filter', async () => {
  for (let i = 0; i < 25; i++) {
    running.events.emit({
      event: i % 5 === 0 ? 'license_server.down' : 'license_server.up',
      msg: `number ${i}`,
      attributes: { server: i % 2 ? 'cad' : 'big' },
    })
  }
  const first = await list('/api/v1/events?limit=10')
  expect(first.data.map(({ msg }: { msg: string }) => msg)[0]).toBe('number 24')
  const second = await list(`/api/v1/events?limit=10&cursor=${first.next}`)
  expect(second.data[0].msg).toBe('number 14')
  const third = await list(`/api/v1/events?limit=10&cursor=${second.next}`)
  expect([third.data.length, third.next]).toEqual([5, null])
  expect((await list('/api/v1/events?event=license_server.down&server=big')).data).toHaveLength(3)
  expect((await list('/api/v1/events?event=nonsense')).code).toBe('bad_query')
})

it('openapi.json is 3.1, describes every route and refers to nothing that is not there', async () => {
  const text = (await get(running.url, '/api/v1/openapi.json')).text
  const document = JSON.parse(text)
  expect(document.openapi).toBe('3.1.0')
  expect(Object.keys(document.paths)).toContain('/stream/events')
  for (const [, pointer] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
    const found = pointer!.split('/').reduce((at, part) => at?.[part], document)
    expect([pointer, found]).not.toEqual([pointer, undefined])
  }
})

import { setImmediate } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Sample, sample } from '../exporter/catalogue.ts'
import { createFeatureMap } from '../exporter/feature-map.ts'
import { encode } from '../exporter/metrics/encode.ts'
import { createExposition, type ExpositionOptions } from '../exporter/metrics/exposition.ts'
import { acceptsGzip, negotiateFormat } from '../exporter/metrics/negotiate.ts'
import { type SampleContext, samples } from '../exporter/metrics/samples.ts'
import type { Exposition } from '../exporter/parts.ts'
import { createNames } from '../exporter/privacy.ts'
import type { ServerState } from '../exporter/state.ts'
import { answered, anyServerState, checkout, feature, now, snapshot } from './server-state.ts'

const context: SampleContext = { features: createFeatureMap([]), checkouts: undefined }
const prometheus =
  'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1'

/** An exposition over servers and a clock that the test moves. */
function setUp(more: Partial<ExpositionOptions> = {}) {
  const servers = new Map<string, ServerState>()
  const clock = { now }
  const contextOf = { calls: 0, context }
  const exposition = createExposition({
    state: () => ({ servers }),
    context: () => {
      contextOf.calls++
      return contextOf.context
    },
    live: () => [sample('process_open_fds', {}, 7)],
    now: () => clock.now,
    ...more,
  })
  const put = (state: ServerState) => {
    servers.set(state.name, state)
    exposition.invalidate(state.name)
  }
  return { servers, clock, contextOf, exposition, put }
}

async function scrape(exposition: Exposition, accept?: string, acceptEncoding?: string) {
  const { body, contentEncoding } = await exposition.scrape({ accept, acceptEncoding })
  const bytes = Buffer.concat(body)
  return (contentEncoding === 'gzip' ? gunzipSync(bytes) : bytes).toString()
}

const withSeats = (name: string, used: number, at = now): ServerState => ({
  ...answered(snapshot({ features: [feature('draw', { issued: 9, used })] }), {}, at),
  name,
})

describe('a scrape', () => {
  test('is what all samples encode to, whole or in parts, plain or compressed', async () => {
    const one = fc.array(anyServerState, { minLength: 1, maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(one, fc.boolean(), fc.nat(9), async (states, open, max) => {
        const names = createNames({ users: 'plain', hosts: 'plain' })
        const shown = { ...context, checkouts: { names, max } }
        const { exposition, put, servers, contextOf } = setUp()
        contextOf.context = shown
        for (const [i, state] of states.entries()) {
          put({ ...state, name: `server ${i}` })
          if (i === 0) await scrape(exposition)
        }
        const series = [...samples({ servers }, shown, now)]
        const live: Sample[] = [
          sample('license_exporter_series', {}, series.length),
          sample('process_open_fds', {}, 7),
        ]
        const format = open ? 'openmetrics' : 'text'
        const head = Buffer.concat([...encode(series, format)])
          .toString()
          .replace('# EOF\n', '')
        const want = head + Buffer.concat([...encode(live, format)]).toString()
        const accept = open ? 'application/openmetrics-text' : undefined
        expect(await scrape(exposition, accept)).toBe(want)
        expect(await scrape(exposition, accept, 'gzip')).toBe(want)
      }),
      { numRuns: 60 },
    )
  })

  test('ends in # EOF only for OpenMetrics, and only once', async () => {
    const { exposition, put } = setUp()
    put(withSeats('a', 1))
    const open = await scrape(exposition, prometheus, 'gzip')
    expect(open.match(/# EOF/g)).toHaveLength(1)
    expect(open.endsWith('# EOF\n')).toBe(true)
    expect(await scrape(exposition)).not.toContain('# EOF')
  })

  test('is one gzip member for everyone', async () => {
    const { exposition, put } = setUp()
    put(withSeats('a', 1))
    const { body, contentType } = await exposition.scrape({ acceptEncoding: 'gzip' })
    expect(contentType).toBe('text/plain; version=0.0.4; charset=utf-8')
    // A second member would begin with the same two bytes after the trailer of the first.
    const bytes = Buffer.concat(body)
    const { engine } = gunzipSync(bytes, { info: true }) as unknown as {
      engine: { bytesWritten: number }
    }
    expect(engine.bytesWritten).toBe(bytes.length)
    expect(bytes.readUInt32LE(bytes.length - 4)).toBe(gunzipSync(bytes).length)
  })
})

describe('a change', () => {
  test('shows at the next scrape, and only the changed server is made anew', async () => {
    const { exposition, put } = setUp()
    put(withSeats('a', 1))
    put(withSeats('b', 2))
    expect(await scrape(exposition)).toMatch(/seats_used{server="a".* 1\n/)
    const silently = withSeats('b', 5)
    put(withSeats('a', 3))
    const text = await scrape(exposition)
    expect(text).toMatch(/seats_used{server="a".* 3\n/)
    expect(text).toMatch(/seats_used{server="b".* 2\n/)
    put(silently)
    expect(await scrape(exposition)).toMatch(/seats_used{server="b".* 5\n/)
  })

  test('takes a removed server along', async () => {
    const { exposition, put, servers } = setUp()
    put(withSeats('a', 1))
    put(withSeats('b', 1))
    await scrape(exposition)
    servers.delete('a')
    expect(await scrape(exposition)).not.toContain('server="a"')
  })

  test('of the configuration shows on all servers', async () => {
    const { exposition, put, contextOf } = setUp()
    put(withSeats('a', 1))
    await scrape(exposition)
    contextOf.context = { ...context, features: createFeatureMap([{ feature: '*', product: 'P' }]) }
    exposition.invalidateAll()
    expect(await scrape(exposition)).toContain('product="P"')
  })

  test('during a scrape is in the scrape that begins after it', async () => {
    const { exposition, put } = setUp()
    for (let i = 0; i < 50; i++) put(withSeats(`s${i}`, 1))
    const first = scrape(exposition)
    await setImmediate()
    put(withSeats('s0', 8))
    const second = scrape(exposition)
    await first
    expect(await second).toMatch(/seats_used{server="s0".* 8\n/)
  })

  test('of the shared cap for single checkouts reaches servers that did not change', async () => {
    const names = createNames({ users: 'plain', hosts: 'plain' })
    const { exposition, put, contextOf } = setUp()
    contextOf.context = { ...context, checkouts: { names, max: 4 } }
    const holders = (name: string, count: number): ServerState => {
      const checkouts = Array.from({ length: count }, (_, i) => checkout('draw', { user: `u${i}` }))
      return { ...answered(snapshot({ checkouts })), name }
    }
    const shown = async (name: string) =>
      (await scrape(exposition)).match(RegExp(`license_checkout_seats{server="${name}"`, 'g'))
        ?.length
    put(holders('a', 4))
    expect(await shown('a')).toBe(4)
    put(holders('b', 4))
    expect(await shown('a')).toBe(2)
    expect(await shown('b')).toBe(2)
    put(holders('b', 1))
    expect(await shown('a')).toBe(3)
  })
})

test('a reading that grew too old takes its gauges with it, without any change', async () => {
  const { exposition, put, clock } = setUp()
  put(withSeats('a', 1))
  expect(await scrape(exposition)).toContain('license_feature_seats_used')
  clock.now = new Date(now.getTime() + 179_000)
  expect(await scrape(exposition)).toContain('license_feature_seats_used')
  clock.now = new Date(now.getTime() + 180_000)
  const text = await scrape(exposition)
  expect(text).not.toContain('license_feature_seats_used')
  expect(text).toContain('license_server_up{server="a",manager="flexlm"} 1')
})

test('nothing is made while nobody scrapes, and once for many who scrape at once', async () => {
  const { exposition, put, contextOf } = setUp()
  for (let i = 0; i < 100; i++) put(withSeats(`s${i}`, i))
  expect(contextOf.calls).toBe(0)
  const texts = await Promise.all(Array.from({ length: 8 }, () => scrape(exposition, '', 'gzip')))
  expect(new Set(texts).size).toBe(1)
  expect(contextOf.calls).toBe(1)
  const [a, b] = await Promise.all([1, 2].map(() => exposition.scrape({ acceptEncoding: 'gzip' })))
  expect(a!.body[1]).toBe(b!.body[1])
})

test('a scrape that cannot be made fails, and the next one succeeds', async () => {
  let broken = true
  const { exposition, put } = setUp({
    context: () => {
      if (broken) throw new Error('no context')
      return context
    },
  })
  put(withSeats('a', 1))
  await expect(scrape(exposition)).rejects.toThrow('no context')
  broken = false
  expect(await scrape(exposition)).toContain('server="a"')
})

test('a family of license servers is refused in the part that changes by the second', async () => {
  const { exposition } = setUp({
    live: () => [sample('license_server_up', { server: 'a', manager: 'flexlm' }, 1)],
  })
  await expect(scrape(exposition)).rejects.toThrow('license_server_up belongs to a license server')
})

describe('negotiation', () => {
  test.each([
    [prometheus, 'openmetrics'],
    [undefined, 'text'],
    ['*/*', 'text'],
    ['application/json', 'text'],
    ['text/plain;version=0.0.4', 'text'],
    ['application/openmetrics-text', 'openmetrics'],
    ['application/openmetrics-text;version=0.0.1', 'text'],
    ['application/openmetrics-text;version="1.0.0"; q=0.4, text/plain;q=0.5', 'text'],
    ['application/openmetrics-text;q=0,*/*', 'text'],
    ['application/openmetrics-text;q=x', 'text'],
    [
      'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;version=1.0.0;q=0.4',
      'openmetrics',
    ],
  ] as const)('Accept %s gets %s', (accept, format) => {
    expect(negotiateFormat(accept)).toBe(format)
  })

  test.each([
    ['gzip', true],
    ['gzip, deflate, br', true],
    ['GZIP;q=0.5', true],
    ['*', true],
    ['gzip;q=0', false],
    ['gzip;q=0.1, identity;q=0.9', false],
    ['identity', false],
    ['', false],
    [undefined, false],
  ] as const)('Accept-Encoding %s: gzip is %s', (encoding, gzip) => {
    expect(acceptsGzip(encoding)).toBe(gzip)
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { MetricName } from '../exporter/catalogue.ts'
import { collectErrorCodes } from '../exporter/errors.ts'
import { createFeatureMap } from '../exporter/feature-map.ts'
import { seriesLine } from '../exporter/metrics/encode.ts'
import { type SampleContext, samples, samplesOf } from '../exporter/metrics/samples.ts'
import type { Snapshot } from '../exporter/model.ts'
import { createNames } from '../exporter/privacy.ts'
import { featureKey, type ServerState } from '../exporter/state.ts'
import {
  answered,
  anyServerState,
  checkout,
  failed,
  feature,
  now,
  pool,
  serverState,
  snapshot,
} from './server-state.ts'

const plain = createNames({ users: 'plain', hosts: 'plain' })
const context: SampleContext = { features: createFeatureMap([]), checkouts: undefined }
const withCheckouts = (max: number): SampleContext => ({
  ...context,
  checkouts: { names: plain, max },
})

function lines(server: ServerState, metric: MetricName, with_: SampleContext = context): string[] {
  return [...samplesOf(server, with_, now)]
    .filter(one => one.metric === metric)
    .map(one => seriesLine(one).trimEnd())
}

/** The value of the only series of a metric; undefined = absent. */
function value(server: ServerState, metric: MetricName): number | undefined {
  const found = [...samplesOf(server, context, now)].filter(one => one.metric === metric)
  expect(found.length).toBeLessThanOrEqual(1)
  return found[0]?.value
}

const one = (more: Parameters<typeof feature>[1], rest: Partial<Snapshot> = {}) =>
  answered(snapshot({ features: [feature('draw', more)], ...rest }))

describe('every server at every moment', () => {
  test('shows no series twice, and counters from 0', () => {
    fc.assert(
      fc.property(anyServerState, fc.nat(6), (server, max) => {
        const seen = new Set<string>()
        for (const { metric, labels, value } of samplesOf(server, withCheckouts(max), now)) {
          const key = `${metric}${JSON.stringify(labels)}`
          expect(seen, key).not.toContain(key)
          seen.add(key)
          expect(Number.isFinite(value), key).toBe(true)
          if ('vendor' in labels) expect(labels.vendor).not.toBe('')
        }
        for (const reason of collectErrorCodes) {
          const labels = { server: 'cad', manager: server.manager, reason }
          expect(seen).toContain(`license_exporter_collect_errors_total${JSON.stringify(labels)}`)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('keeps its counters and drops its gauges when its reading is too old', () => {
    fc.assert(
      fc.property(anyServerState, server => {
        const later = new Date(now.getTime() + 4_000_000)
        const old = [...samplesOf(server, context, later)].map(({ metric }) => metric)
        expect(old.filter(name => /^license_(feature|pool).*(?<!_total)$/.test(name))).toEqual([])
        const before = [...samplesOf(server, context, now)]
        for (const { metric } of before.filter(({ metric }) => metric === 'license_server_up')) {
          expect(old).toContain(metric)
        }
        if (!server.hasLogs) return
        for (const { feature: name, vendor } of server.tally.features.values()) {
          const shown = [...samplesOf(server, context, later)].some(
            ({ metric, labels }) =>
              metric === 'license_feature_checkouts_total' &&
              featureKey(labels.vendor, labels.feature) === featureKey(vendor || 'unknown', name),
          )
          expect(shown).toBe(true)
        }
      }),
    )
  })
})

describe('up, success and problem', () => {
  const down = (reason: 'down' | 'connect' | 'quorum') =>
    answered(snapshot({ status: { up: false, reason, message: 'no' } }))
  test.each([
    ['answered and serves', answered(snapshot()), 1, 1, undefined],
    ['answered that it is down', down('down'), 0, 1, 'down'],
    ['refused the connection', down('connect'), 0, 1, 'connect'],
    ['quorum lost', down('quorum'), 0, 1, 'quorum'],
    ['our timeout killed the tool', failed('timeout'), 0, 0, 'timeout'],
    ['get gives no 200', failed('fetch'), undefined, 0, 'fetch'],
    ['tool missing', failed('tool_missing'), undefined, 0, 'tool_missing'],
    ['text unreadable', failed('unreadable'), undefined, 0, 'unreadable'],
    ['input stale', failed('stale_input'), undefined, 0, 'stale_input'],
    ['output over the limit', failed('output_limit'), undefined, 0, 'output_limit'],
    ['exit code unknown', failed('exit_code'), undefined, 0, 'exit_code'],
    ['not read yet', serverState(), undefined, undefined, undefined],
  ])('%s', (_, server, up, success, reason) => {
    expect(value(server, 'license_server_up')).toBe(up)
    expect(value(server, 'license_exporter_collect_success')).toBe(success)
    expect(lines(server, 'license_server_problem')).toEqual(
      reason ? [`license_server_problem{server="cad",manager="flexlm",reason="${reason}"} 1`] : [],
    )
  })
})

describe('machines and vendor daemons', () => {
  const daemons = [{ vendor: 'acme', up: true }]

  test('a vendor daemon has no state while the license server is down', () => {
    const status = { up: false, reason: 'down', message: 'no' } as const
    expect(value(answered(snapshot({ daemons })), 'license_server_vendor_daemon_up')).toBe(1)
    expect(
      value(answered(snapshot({ status, daemons })), 'license_server_vendor_daemon_up'),
    ).toBeUndefined()
    expect(
      value(failed('timeout', answered(snapshot({ daemons }))), 'license_server_vendor_daemon_up'),
    ).toBeUndefined()
    expect(
      value(failed('fetch', answered(snapshot({ daemons }))), 'license_server_vendor_daemon_up'),
    ).toBe(1)
  })

  test('a machine named by the address is a member while the answer lists none', () => {
    const status = { up: false, reason: 'connect', message: 'no' } as const
    const triad = { members: ['a', 'b', 'c'] }
    expect(lines(answered(snapshot({ status }), triad), 'license_server_member_up')).toEqual(
      ['a', 'b', 'c'].map(
        name => `license_server_member_up{server="cad",manager="flexlm",member="${name}"} 0`,
      ),
    )
    expect(lines(answered(snapshot(), triad), 'license_server_member_up')).toEqual([])
    expect(value(answered(snapshot()), 'license_server_member_up')).toBe(1)
  })

  test('a quorum is known of three machines only', () => {
    const members = (...ups: boolean[]) =>
      answered(snapshot({ members: ups.map((up, i) => ({ name: `m${i}`, up })) }))
    expect(value(members(true, true, false), 'license_server_quorum')).toBe(1)
    expect(value(members(true, false, false), 'license_server_quorum')).toBe(0)
    expect(value(members(true, true), 'license_server_quorum')).toBeUndefined()
    expect(value(members(true), 'license_server_quorum')).toBeUndefined()
    const status = { up: false, reason: 'quorum', message: 'no' } as const
    const triad = { members: ['a', 'b', 'c'] }
    expect(value(answered(snapshot({ status }), triad), 'license_server_quorum')).toBe(0)
    expect(value(answered(snapshot(), triad), 'license_server_quorum')).toBe(1)
  })

  test('daemon names are one vendor whatever their case', () => {
    const server = answered(
      snapshot({
        daemons: [{ vendor: 'adskflex', up: true }],
        features: [feature('a', { vendor: 'ADSKFLEX' })],
      }),
    )
    expect(lines(server, 'license_feature_info')[0]).toContain('vendor="adskflex"')
  })
})

describe('seats', () => {
  test('an uncounted feature uses what its lines hold and has no issued seats', () => {
    const checkouts = [checkout('draw', { seats: 2 }), checkout('draw', { state: 'queued' })]
    const server = one({ counting: 'uncounted', issued: 2147483646 }, { checkouts })
    expect(value(server, 'license_feature_seats_issued')).toBeUndefined()
    expect(value(server, 'license_feature_seats_used')).toBe(2)
    expect(lines(server, 'license_feature_info')[0]).toContain('counting="uncounted"')
  })

  test('issued 0 is 0', () => {
    expect(value(one({ issued: 0, used: 0 }), 'license_feature_seats_issued')).toBe(0)
  })

  test('checked out is not known where some are used and no lines are shown', () => {
    expect(value(one({ used: 3 }), 'license_feature_seats_checked_out')).toBeUndefined()
    expect(value(one({ used: 3 }), 'license_feature_seats_reserved')).toBeUndefined()
    expect(value(one({ used: 0 }), 'license_feature_seats_checked_out')).toBe(0)
    expect(value(one({}), 'license_feature_seats_checked_out')).toBeUndefined()
  })

  test('idle reservations are lines too', () => {
    const reservations = [{ kind: 'GROUP', name: 'g', seats: 169 }]
    const server = one({ used: 169, reservations })
    expect(value(server, 'license_feature_seats_checked_out')).toBe(0)
    expect(value(server, 'license_feature_seats_reserved')).toBe(169)
  })

  test('borrowed seats are part of those checked out, queued requests are not', () => {
    const server = one(
      { used: 5 },
      {
        checkouts: [
          checkout('draw', { seats: 2, state: 'borrowed', user: 'ann', startedAt: 100 }),
          checkout('draw', { seats: 3, user: 'bob', startedAt: 50 }),
          checkout('draw', { seats: 1, user: 'ann' }),
          checkout('draw', { seats: 7, state: 'queued', user: 'cy' }),
        ],
      },
    )
    expect(value(server, 'license_feature_seats_checked_out')).toBe(6)
    expect(value(server, 'license_feature_seats_borrowed')).toBe(2)
    expect(value(server, 'license_feature_queued_requests')).toBe(1)
    expect(value(server, 'license_feature_users')).toBe(2)
    expect(value(server, 'license_feature_oldest_checkout_timestamp_seconds')).toBe(50)
  })

  test('only a manager that lists reservations says that none is idle', () => {
    const answer = snapshot({ features: [feature('draw', { used: 0 })] })
    const reserved = 'license_feature_seats_reserved'
    expect(value(answered(answer, { manager: 'flexlm' }), reserved)).toBe(0)
    expect(value(answered(answer, { manager: 'sesinetd' }), reserved)).toBeUndefined()
    const configured = snapshot({ features: [feature('draw', { used: 1, reserved: 4 })] })
    expect(value(answered(configured, { manager: 'rlm' }), reserved)).toBe(4)
  })

  test('repeated headings are summed', () => {
    const features = [feature('draw', { issued: 2, used: 1 }), feature('draw', { issued: 3 })]
    const server = answered(snapshot({ features }))
    expect(value(server, 'license_feature_seats_issued')).toBe(5)
    expect(value(server, 'license_feature_seats_used')).toBe(1)
  })
})

describe('products and costs', () => {
  const features = createFeatureMap([
    { feature: 'dr*', product: 'Draw', seat_cost_per_year: { amount: 1800, currency: 'EUR' } },
    { feature: '*', product: 'Other' },
  ])
  const info = (server: ServerState, with_: SampleContext) =>
    /product="([^"]*)"/.exec(lines(server, 'license_feature_info', with_)[0] ?? '')?.[1]

  test('the product is the configured one, else the displayed one, else the feature', () => {
    expect(info(one({ display: 'Drawing' }), { ...context, features })).toBe('Draw')
    expect(info(one({ display: 'Drawing' }), context)).toBe('Drawing')
    expect(info(one({}), context)).toBe('draw')
  })

  test('a cost has its currency', () => {
    expect(
      lines(one({}), 'license_feature_seat_cost_per_year', { ...context, features })[0],
    ).toMatch(/feature="draw",currency="EUR"} 1800$/)
  })
})

describe('pools', () => {
  test('equal lines are summed and never merged with others', () => {
    const pools = [pool('1', { seats: 2 }), pool('1', { seats: 3 }), pool('2', { seats: 4 })]
    expect(lines(answered(snapshot({ pools })), 'license_pool_seats')).toEqual([
      expect.stringMatching(/pool="1"} 5$/),
      expect.stringMatching(/pool="2"} 4$/),
    ])
  })

  test('what the server tells wins over what a file says', () => {
    const file = pool('2', { source: 'file', seats: 9, expiresAt: 1000, permanent: false })
    const both = answered(snapshot({ pools: [pool('1', { seats: 2 }), file] }))
    expect(lines(both, 'license_pool_info')).toHaveLength(1)
    const alone = answered(snapshot({ pools: [file] }))
    expect(value(alone, 'license_pool_seats')).toBeUndefined()
    expect(value(alone, 'license_pool_expiry_timestamp_seconds')).toBe(1000)
  })
})

describe('counters', () => {
  test('a feature of a server with logs starts at 0 refusals for want of seats', () => {
    const server = answered(snapshot({ features: [feature('draw')] }), { hasLogs: true })
    expect(lines(server, 'license_feature_denials_total')).toEqual([
      expect.stringMatching(/reason="no_seats"} 0$/),
    ])
    expect(value(server, 'license_feature_checkouts_total')).toBe(0)
  })

  test('without logs the vendor totals stand for checkouts, and refusals are not known', () => {
    const server = one({ checkouts: 42 })
    expect(value(server, 'license_feature_checkouts_total')).toBe(42)
    expect(lines(server, 'license_feature_denials_total')).toEqual([])
    expect(
      value(answered(server.good!.snapshot, { hasLogs: true }), 'license_feature_checkouts_total'),
    ).toBe(0)
  })

  test("the vendor's own total of refusals stands apart", () => {
    const server = answered(snapshot({ daemons: [{ vendor: 'acme', up: true, denials: 7 }] }))
    expect(lines(server, 'license_server_denials_total')).toEqual([
      'license_server_denials_total{server="cad",manager="flexlm",vendor="acme",source="statistics"} 7',
    ])
  })
})

describe('single checkouts', () => {
  const answer = snapshot({
    checkouts: [
      checkout('draw', { user: 'ann', host: 'pc1', startedAt: 300 }),
      checkout('draw', { user: 'ann', host: 'pc1', startedAt: 200, seats: 2 }),
      checkout('draw', { user: 'bob', host: 'pc2', startedAt: 100 }),
      checkout('draw', { user: 'cy', host: 'pc3' }),
    ],
  })

  test('are off by default', () => {
    expect(lines(answered(answer), 'license_checkout_seats')).toEqual([])
  })

  test('share one series a label set, with the oldest start and the sum of seats', () => {
    const server = answered(answer)
    expect(lines(server, 'license_checkout_start_timestamp_seconds', withCheckouts(9))).toEqual([
      expect.stringMatching(/user="bob",host="pc2"} 100$/),
      expect.stringMatching(/user="ann",host="pc1"} 200$/),
    ])
    expect(lines(server, 'license_checkout_seats', withCheckouts(9))[1]).toMatch(/"pc1"} 3$/)
  })

  test('are cut at the cap, oldest first, and the cut is counted', () => {
    const server = answered(answer)
    expect(lines(server, 'license_checkout_seats', withCheckouts(1))).toEqual([
      expect.stringContaining('user="bob"'),
    ])
    expect(lines(server, 'license_exporter_checkouts_truncated', withCheckouts(1))[0]).toMatch(
      / 3$/,
    )
  })

  test('share one cap over all servers', () => {
    const servers = new Map(['a', 'b', 'c'].map(name => [name, { ...answered(answer), name }]))
    servers.set('d', { ...answered(snapshot({ checkouts: [checkout('draw')] })), name: 'd' })
    const count = (max: number) =>
      [...samples({ servers }, withCheckouts(max), now)].filter(
        ({ metric }) => metric === 'license_checkout_seats',
      ).length
    expect(count(4)).toBe(4)
    expect(count(9)).toBe(9)
    expect(count(100)).toBe(10)
  })

  test('name nobody whom the policy hides', () => {
    const names = createNames({ users: 'drop', hosts: 'hash', key: Buffer.from('key') })
    const shown = lines(answered(answer), 'license_checkout_seats', {
      ...context,
      checkouts: { names, max: 9 },
    })
    expect(shown.join('\n')).not.toMatch(/ann|bob|cy|pc/)
    expect(shown[0]).toMatch(/user="",host="[0-9a-f]{12}"/)
  })
})

import { describe, expect, test } from 'vitest'
import { ExporterError } from '../../exporter/errors.ts'
import { createAnnouncer } from '../../exporter/events/announcer.ts'
import type { ServerFacts } from '../../exporter/events/step.ts'
import type { Feature, Pool, Snapshot } from '../../exporter/model.ts'
import type { Reading } from '../../exporter/state.ts'

const server: ServerFacts = { name: 'cad', manager: 'flexlm', members: ['lic1'], usedByPool: false }
const start = Date.UTC(2026, 0, 5, 12)
const day = 86_400

function feature(over: Partial<Feature> = {}): Feature {
  return {
    vendor: 'adskflex',
    name: 'ACAD',
    counting: 'counted',
    issued: 10,
    used: 0,
    reservations: [],
    problems: [],
    ...over,
  }
}

function pool(id: string, days: number, over: Partial<Pool> = {}): Pool {
  return {
    id,
    vendor: 'adskflex',
    feature: 'ACAD',
    version: '1.0',
    seats: 10,
    permanent: false,
    expiresAt: start / 1000 + days * day,
    source: 'served',
    ...over,
  }
}

function snapshot(over: Partial<Snapshot> = {}): Snapshot {
  return {
    status: { up: true },
    members: [{ name: 'lic1', up: true, master: true }],
    daemons: [{ vendor: 'adskflex', up: true }],
    features: [feature()],
    pools: [],
    checkouts: [],
    unparsed: [],
    ...over,
  }
}

function down(reason: 'down' | 'connect' | 'quorum' = 'connect'): Snapshot {
  return snapshot({ status: { up: false, reason, message: '' }, members: [], features: [] })
}

/** Readings a minute apart; what each announces. */
function announced(
  readings: (Snapshot | ExporterError)[],
  { facts = server, saved = {}, minutes = 1 } = {} as {
    facts?: ServerFacts
    saved?: Parameters<typeof createAnnouncer>[0]
    minutes?: number
  },
) {
  const announcer = createAnnouncer(saved)
  const told = readings.map((one, index) => {
    const at = new Date(start + index * minutes * 60_000)
    const base = { server: 'cad', manager: 'flexlm', at, seconds: 0.1 }
    const reading: Reading =
      one instanceof ExporterError ? { ...base, error: one } : { ...base, snapshot: one }
    return announcer.reading(facts, reading, at).map(({ draft }) => draft)
  })
  return Object.assign(told, { saved: announcer.announced() })
}

const names = (told: readonly { event: string }[][]) =>
  told.map(one => one.map(({ event }) => event))
const timeout = new ExporterError('timeout', 'too late')
const missing = new ExporterError('tool_missing', 'no lmutil')

describe('the license server', () => {
  test('a server that is up at first is the baseline', () => {
    expect(names(announced([snapshot(), snapshot()]))).toEqual([[], []])
  })

  test('a server that is down at first is announced, once', () => {
    expect(names(announced([down(), down(), snapshot(), snapshot()]))).toEqual([
      ['license_server.down'],
      [],
      ['license_server.up'],
      [],
    ])
  })

  test('the reason of the end of an outage is the reason it began with', () => {
    const [, , up] = announced([snapshot(), down('quorum'), snapshot()])
    expect(up?.[0]).toMatchObject({
      attributes: { server: 'cad', manager: 'flexlm', reason: 'quorum' },
    })
  })

  test('a timeout is a failed reading and a server that is down', () => {
    expect(names(announced([snapshot(), timeout, snapshot()]))).toEqual([
      [],
      ['exporter.collect_failed', 'license_server.down'],
      ['exporter.collect_recovered', 'license_server.up'],
    ])
  })

  test('a missing tool says nothing of the server', () => {
    expect(names(announced([snapshot(), missing, missing, snapshot()]))).toEqual([
      [],
      ['exporter.collect_failed'],
      [],
      ['exporter.collect_recovered'],
    ])
  })

  test('an outage that was announced before a restart is not announced again', () => {
    const { saved } = announced([snapshot(), down()])
    expect(
      names(announced([down(), snapshot()], { saved: JSON.parse(JSON.stringify(saved)) })),
    ).toEqual([[], ['license_server.up']])
  })

  test('an assumed status is neither up nor down', () => {
    const list = snapshot({ status: { up: true, assumed: true } })
    expect(names(announced([down(), list]))).toEqual([['license_server.down'], []])
  })
})

describe('vendor daemons and machines', () => {
  test('a daemon is announced down and up, compared without case', () => {
    const gone = snapshot({ daemons: [{ vendor: 'ADSKFLEX', up: false }] })
    expect(names(announced([snapshot(), gone, gone, snapshot()]))).toEqual([
      [],
      ['license_server.vendor_daemon_down'],
      [],
      ['license_server.vendor_daemon_up'],
    ])
  })

  test('a triad announces its machines, its quorum and its master', () => {
    const facts = { ...server, members: ['a', 'b', 'c'] }
    const triad = (up: [boolean, boolean, boolean], master: number) =>
      snapshot({
        status:
          up.filter(Boolean).length >= 2
            ? { up: true }
            : { up: false, reason: 'quorum', message: '' },
        members: ['a', 'b', 'c'].map((name, index) => ({
          name,
          up: up[index] ?? false,
          ...(index === master && { master: true }),
        })),
      })
    const told = announced(
      [
        triad([true, true, true], 0),
        triad([false, true, true], 1),
        triad([false, false, true], -1),
        triad([true, true, true], 1),
      ],
      { facts },
    )
    expect(names(told)).toEqual([
      [],
      ['license_server.member_down', 'license_server.master_changed'],
      ['license_server.down', 'license_server.quorum_lost', 'license_server.member_down'],
      [
        'license_server.up',
        'license_server.quorum_restored',
        'license_server.member_up',
        'license_server.member_up',
      ],
    ])
  })

  test('the only machine of a server is no news of its own', () => {
    const away = { ...down(), members: [{ name: 'lic1', up: false }] }
    expect(names(announced([snapshot(), away]))).toEqual([[], ['license_server.down']])
  })
})

describe('exhaustion', () => {
  const out = (seats: number, over: Partial<Feature> = {}) =>
    snapshot({
      features: [feature({ used: seats, ...over })],
      checkouts: Array.from({ length: seats }, () => ({
        vendor: 'adskflex',
        feature: 'ACAD',
        seats: 1,
        state: 'active' as const,
      })),
    })

  test('a full feature is announced at the second reading in a row', () => {
    const told = announced([out(9), out(10), out(10), out(10)])
    expect(names(told)).toEqual([[], [], ['license_feature.exhausted'], []])
    expect(told[2]?.[0]).toMatchObject({
      attributes: {
        server: 'cad',
        vendor: 'adskflex',
        feature: 'ACAD',
        seats_issued: 10,
        seats_used: 10,
      },
    })
  })

  test('one full reading between two others is nothing', () => {
    expect(names(announced([out(9), out(10), out(9), out(10), out(9)])).flat()).toEqual([])
  })

  test('a feature is available after five minutes below, not before', () => {
    const told = announced([out(1), out(10), out(10), ...Array.from({ length: 7 }, () => out(9))])
    expect(names(told).map(one => one.length)).toEqual([0, 0, 1, 0, 0, 0, 0, 0, 1, 0])
    expect(told[8]?.[0]?.event).toBe('license_feature.available')
  })

  test('a full reading starts the five minutes anew', () => {
    const told = announced([
      out(1),
      out(10),
      out(10),
      out(9),
      out(9),
      out(9),
      out(10),
      out(9),
      out(9),
      out(9),
      out(9),
    ])
    expect(names(told).flat()).toEqual(['license_feature.exhausted'])
  })

  test('a feature that is full at first is the baseline', () => {
    expect(names(announced([out(10), out(10), out(10)])).flat()).toEqual([])
  })

  test('a feature of one seat is never exhausted', () => {
    expect(
      names(
        announced([out(0, { issued: 1 }), out(1, { issued: 1 }), out(1, { issued: 1 })]),
      ).flat(),
    ).toEqual([])
  })

  test('idle reservations leave fewer seats', () => {
    const reserved = { used: 10, reservations: [{ kind: 'GROUP', name: 'g', seats: 2 }] }
    expect(names(announced([out(7, reserved), out(8, reserved), out(8, reserved)])).flat()).toEqual(
      ['license_feature.exhausted'],
    )
  })

  test('without checkout lines reservations are part of what is in use', () => {
    const lines = (used: number) =>
      snapshot({
        features: [feature({ used, reservations: [{ kind: 'GROUP', name: 'g', seats: 4 }] })],
      })
    expect(names(announced([lines(6), lines(8), lines(8)])).flat()).toEqual([])
    expect(names(announced([lines(6), lines(10), lines(10)])).flat()).toEqual([
      'license_feature.exhausted',
    ])
  })

  test('a queue is no use', () => {
    const queued = snapshot({
      features: [feature({ used: 5 })],
      checkouts: [
        { vendor: 'adskflex', feature: 'ACAD', seats: 5, state: 'active' },
        { vendor: 'adskflex', feature: 'ACAD', seats: 5, state: 'queued' },
      ],
    })
    expect(names(announced([queued, queued, queued])).flat()).toEqual([])
  })

  test('where use is told by pool every unexpired pool has to be full', () => {
    const facts = { ...server, usedByPool: true }
    const pools = (a: number, b: number, expired = 0) =>
      snapshot({
        pools: [
          pool('a', 400, { seats: 5, used: a }),
          pool('b', 400, { seats: 5, used: b }),
          pool('c', -1, { seats: 5, used: expired }),
        ],
      })
    expect(names(announced([pools(1, 1), pools(5, 4), pools(5, 4)], { facts })).flat()).toEqual([
      'license_pool.baseline',
    ])
    expect(names(announced([pools(1, 1), pools(5, 5), pools(5, 5)], { facts })).flat()).toEqual([
      'license_pool.baseline',
      'license_feature.exhausted',
    ])
  })

  test('a reading whose daemon is down says nothing of its features', () => {
    const dead = (seats: number) => ({
      ...out(seats),
      daemons: [{ vendor: 'adskflex', up: false }],
    })
    expect(names(announced([out(1), dead(10), dead(10), dead(0)]))).toEqual([
      [],
      ['license_server.vendor_daemon_down'],
      [],
      [],
    ])
  })
})

describe('seats', () => {
  test('fewer seats are a warning, more are information', () => {
    const seats = (issued: number) => snapshot({ features: [feature({ issued })] })
    const told = announced([seats(10), seats(8), seats(8), seats(12), seats(0)]).flat()
    expect(told.map(({ level, attributes }) => [level, attributes])).toMatchObject([
      ['WARN', { before: 10, after: 8 }],
      ['INFO', { before: 8, after: 12 }],
      ['WARN', { before: 12, after: 0 }],
    ])
  })

  test('seats that are not told are no change', () => {
    const { issued: _, ...untold } = feature()
    expect(
      names(announced([snapshot(), snapshot({ features: [untold] }), snapshot()])).flat(),
    ).toEqual([])
  })
})

describe('pools', () => {
  test('the first reading tells all pools in one event', () => {
    const told = announced([
      snapshot({
        pools: [pool('a', 400), pool('b', 50), pool('c', 20), pool('d', 3), pool('e', -1)],
      }),
    ])
    expect(told[0]).toMatchObject([
      {
        event: 'license_pool.baseline',
        attributes: { pools: 5, expired: 1, expiring_60d: 1, expiring_30d: 1, expiring_7d: 1 },
      },
    ])
  })

  test('each threshold is announced once, at the day it is passed', () => {
    const one = snapshot({ pools: [pool('a', 61)] })
    const told = announced(
      Array.from({ length: 63 }, () => one),
      { minutes: 1440 },
    )
    const events = names(told).flatMap((events, index) => events.map(event => [index, event]))
    expect(events).toEqual([
      [0, 'license_pool.baseline'],
      [2, 'license_pool.expiring_60d'],
      [32, 'license_pool.expiring_30d'],
      [55, 'license_pool.expiring_7d'],
      [61, 'license_pool.expired'],
    ])
  })

  test('a license loaded with five days left announces the most urgent threshold only', () => {
    const told = announced([
      snapshot({ pools: [pool('a', 400)] }),
      snapshot({ pools: [pool('a', 400), pool('b', 5)] }),
    ])
    expect(names(told)[1]).toEqual(['license_pool.expiring_7d'])
  })

  test('thresholds survive a restart', () => {
    const near = snapshot({ pools: [pool('a', 20)] })
    const { saved } = announced([snapshot({ pools: [pool('a', 400)] }), near])
    expect(names(announced([near], { saved }))).toEqual([[]])
  })

  test('a permanent pool never expires', () => {
    const { expiresAt: _, ...forever } = pool('a', 0)
    const told = announced([snapshot({ pools: [{ ...forever, permanent: true }] })])
    expect(told[0]?.[0]).toMatchObject({ attributes: { pools: 1, expired: 0 } })
  })

  test('the baseline carries every pool that is near its end', () => {
    const announcer = createAnnouncer()
    const at = new Date(start)
    const reading = {
      server: 'cad',
      manager: 'flexlm',
      at,
      seconds: 1,
      snapshot: snapshot({ pools: [pool('a', 400), pool('d', 3)] }),
    }
    const [baseline] = announcer.reading(server, reading, at)
    expect(Object.keys(baseline?.subjects ?? {})).toEqual(['pools\nadskflex', 'pool\nd'])
  })
})

describe('ids', () => {
  test('the same transition after a crash has the same id', () => {
    const once = createAnnouncer()
    const at = new Date(start)
    const first = { server: 'cad', manager: 'flexlm', at, seconds: 1, snapshot: snapshot() }
    once.reading(server, first, at)
    const saved = JSON.parse(JSON.stringify(once.announced()))
    const later = { ...first, snapshot: down() }
    const [a] = once.reading(server, later, at)
    const [b] = createAnnouncer(saved).reading(server, later, new Date(start + 60_000))
    expect(a?.id).toMatch(/^[0-9a-f]{32}$/)
    expect(b?.id).toBe(a?.id)
  })

  test('the next outage has another id', () => {
    const announcer = createAnnouncer()
    const ids = [snapshot(), down(), snapshot(), down()].flatMap((one, index) => {
      const at = new Date(start + index * 60_000)
      return announcer
        .reading(server, { server: 'cad', manager: 'flexlm', at, seconds: 1, snapshot: one }, at)
        .map(({ id }) => id)
    })
    expect(new Set(ids).size).toBe(3)
  })
})

describe('the own license', () => {
  const expiring = (event: 'license.expiring_30d' | 'license.expiring_7d', expires_at = 'A') => ({
    event,
    msg: 'License expiring',
    attributes: { days_remaining: 5, expires_at, customer: 'YourCompany' },
  })
  const entered = {
    event: 'license.grace_mode_entered',
    msg: 'Grace',
    attributes: { grace_period_seconds: 86_400, reason: 'expired' },
  } as const
  const now = new Date(start)

  test('what was announced before a restart stays silent', () => {
    const before = createAnnouncer()
    expect(before.own(expiring('license.expiring_30d'), now)).toBeDefined()
    const after = createAnnouncer(JSON.parse(JSON.stringify(before.announced())))
    expect(after.own(expiring('license.expiring_30d'), now)).toBeUndefined()
    expect(after.own(expiring('license.expiring_7d'), now)).toBeDefined()
    expect(after.own(expiring('license.expiring_30d'), now)).toBeUndefined()
    expect(after.own(expiring('license.expiring_30d', 'B'), now)).toBeDefined()
  })

  test('grace is entered once and left once, also across a restart', () => {
    const before = createAnnouncer()
    expect(before.own(entered, now)).toBeDefined()
    const after = createAnnouncer(before.announced())
    expect(after.own(entered, now)).toBeUndefined()
    expect(after.ownIsGood(now)?.draft.event).toBe('license.grace_mode_exited')
    expect(after.ownIsGood(now)).toBeUndefined()
    expect(after.own(entered, now)).toBeDefined()
  })

  test('a clock that jumps is news every time', () => {
    const announcer = createAnnouncer()
    const jump = {
      event: 'license.time_drift_detected',
      msg: 'Clock jumped',
      attributes: { drift_seconds: 9 },
    } as const
    const ids = [announcer.own(jump, now)?.id, announcer.own(jump, now)?.id]
    expect(new Set(ids).size).toBe(2)
    expect(ids).not.toContain(undefined)
  })
})
